import { RandomState } from "../pipeline/models/mod.ts";
import { Records } from "../pipeline/records.ts";
import { batchOf, type Row } from "./_batches.ts";

/** A request of a pair; `label` in the column `beacon` unless it is unset. */
export function request(
  i: number,
  src: string,
  host: string,
  label: string | null,
  more: Row = {},
): Row {
  return {
    ts: 1.7e9 + 60 * i,
    uid: `C${i}`,
    "id.orig_h": src,
    "id.orig_p": 4000,
    "id.resp_h": "192.0.2.1",
    "id.resp_p": 80,
    method: label === "1" ? "POST" : "GET",
    host,
    uri: "/",
    status_code: 200,
    ...(label === null ? {} : { beacon: label }),
    ...more,
  };
}

export function recordsOf(...tables: readonly (readonly Row[])[]): Records {
  const records = new Records();
  for (const rows of tables) records.add(batchOf("http", rows));
  return records;
}

/** `beacons` and `readers` pairs with `each` requests, in a seeded order. */
export function labelledPairs(
  beacons: number,
  readers: number,
  each: number,
): Row[] {
  const rows: Row[] = [];
  for (let p = 0; p < beacons + readers; p++) {
    for (let k = 0; k < each; k++) {
      rows.push(
        request(
          rows.length,
          `10.0.0.${p}`,
          `h${p}.example`,
          p < beacons ? "1" : "0",
        ),
      );
    }
  }
  const order = new RandomState(8).choose(rows.length, rows.length);
  return Array.from(order, (i) => rows[i]);
}
