import { bytes } from "../../islands/_format.ts";
import { PasswordField, ServerFields } from "../../islands/_server_fields.tsx";
import { visible } from "../../islands/_visible.ts";
import StoreForm from "../../islands/StoreForm.tsx";
import { Panel } from "./panel.tsx";

interface Props {
  readonly location: string;
  /** Bytes. */
  readonly size: number;
  /** Whether this server can go on with another store. */
  readonly able: boolean;
}

/** The store that is used, and another one to go on with. */
export function StorePanel({ location, size, able }: Props) {
  return (
    <Panel
      id="store"
      title="Store"
      note={`${bytes(size)} now`}
      wide={false}
    >
      <p>
        In use: <span class="mono">{visible(location)}</span>
      </p>
      <StoreForm able={able} />
    </Panel>
  );
}

/** All of it, to a server. */
export function CopyPanel({ location }: { location: string }) {
  const onServer = /^(mysql|mariadb):/i.test(location);
  return (
    <Panel id="copy" title="Copy to another store" wide={false}>
      <form
        class="fields"
        action="/api/store/copy"
        method="post"
        autocomplete="off"
      >
        <ServerFields prefix="copy" />
        {onServer
          ? (
            <PasswordField
              id="copy-source"
              name="fromPassword"
              label="Password of this store"
            />
          )
          : null}
        <p class="hint">
          Everything of every dataset; the other store must be empty. Counts and
          checksums are compared.
        </p>
        <div class="whole">
          <button type="submit">Copy</button>
        </div>
      </form>
    </Panel>
  );
}
