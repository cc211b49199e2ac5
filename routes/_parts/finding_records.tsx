import { number, plural } from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import type {
  RankedFinding,
  RunSummary,
  StoredRecord,
} from "../../pipeline/mod.ts";
import { byLogType, RecordTable } from "./records.tsx";

/** Whose records the page lists; the file has all. */
const UIDS_SHOWN = 24;

/** Seconds, of the connections among the records, ascending. */
export function durationsOf(records: readonly StoredRecord[]): Float64Array {
  return Float64Array.from(
    records.filter(({ logType }) => logType === "conn"),
    ({ fields }) => typeof fields.duration === "number" ? fields.duration : NaN,
  ).filter((value) => !Number.isNaN(value)).sort();
}

function recordsHref(f: RankedFinding, run: RunSummary): string {
  const own = new URLSearchParams({
    dataset: run.dataset,
    run: String(run.id),
  });
  return `/api/findings/${f.id}/records?${own}`;
}

export function Records(
  { finding: f, records, run }: {
    finding: RankedFinding;
    run: RunSummary;
    records: readonly StoredRecord[];
  },
) {
  const shown = new Set(f.uids.slice(0, UIDS_SHOWN));
  const listed = records.filter(({ fields }) => shown.has(String(fields.uid)));
  return (
    <section class="panel pad0 w12 records">
      <header>
        <h2>Records</h2>
        <span class="small soft">
          those of the first {number(Math.min(f.uids.length, UIDS_SHOWN))} of
          {" "}
          {plural(f.uidCount, "uid")} ·{" "}
          <a href={recordsHref(f, run)} download>CSV of all, all logs</a>
        </span>
      </header>
      {listed.length === 0
        ? (
          <p class="note inset">
            The store holds no record with these uids: they were not kept, or
            the dataset was cleared.
          </p>
        )
        : [...byLogType(listed)].map(([logType, rows]) => (
          <>
            <h3 class="inset">
              {visible(logType)}{" "}
              <span class="soft small">{plural(rows.length, "record")}</span>
            </h3>
            <RecordTable logType={logType} records={rows} />
          </>
        ))}
    </section>
  );
}
