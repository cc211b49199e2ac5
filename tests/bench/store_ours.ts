/** One workload of the store: deno run -A store_ours.ts WORKLOAD LOCATION LOGS. */
import { importLogs } from "../../pipeline/import_logs.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { peakRss, timed } from "./run.ts";

const [workload, location, logs] = Deno.args;

const WORKLOADS: Record<string, () => Promise<unknown>> = {
  /** Into a dataset of its own each time: the store grows. */
  import: async () => {
    await using store = await openStore(location);
    const { length } = await store.datasets();
    const dataset = await store.openDataset(`bench ${length}`);
    const began = performance.now();
    const { records } = await importLogs(store, dataset, logs);
    return {
      ms: performance.now() - began,
      rss: await peakRss(),
      value: records,
    };
  },
  read: () =>
    timed(3, async () => {
      await using store = await openStore(location);
      const [dataset] = await store.datasets();
      let rows = 0;
      for await (const batch of store.batches(dataset, "conn")) {
        rows += batch.length;
      }
      return rows;
    }),
  /** What the pages ask for: who talked to whom how often. */
  pairs: () =>
    timed(3, async () => {
      await using store = await openStore(location);
      let records = 0;
      for (const dataset of await store.datasets()) {
        const pairs = await store.pairs(dataset, { limit: 100 });
        records += pairs.reduce((sum, { count }) => sum + count, 0);
      }
      return records;
    }),
};

console.log(JSON.stringify(await WORKLOADS[workload]()));
