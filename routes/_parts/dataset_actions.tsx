import { plural } from "../../islands/_format.ts";
import { PasswordField, ServerFields } from "../../islands/_server_fields.tsx";
import { cut, visible } from "../../islands/_visible.ts";
import type { DatasetSummary } from "../../pipeline/mod.ts";
import { heldBy } from "../_datasets.ts";

interface Props {
  readonly dataset: DatasetSummary;
  readonly url: URL;
  /** Into which it could be merged. */
  readonly others: readonly DatasetSummary[];
  /** The store that it is in. */
  readonly location: string;
  /** The file that the server was started with; null where it was none. */
  readonly home: string | null;
  /** What keeping less would remove; null where nobody has asked. */
  readonly plan: string | null;
}

/** What can be done with a dataset: plain forms, each behind its name. */
export function DatasetActions(
  { dataset, others, url, plan, location, home }: Props,
) {
  const api = `/api/datasets/${dataset.id}`;
  return (
    <section class="panel" aria-labelledby="actions">
      <header>
        <h2 id="actions">This dataset</h2>
      </header>
      <div class="acts">
        <form action="/api/hunts" method="post">
          <input type="hidden" name="dataset" value={dataset.name} />
          <button class="primary" type="submit">Hunt again</button>
        </form>
        <details class="act">
          <summary>Rename…</summary>
          <form class="fields" action={`${api}/rename`} method="post">
            <label for="rename">New name</label>
            <div class="with">
              <input id="rename" name="name" value={dataset.name} required />
              <button type="submit">Rename</button>
            </div>
          </form>
        </details>
        {others.length === 0
          ? null
          : <Merge api={api} dataset={dataset} others={others} />}
        <details class="act">
          <summary>Export…</summary>
          <Export api={api} dataset={dataset} />
        </details>
        <details class="act">
          <summary>Copy to another store…</summary>
          <Copy api={api} dataset={dataset} location={location} home={home} />
        </details>
        <details class="act" open={plan !== null}>
          <summary>Keep less…</summary>
          <Retention api={api} url={url} plan={plan} dataset={dataset} />
        </details>
        <details class="act">
          <summary>Delete…</summary>
          <form class="fields" action={`${api}/delete`} method="post">
            <label class="whole">
              <input type="checkbox" name="sure" value="1" required />
              Yes, delete {visible(dataset.name)} with its {heldBy(dataset)}
            </label>
            <p class="hint">
              Verdicts and notes stay with the findings that they are about; the
              log files themselves are not touched.
            </p>
            <div class="whole">
              <button type="submit">Delete</button>
            </div>
          </form>
        </details>
      </div>
    </section>
  );
}

function Merge(
  { api, dataset, others }: Pick<Props, "dataset" | "others"> & { api: string },
) {
  return (
    <details class="act">
      <summary>Merge…</summary>
      <form class="fields" action={`${api}/merge`} method="post">
        <label for="into">Into</label>
        <select id="into" name="into">
          {others.map(({ id, name }) => (
            <option key={id} value={name}>{cut(visible(name), 80)}</option>
          ))}
        </select>
        <label class="whole">
          <input type="checkbox" name="sure" value="1" required />
          Yes, move {heldBy(dataset)} there and remove this dataset
        </label>
        <p class="hint">
          Records of files that the other one holds already are dropped.
        </p>
        <div class="whole">
          <button type="submit">Merge</button>
        </div>
      </form>
    </details>
  );
}

/** Into a server's store, or back into the file of the start. */
function Copy(
  { api, dataset, location, home }:
    & Pick<Props, "dataset" | "location" | "home">
    & { api: string },
) {
  const password = /^(mysql|mariadb):/i.test(location)
    ? (
      <PasswordField
        id="copy-source"
        name="fromPassword"
        label="Password of this store"
      />
    )
    : null;
  const as = (id: string) => (
    <>
      <label for={id}>Called there</label>
      <input id={id} name="as" value={dataset.name} required />
    </>
  );
  return (
    <div>
      <form
        class="fields"
        action={`${api}/copy`}
        method="post"
        autocomplete="off"
      >
        <ServerFields prefix="copy" />
        {password}
        {as("copy-as")}
        <p class="hint">
          Records, labels, runs, findings and what was said of them, beside what
          is there. Counts and checksums are compared; a copy that is cancelled
          is removed. Safelist and models are of a store:{" "}
          <a href="/settings#copy">all of it can be copied</a>.
        </p>
        <div class="whole">
          <button type="submit">Copy to the server</button>
        </div>
      </form>
      {home === null || home === location ? null : (
        <form
          class="fields"
          action={`${api}/copy`}
          method="post"
          autocomplete="off"
        >
          <input type="hidden" name="home" value="1" />
          {password === null ? null : (
            <PasswordField
              id="home-source"
              name="fromPassword"
              label="Password of this store"
            />
          )}
          {as("home-as")}
          <p class="hint">
            Into the file that Skerry was started with:{" "}
            <span class="mono">{visible(home)}</span>
          </p>
          <div class="whole">
            <button type="submit">Copy to the file</button>
          </div>
        </form>
      )}
    </div>
  );
}

/** One file per log, read by Zeek's other users as well. */
function Export({ api, dataset }: { api: string; dataset: DatasetSummary }) {
  const logs = Object.entries(dataset.records);
  return (
    <div>
      <p class="row">
        {logs.length === 0 ? "It holds no log." : logs.map(([log, n]) => (
          <a
            key={log}
            class="button"
            href={`${api}/export?${new URLSearchParams({ log })}`}
            download
          >
            {visible(log)}.log, {plural(n, "record")}
          </a>
        ))}
      </p>
      <p class="hint">
        Zeek's JSON, an object per line: importing the files gives the same
        records.
      </p>
    </div>
  );
}

/** First what would go, then the button that removes it. */
function Retention(
  { api, url, plan, dataset }: Pick<Props, "dataset" | "url" | "plan"> & {
    api: string;
  },
) {
  const given = (name: string) => url.searchParams.get(name)?.trim() ?? "";
  const olderThan = given("olderThan"), maxSize = given("maxSize");
  return (
    <div>
      <form class="fields" action={`/datasets/${dataset.id}#actions`}>
        <label for="older">Older than</label>
        <input
          id="older"
          name="olderThan"
          value={olderThan}
          placeholder="30d"
        />
        <label for="size">Store at most</label>
        <input id="size" name="maxSize" value={maxSize} placeholder="20 GB" />
        <p class="hint">
          Whole imports are removed, oldest first, and not read again. Age
          counts back from the newest record.
        </p>
        <div class="whole">
          <button type="submit">Show what would go</button>
        </div>
      </form>
      {plan === null
        ? null
        : (
          <form class="row" action={`${api}/prune`} method="post">
            <input type="hidden" name="olderThan" value={olderThan} />
            <input type="hidden" name="maxSize" value={maxSize} />
            <p role="status">{plan}</p>
            <button type="submit">Remove</button>
          </form>
        )}
    </div>
  );
}
