import assert from "node:assert/strict";
import type { Progress } from "../../pipeline/progress.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { connBatches } from "../bench/hunt_data.ts";

/** More than one statement sums up. */
const ROWS = 250_000;

Deno.test("pairs of many sources, some at a time, are those that a count of all records gives, also across imports", async () => {
  await using store = await openStore(":memory:", { partRows: 90_000 });
  const dataset = await store.openDataset("office");
  const writer = await store.beginImport(dataset);
  const counts = new Map<string, number>();
  for (const batch of connBatches(ROWS)) {
    const port = batch.numbers("id.resp_p");
    const src = batch.texts("id.orig_h"), dst = batch.texts("id.resp_h");
    for (let i = 0; i < batch.length; i++) {
      const key = `${src.values[src.codes[i]]} ${dst.values[dst.codes[i]]} ${
        port[i]
      }`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    await writer.add(batch);
  }
  await writer.addFile({
    path: "conn.log",
    hash: "conn",
    size: 1,
    modifiedAt: null,
    content: null,
    continues: null,
    reports: [],
    otherRecords: {},
    notes: [],
  });
  await writer.finish();
  assert.ok((await store.imports(dataset)).length > 1);

  const said: Progress[] = [];
  const first = await store.pairs(dataset, {
    limit: 50,
    onProgress: (progress) => said.push(progress),
  });
  const wanted = [...counts.values()].sort((a, b) => b - a).slice(0, 50);
  assert.deepEqual(first.map(({ count }) => count), wanted);
  for (const { src, dst, port, count } of first) {
    assert.equal(counts.get(`${src} ${dst} ${port}`), count);
  }
  assert.ok(said.length > 1 && said[0].total === said.length);

  const web = await store.pairs(dataset, { port: 80, limit: 5 });
  const own = [...counts].filter(([key]) => key.endsWith(" 80"))
    .map(([, n]) => n).sort((a, b) => b - a);
  assert.deepEqual(web.map(({ count }) => count), own.slice(0, 5));

  const stop = AbortSignal.abort(new DOMException("enough", "AbortError"));
  await assert.rejects(store.pairs(dataset, { signal: stop }), {
    name: "AbortError",
  });
});
