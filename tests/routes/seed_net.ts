import type {
  Dataset,
  SessionStore,
} from "../../pipeline/store/session_store.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { batchOf, connRow, type Row } from "../_batches.ts";
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
export function seedRequests(store: SessionStore): Promise<Dataset> {
  return seedBatch(store, "lab", batchOf("http", labelledRequests()));
}

/** A dataset of connections: five beacons, ten others. */
export function seedConnections(store: SessionStore): Promise<Dataset> {
  const next = random(9), rows: Row[] = [];
  for (let p = 0; p < 15; p++) {
    const label = p < 5 ? "Malicious" : "Benign";
    for (let k = 0; k < EACH; k++) {
      const ts = 1.7e9 + (p < 5 ? 60 * k : 3600 * next());
      rows.push(connRow(ts, `10.1.0.${p}`, `192.0.2.${p}`, {
        label,
        orig_bytes: p < 5 ? 100 : Math.floor(5000 * next()),
        duration: p < 5 ? 0.1 : 100 * next(),
      }));
    }
  }
  return seedBatch(store, "conns", batchOf("conn", rows));
}

/** The same requests without a uid. */
export function seedNameless(store: SessionStore): Promise<Dataset> {
  const rows = labelledRequests().map(({ uid: _, ...row }) => row);
  return seedBatch(store, "nameless", batchOf("http", rows));
}

async function seedBatch(
  store: SessionStore,
  name: string,
  batch: RecordBatch,
): Promise<Dataset> {
  const dataset = await store.openDataset(name);
  const writer = await store.beginImport(dataset);
  await writer.add(batch);
  await writer.addFile({
    modifiedAt: null,
    content: null,
    continues: null,
    path: `logs/${batch.schema.path}.log.gz`,
    hash: name,
    size: 4096,
    reports: [],
    otherRecords: {},
    notes: [],
  });
  await writer.finish();
  return dataset;
}
