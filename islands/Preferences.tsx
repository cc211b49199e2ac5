import { useEffect, useState } from "preact/hooks";
import { keep, LONGEST_AUTHOR } from "./_preferences.ts";

interface Props {
  readonly keys: boolean;
  /** The zone that was chosen; null as the server was started. */
  readonly zone: string | null;
  readonly author: string;
}

/** What this browser wants; see _preferences.ts. */
export default function Preferences({ keys, zone, author }: Props) {
  return (
    <div class="fields">
      <label for="keys">Single keys</label>
      <span>
        <input
          type="checkbox"
          id="keys"
          defaultChecked={keys}
          onChange={(event) =>
            keep("keys", event.currentTarget.checked ? "on" : "off")}
        />{" "}
        do something, as <kbd>t</kbd> for light or dark
      </span>
      <ZoneChoice zone={zone} />
      <label for="author">Your name</label>
      <input
        id="author"
        defaultValue={author}
        maxLength={LONGEST_AUTHOR}
        autocomplete="name"
        placeholder="stands beside your answers"
        onChange={(event) => keep("author", event.currentTarget.value.trim())}
      />
    </div>
  );
}

/** All zones are listed once the page is alive; what was chosen at once. */
function ZoneChoice({ zone }: { zone: string | null }) {
  const [own, setOwn] = useState("");
  const [zones, setZones] = useState<readonly string[]>([]);
  useEffect(() => {
    setOwn(Intl.DateTimeFormat().resolvedOptions().timeZone);
    setZones(Intl.supportedValuesOf("timeZone"));
  }, []);
  const choose = (name: string) => {
    keep("zone", name);
    // Every time on the page is another one now.
    location.reload();
  };
  return (
    <>
      <label for="zone">Times in</label>
      <select id="zone" onChange={(event) => choose(event.currentTarget.value)}>
        <option value="" selected={zone === null}>
          the zone the server was started with
        </option>
        <option value="UTC" selected={zone === "UTC"}>UTC</option>
        {own === "" || own === "UTC"
          ? null
          : <option value={own}>{`${own}, as this browser`}</option>}
        {zone === null || zone === "UTC"
          ? null
          : <option value={zone} selected>{zone}</option>}
        <optgroup label="All zones">
          {zones.map((name) => <option key={name} value={name}>{name}</option>)}
        </optgroup>
      </select>
    </>
  );
}
