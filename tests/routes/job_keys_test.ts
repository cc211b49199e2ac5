import assert from "node:assert/strict";
import { openStore } from "../../pipeline/store/mod.ts";
import { type Asking, withApp } from "./_asked.ts";
import { seed } from "./seed.ts";

/** Nobody listens there: the job starts, and fails later. */
const NOWHERE = "mysql://127.0.0.1:1/skerry";

async function withFile(test: (asking: Asking) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    const store = await openStore(`${folder}/store.db`);
    await withApp({ store }, test);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function idsOf(answers: Promise<Response>[]): Promise<string[]> {
  const all = await Promise.all(answers);
  for (const { status } of all) assert.equal(status, 202);
  return Promise.all(all.map(async (answer) => (await answer.json()).id));
}

Deno.test("copies of a dataset under two names are two jobs, asked for twice they are one", () =>
  withFile(async ({ store, post }) => {
    const { dataset } = await seed(store, "office");
    const copy = (as: string) =>
      post(`/api/datasets/${dataset.id}/copy`, {
        address: NOWHERE,
        user: "ann",
        as,
      });
    const [a, b, again] = await idsOf([copy("a"), copy("b"), copy("a")]);
    assert.notEqual(a, b);
    assert.equal(again, a);
  }));

Deno.test("copies of a store to two places are two jobs", () =>
  withFile(async ({ store, post }) => {
    await seed(store, "office");
    const copy = (name: string) =>
      post("/api/store/copy", { address: `${NOWHERE}${name}`, user: "ann" });
    const [a, b, again] = await idsOf([copy("1"), copy("2"), copy("1")]);
    assert.notEqual(a, b);
    assert.equal(again, a);
  }));
