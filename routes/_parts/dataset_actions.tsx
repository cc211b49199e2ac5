import { plural } from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { DatasetSummary } from "../../pipeline/mod.ts";
import { heldBy } from "../_datasets.ts";

interface Props {
  readonly dataset: DatasetSummary;
  readonly url: URL;
  /** Into which it could be merged. */
  readonly others: readonly DatasetSummary[];
  /** What keeping less would remove; null where nobody has asked. */
  readonly plan: string | null;
}

/** What can be done with a dataset: plain forms, each behind its name. */
export function DatasetActions({ dataset, others, url, plan }: Props) {
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
        <a class="button" href="/settings#copy">Copy to another store…</a>
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
  { api, url, plan, dataset }: Omit<Props, "others"> & { api: string },
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
