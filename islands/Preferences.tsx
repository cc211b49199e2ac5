import { useState } from "preact/hooks";

const YEAR = 31_536_000;

/** What this browser wants; cookies, so that the server's pages know it. */
export default function Preferences(props: { readonly keys: boolean }) {
  const [keys, setKeys] = useState(props.keys);
  const keep = (on: boolean) => {
    setKeys(on);
    document.cookie = `skerry-keys=${
      on ? "on" : "off"
    }; Path=/; SameSite=Strict; Max-Age=${YEAR}`;
  };
  return (
    <>
      <label>
        <input
          type="checkbox"
          id="keys"
          checked={keys}
          onChange={(event) => keep(event.currentTarget.checked)}
        />
        single keys do something, as <kbd>t</kbd> for light or dark
      </label>
      <p class="note">Times are in UTC on every page.</p>
    </>
  );
}
