import { MISSING, time, zoneName } from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { StoredRecord } from "../../pipeline/mod.ts";

/** Shown first and in this order; the others follow as they come. */
const FIRST = [
  "ts",
  "uid",
  "id.orig_h",
  "id.orig_p",
  "id.resp_h",
  "id.resp_p",
];

/** Records of one log type, fields under Zeek's names. */
export function RecordTable(
  { dataset, logType, records }: {
    /** Where uids lead to their sessions. */
    dataset?: string;
    logType: string;
    records: readonly StoredRecord[];
  },
) {
  const columns = columnsOf(records);
  const isPlaced = records.some(({ file }) => file !== undefined);
  return (
    <div
      class="scroll"
      tabIndex={0}
      role="region"
      aria-label={`Records of ${visible(logType)}`}
    >
      <table class="raw">
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" class={isNumeric(records, name)}>
                {name === "ts" ? `ts (${zoneName()})` : visible(name)}
              </th>
            ))}
            {isPlaced ? <th scope="col">file:line</th> : null}
          </tr>
        </thead>
        <tbody>
          {records.map((record, i) => (
            <tr key={i}>
              {columns.map((name) => (
                <td key={name} class={isNumeric(records, name)}>
                  <Field
                    dataset={dataset}
                    name={name}
                    value={record.fields[name]}
                  />
                </td>
              ))}
              {isPlaced ? <td>{placeText(record)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where a record stands; of a path its end, which tells files apart. */
function placeText({ file, line }: StoredRecord): string {
  if (file === undefined) return MISSING;
  const path = visible(file);
  const shown = path.length > LONG ? `…${path.slice(-LONG)}` : path;
  return line === undefined ? shown : `${shown}:${line}`;
}

function columnsOf(records: readonly StoredRecord[]): string[] {
  const names = new Set(records.flatMap((r) => Object.keys(r.fields)));
  names.delete("record");
  const first = FIRST.filter((name) => names.has(name));
  return [...first, ...[...names].filter((name) => !FIRST.includes(name))];
}

/** Numbers stand to the right; times do not. */
function isNumeric(
  records: readonly StoredRecord[],
  name: string,
): "num" | undefined {
  const numbers = name !== "ts" &&
    records.every((r) =>
      r.fields[name] === undefined || typeof r.fields[name] === "number"
    );
  return numbers ? "num" : undefined;
}

const LONG = 80;

function Field(
  { dataset, name, value }: {
    dataset?: string;
    name: string;
    value?: string | number;
  },
) {
  if (value === undefined) return <span class="u">{MISSING}</span>;
  if (dataset !== undefined && ["uid", "fuid"].includes(name)) {
    const query = new URLSearchParams({ dataset });
    return (
      <a href={`/sessions/${encodeURIComponent(value)}?${query}`}>
        {cut(visible(String(value)), LONG)}
      </a>
    );
  }
  if (name === "ts" && typeof value === "number") {
    return <>{time(value, "µs")}</>;
  }
  return <>{cut(visible(String(value)), LONG)}</>;
}

/** Log type → its records; conn first. */
export function byLogType(
  records: readonly StoredRecord[],
): Map<string, StoredRecord[]> {
  const out = new Map<string, StoredRecord[]>();
  for (const type of ["conn", ...records.map((r) => r.logType)]) {
    if (!out.has(type)) out.set(type, []);
  }
  for (const record of records) out.get(record.logType)!.push(record);
  if (out.get("conn")!.length === 0) out.delete("conn");
  return out;
}
