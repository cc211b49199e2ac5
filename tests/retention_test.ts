import assert from "node:assert/strict";
import { planRetention, prune } from "../pipeline/retention.ts";
import type {
  Dataset,
  ImportSummary,
  SessionStore,
} from "../pipeline/store/session_store.ts";

const DAY = 86_400;
const DATASET: Dataset = { id: 1, name: "office", createdAt: 0 };

function imported(
  id: number,
  lastDay: number | null,
  records = 100,
): ImportSummary {
  const lastTs = lastDay === null ? null : lastDay * DAY;
  return {
    id,
    startedAt: 0,
    records: records === 0 ? {} : { conn: records, dns: records },
    firstTs: lastTs,
    lastTs,
  };
}

/** Late records make a later import the older one. */
const IMPORTS = [
  imported(1, 10),
  imported(2, 40),
  imported(3, 5),
  imported(4, 39),
  imported(5, null, 0),
];

const idsOf = (imports: readonly ImportSummary[]) =>
  imports.map(({ id }) => id);

/** A store of 1,000 bytes per 200 records that takes what it is told. */
function storeOf(imports: readonly ImportSummary[]) {
  let left = [...imports];
  const removals: number[][] = [];
  const store = {
    imports: () => Promise.resolve(left),
    size: () => Promise.resolve(1000 * left.length),
    pruneImports: (_: Dataset, ids: readonly number[]) => {
      removals.push([...ids]);
      left = left.filter(({ id }) => !ids.includes(id));
      return Promise.resolve();
    },
  } as unknown as SessionStore;
  return { store, removals };
}

Deno.test("planRetention counts age back from the dataset's newest record", () => {
  const fill = { bytes: 4000, records: 800 };
  const { byAge, bySize } = planRetention(
    IMPORTS,
    { olderThan: 30 * DAY },
    fill,
  );
  assert.deepEqual(
    idsOf(byAge),
    [3],
    "day 10 is exactly 30 days old: it stays",
  );
  assert.deepEqual(bySize, []);
  assert.deepEqual(
    idsOf(planRetention(IMPORTS, { olderThan: 29 * DAY }, fill).byAge),
    [1, 3],
  );
});

Deno.test("planRetention goes on with the oldest until the size is met, and keeps the newest", () => {
  const fill = { bytes: 4000, records: 800 };
  const bySize = (maxSize: number, olderThan?: number) =>
    idsOf(planRetention(IMPORTS, { maxSize, olderThan }, fill).bySize);
  assert.deepEqual(bySize(4000), []);
  assert.deepEqual(bySize(3999), [3]);
  assert.deepEqual(bySize(2500), [3, 1]);
  assert.deepEqual(bySize(2500, 30 * DAY), [1], "day 5 went by its age");
  assert.deepEqual(bySize(0), [3, 1, 4]);
});

Deno.test("planRetention of a dataset without imports or records removes nothing", () => {
  for (const imports of [[], [imported(1, null, 0)]]) {
    const plan = planRetention(
      imports,
      { olderThan: 1, maxSize: 1 },
      { bytes: 4096, records: 0 },
    );
    assert.deepEqual(plan, { byAge: [], bySize: [] });
  }
});

Deno.test("prune removes the old ones together, then one by one by the size measured", async () => {
  const { store, removals } = storeOf(IMPORTS);
  const removed = await prune(store, DATASET, {
    olderThan: 29 * DAY,
    maxSize: 2000,
  });
  assert.deepEqual(removals, [[1, 3], [4]]);
  assert.deepEqual(idsOf(removed), [1, 3, 4]);
  const untouched = storeOf(IMPORTS);
  assert.deepEqual(await prune(untouched.store, DATASET, { maxSize: 1e9 }), []);
  assert.deepEqual(untouched.removals, []);
});
