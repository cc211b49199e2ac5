import {
  bytes,
  duration,
  number,
  plural,
  time,
  zoneName,
} from "../../islands/_format.ts";
import JobLine from "../../islands/JobLine.tsx";
import { cut, visible } from "../../islands/_visible.ts";
import type {
  DatasetSummary,
  RunOptions,
  StoredRecord,
} from "../../pipeline/mod.ts";
import { chosenDataset } from "../_chosen.ts";
import { HttpError, type PageProps, type RouteContext } from "../_page.ts";
import { HostLink } from "../_parts/pair_table.tsx";
import { byLogType, RecordTable } from "../_parts/records.tsx";
import { textOf, whatOf } from "../_parts/session_rows.tsx";
import { isFoundByPair, recordsOfUid } from "../_session_query.ts";
import { type Soon, soon } from "../_soon.ts";

export const title = "Session";
export const styles = ["data"];

interface Data {
  readonly dataset: DatasetSummary;
  readonly uid: string;
  readonly found: Soon<StoredRecord[]>;
}

export const handler = {
  async GET(context: RouteContext): Promise<{ data: Data }> {
    const { store, url, params: { uid } } = context;
    const dataset = await chosenDataset(store, url);
    if (!dataset) {
      throw new HttpError(404, "Cannot show a session: no logs yet");
    }
    const src = url.searchParams.get("src") ?? "";
    const dst = url.searchParams.get("dst") ?? "";
    const ask = (options: RunOptions) =>
      recordsOfUid(store, dataset, uid, { ...options, src, dst });
    const found: Soon<StoredRecord[]> = isFoundByPair(dataset, src)
      ? { value: await ask({}) }
      : await soon(context, dataset, { key: `uid ${uid}`, title: uid, ask });
    if (found.value?.length === 0) {
      throw new HttpError(
        404,
        `Cannot find session ${visible(uid).slice(0, 80)} in ${
          visible(dataset.name)
        }`,
        "Uids are compared whole; another dataset may have it.",
      );
    }
    return { data: { dataset, uid, found } };
  },
};

export default function Session({ data, url }: PageProps<Data>) {
  const { dataset, uid, found } = data;
  const query = new URLSearchParams({ dataset: dataset.name });
  return (
    <>
      <nav class="crumb" aria-label="Trail">
        <a href={`/sessions?${query}`}>Sessions</a>
        {found.job ? null : (
          <span class="end">
            <a href={`/api/sessions/${encodeURIComponent(uid)}${url.search}`}>
              JSON
            </a>
            <a
              href={`/api/sessions/${encodeURIComponent(uid)}${
                url.search || "?"
              }&format=csv`}
            >
              CSV
            </a>
          </span>
        )}
      </nav>
      <div class="head">
        <h1 class="mono">{cut(visible(uid), 80)}</h1>
        <span class="soft">{visible(dataset.name)}</span>
      </div>
      {found.job
        ? <JobLine job={found.job} then={url.pathname + url.search} />
        : <Records dataset={dataset.name} records={found.value} />}
    </>
  );
}

function Records(
  { dataset, records }: { dataset: string; records: readonly StoredRecord[] },
) {
  const logs = byLogType(records);
  return (
    <>
      <Facts dataset={dataset} records={records} />
      {[...logs].map(([logType, some]) => (
        <section key={logType} class="panel pad0" aria-label={visible(logType)}>
          <header>
            <h2>{visible(logType)}</h2>
            <span class="small soft">{plural(some.length, "record")}</span>
          </header>
          <RecordTable dataset={dataset} logType={logType} records={some} />
        </section>
      ))}
    </>
  );
}

/** Who, to whom, when, how much: of conn where that is there. */
function Facts(
  { dataset, records }: { dataset: string; records: readonly StoredRecord[] },
) {
  const main = records.find(({ logType }) => logType === "conn") ?? records[0];
  const { fields } = main;
  const amount = (name: string) =>
    typeof fields[name] === "number" ? fields[name] : NaN;
  const src = textOf(fields, "id.orig_h"), dst = textOf(fields, "id.resp_h");
  const pair = new URLSearchParams({ dataset, src, dst });
  return (
    <dl class="facts">
      <div>
        <dt>Time ({zoneName()})</dt>
        <dd class="range">{time(amount("ts"), "µs")}</dd>
      </div>
      <div class="two">
        <dt>Source → destination</dt>
        <dd class="mono">
          <HostLink dataset={dataset} address={src} /> →{" "}
          <HostLink dataset={dataset} address={dst} />
          {fields["id.resp_p"] === undefined ? "" : `:${fields["id.resp_p"]}`}
          <small>
            <a href={`/sessions?${pair}`}>All sessions of the two</a>
          </small>
        </dd>
      </div>
      <div>
        <dt>What</dt>
        <dd class="range">
          {cut(visible(whatOf(main.logType, fields)), 120)}
        </dd>
      </div>
      <div>
        <dt>Duration</dt>
        <dd>{duration(amount("duration"))}</dd>
      </div>
      <div>
        <dt>Sent, received</dt>
        <dd class="range">
          {bytes(amount("orig_bytes"))}, {bytes(amount("resp_bytes"))}
        </dd>
      </div>
      <div>
        <dt>Records</dt>
        <dd>
          {number(records.length)}{" "}
          <small>
            {[...byLogType(records).keys()].map(visible).join(", ")}
          </small>
        </dd>
      </div>
    </dl>
  );
}
