import type {
  Dataset,
  SessionStore,
} from "../../pipeline/store/session_store.ts";
import { batchOf, type Row } from "../_batches.ts";
import { request } from "../_requests.ts";
import { HOSTILE, random } from "./seed.ts";

/** Requests of each pair. */
export const EACH = 24;

/**
 * Ten beacons that post every minute, twenty readers with waits of their own,
 * some of whom post, too; four pairs that nobody has labelled, one with a
 * hostile name. All numbers are the same in every test.
 */
export function labelledRequests(): Row[] {
  const next = random(7), rows: Row[] = [];
  for (let p = 0; p < 34; p++) {
    const beacon = p < 10 || p === 31, label = p < 10 ? "1" : "0";
    const host = p === 33 ? HOSTILE : `h${p}.example`;
    let ts = 1.7e9 + p;
    for (let k = 0; k < EACH; k++) {
      ts += beacon ? 60 + 4 * next() : 5 + 300 * next();
      rows.push(
        request(rows.length, `10.0.0.${p}`, host, p < 30 ? label : null, {
          ts,
          uri: "/" + "x".repeat(beacon ? 12 : Math.floor(40 * next())),
          method: beacon ? "POST" : p % 3 === 0 && k % 2 === 0 ? "POST" : "GET",
          request_body_len: beacon ? 200 : Math.floor(400 * next()),
          response_body_len: Math.floor(2000 * next()),
          user_agent: beacon ? "agent" : "Mozilla/5.0 (reader)",
        }),
      );
    }
  }
  return rows;
}

/** A dataset of requests. */
export async function seedRequests(
  store: SessionStore,
  name = "lab",
  rows: readonly Row[] = labelledRequests(),
): Promise<Dataset> {
  const dataset = await store.openDataset(name);
  const writer = await store.beginImport(dataset);
  await writer.add(batchOf("http", rows));
  await writer.addFile({
    modifiedAt: null,
    content: null,
    continues: null,
    path: "logs/http.log.gz",
    hash: name,
    size: 4096,
    reports: [],
    otherRecords: {},
    notes: [],
  });
  await writer.finish();
  return dataset;
}
