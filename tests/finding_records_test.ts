import assert from "node:assert/strict";
import { findingRecords } from "../pipeline/finding_records.ts";
import type { Finding } from "../pipeline/finding.ts";
import { openStore } from "../pipeline/store/mod.ts";
import type { Dataset, SessionStore } from "../pipeline/store/session_store.ts";
import { batchOf, connRow, ofConn, type Row } from "./_batches.ts";
import { finding } from "./report/_findings.ts";

const SRC = "10.20.0.17", A = "203.0.113.77", B = "203.0.113.78";
const NAME = "cdn.lanternfish.example";

/** 150 connections of the finding over two addresses, and others beside them. */
async function withStore(
  test: (store: SessionStore, dataset: Dataset) => Promise<void>,
): Promise<void> {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("office");
  const conns: Row[] = [], ssl: Row[] = [];
  const add = (
    i: number,
    dst: string,
    server_name?: string,
    more: Row = {},
  ) => {
    const conn = connRow(1.7e9 + 10 * i, SRC, dst, more);
    conns.push(conn);
    if (server_name) ssl.push(ofConn(conn, { server_name }));
  };
  for (let i = 0; i < 100; i++) add(i, i % 2 ? A : B, NAME.toUpperCase());
  for (let i = 100; i < 150; i++) add(i, A);
  add(1, A, "www.other.example");
  add(1, "203.0.113.79");
  add(1, A, undefined, { "id.resp_p": 80 });
  add(5000, A);
  await using writer = await store.beginImport(dataset);
  await writer.add(batchOf("ssl", ssl));
  await writer.add(batchOf("conn", conns));
  await writer.finish();
  await test(store, dataset);
}

const named = (more: Partial<Finding> = {}) =>
  finding({
    src: SRC,
    dst: A,
    name: NAME,
    port: 443,
    firstTs: 1.7e9,
    lastTs: 1.7e9 + 1490,
    uids: [],
    uidCount: 150,
    ...more,
  });

Deno.test("findingRecords gives every record of a named destination, of its addresses, and none of another name, port or time", () =>
  withStore(async (store, dataset) => {
    const { records, whole } = await findingRecords(store, dataset, named());
    const count = (type: string) =>
      records.filter(({ logType }) => logType === type).length;
    assert.deepEqual([count("conn"), count("ssl"), whole], [150, 100, true]);
    const times = records.map(({ fields }) => Number(fields.ts));
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
  }));

Deno.test("findingRecords of an address without a name leaves out what says one", () =>
  withStore(async (store, dataset) => {
    const { records, whole } = await findingRecords(
      store,
      dataset,
      named({ name: null, uidCount: 50 }),
    );
    // Its uids are none, so that 50 are more than those listed.
    assert.deepEqual([records.length, whole], [50, true]);
  }));

Deno.test("findingRecords says where it has not all: of a group, and where records are gone", () =>
  withStore(async (store, dataset) => {
    const group = await findingRecords(
      store,
      dataset,
      named({ evidence: { groupedBy: "domain" } }),
    );
    assert.deepEqual(group, { records: [], whole: false });
    const gone = await findingRecords(store, dataset, named({ uidCount: 151 }));
    assert.equal(gone.whole, false);
    const stop = AbortSignal.abort();
    await assert.rejects(
      findingRecords(store, dataset, named(), { signal: stop }),
      { name: "AbortError" },
    );
  }));
