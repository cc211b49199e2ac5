import { MISSING, plural, time, zoneName } from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import { SAFELIST_KINDS, type SafelistEntry } from "../../pipeline/mod.ts";
import type { Effect } from "../_safelist.ts";

interface Props {
  readonly entries: readonly SafelistEntry[];
  readonly url: URL;
  /** What the entry in the address would hide; null where there is none. */
  readonly effect: Effect | null;
}

/** What somebody has decided not to see; an entry is looked at, then added. */
export function SafelistPanel({ entries, url, effect }: Props) {
  const given = (name: string) => url.searchParams.get(name) ?? "";
  return (
    <section class="panel pad0" aria-labelledby="safelist">
      <header>
        <h2 id="safelist">Safelist</h2>
        <span class="small soft">
          {plural(entries.length, "entry", "entries")} · as{" "}
          <a href="/api/safelist?format=csv">CSV</a>,{" "}
          <a href="/api/safelist">JSON</a>
        </span>
      </header>
      {entries.length === 0 ? null : <Entries entries={entries} />}
      <form class="search inset" action="/settings#safelist">
        <label>
          Kind
          <select name="kind">
            {Object.keys(SAFELIST_KINDS).map((kind) => (
              <option key={kind} value={kind} selected={kind === given("kind")}>
                {kind}
              </option>
            ))}
          </select>
        </label>
        <label class="grow">
          Value
          <input
            name="value"
            class="mono"
            value={given("value")}
            placeholder="192.0.2.7, *.example.org, 10.0.0.5 -> 192.0.2.7"
            required
          />
        </label>
        <label class="grow">
          Reason
          <input name="reason" value={given("reason")} />
        </label>
        <label>
          By
          <input name="author" value={given("author")} />
        </label>
        <label class="short">
          For
          <input name="expires" value={given("expires")} placeholder="90d" />
        </label>
        <button type="submit">Show what it hides</button>
        <button
          class="primary"
          type="submit"
          formMethod="post"
          formAction="/api/safelist/add"
        >
          Add
        </button>
      </form>
      <form
        class="search inset"
        action="/api/safelist/import"
        method="post"
        encType="multipart/form-data"
      >
        <label class="grow">
          From a file, CSV or JSON as above
          <input
            type="file"
            name="file"
            accept=".csv,.json,text/csv,application/json"
            required
          />
        </label>
        <button type="submit">Import</button>
      </form>
      {effect === null ? null : (
        <div class="inset">
          <p class="good" role="status">{visible(effect.text)}</p>
          {effect.warning === null
            ? null
            : <p class="wrong">{visible(effect.warning)}</p>}
        </div>
      )}
    </section>
  );
}

function Entries({ entries }: { entries: readonly SafelistEntry[] }) {
  const now = Date.now() / 1000;
  return (
    <div
      class="scroll"
      tabIndex={0}
      role="region"
      aria-label="Entries of the safelist"
    >
      <table class="blocks">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Value</th>
            <th scope="col">Reason</th>
            <th scope="col">By</th>
            <th scope="col">Until ({zoneName()})</th>
            <th scope="col">
              <span class="sr">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>{entry.kind}</td>
              <td class="mono wrap">{cut(visible(entry.value), 160)}</td>
              <td class="wrap">{cut(visible(entry.reason), 240)}</td>
              <td>{cut(visible(entry.author), 60) || MISSING}</td>
              <td class="nowrap">
                {entry.expiresAt === null ? "for good" : time(entry.expiresAt)}
                {entry.expiresAt !== null && entry.expiresAt < now
                  ? " (over)"
                  : ""}
              </td>
              <td>
                <form
                  action={`/api/safelist/${entry.id}/remove`}
                  method="post"
                >
                  <button type="submit">
                    Remove<span class="sr">{visible(entry.value)}</span>
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
