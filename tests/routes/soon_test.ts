import assert from "node:assert/strict";
import type { DatasetSummary } from "../../pipeline/mod.ts";
import { Jobs } from "../../routes/_jobs.ts";
import { soon } from "../../routes/_soon.ts";

function dataset(conn: number): DatasetSummary {
  return {
    id: 1,
    name: "office",
    createdAt: 0,
    files: 1,
    records: { conn },
    skipped: 0,
    firstTs: 0,
    lastTs: 1,
    runs: 0,
    unfinished: 0,
  };
}

Deno.test("soon answers a small dataset at once, and asks each time", async () => {
  const jobs = new Jobs();
  let asked = 0;
  const question = {
    key: "q",
    title: "q",
    ask: () => Promise.resolve(++asked),
  };
  assert.deepEqual(await soon({ jobs }, dataset(10), question), { value: 1 });
  assert.deepEqual(await soon({ jobs }, dataset(10), question), { value: 2 });
  assert.deepEqual(jobs.list(), []);
});

Deno.test("soon makes a job of a large dataset, asks once, and again after an import", async () => {
  const jobs = new Jobs();
  let asked = 0;
  const question = {
    key: "q",
    title: "q",
    ask: () => Promise.resolve(++asked),
  };
  const large = dataset(1e7);
  const first = await soon({ jobs }, large, question);
  assert.equal(first.job?.state, "running");
  assert.equal(asked, 0);
  const joined = await soon({ jobs }, large, question);
  assert.equal(joined.job?.id, first.job!.id);
  await jobs.get(first.job!.id)!.ended;
  assert.deepEqual(await soon({ jobs }, large, question), { value: 1 });
  const grown = await soon({ jobs }, dataset(2e7), question);
  assert.equal(grown.job?.state, "running");
  await jobs.get(grown.job!.id)!.ended;
  assert.equal(asked, 2);
});
