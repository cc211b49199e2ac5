import {
  type Flag,
  parseDuration,
  parseSize,
  planRetention,
  prune as pruneDataset,
  recordsOf,
  type Retention,
  type RetentionPlan,
  type SessionStore,
  UsageError,
  visible,
  wording,
} from "../mod.ts";
import { operand, optionsOf, parsedFlag } from "./arguments.ts";
import type { Call } from "./command.ts";
import { confirmed } from "./confirm.ts";
import { print } from "./output.ts";
import { datasetNamed, storeOf } from "./stores.ts";

export const PRUNE: readonly Flag[] = [
  {
    name: "older-than",
    value: "30d",
    doc:
      "prune: imports whose newest record is so much older than the dataset's newest; no later import brings them back",
  },
  {
    name: "max-size",
    value: "20GB",
    doc:
      "prune: the oldest imports until the store is no larger; the newest import stays",
  },
];

const STAYS = "what is left is the newest import, other datasets and runs";

/** `skerry datasets prune NAME`. */
export async function prune(call: Call): Promise<number> {
  const name = operand(call, 0, "datasets prune", "a dataset");
  const retention: Retention = {
    olderThan: parsedFlag(call, "older-than", parseDuration),
    maxSize: parsedFlag(call, "max-size", parseSize),
  };
  if (retention.olderThan === undefined && retention.maxSize === undefined) {
    throw new UsageError(
      "Cannot prune: say what may stay with --older-than or --max-size",
      { hint: "skerry datasets prune office --older-than 30d" },
    );
  }
  await using store = await storeOf(call);
  const dataset = await datasetNamed(store, name);
  const fill = await fillOf(store);
  const imports = await store.imports(dataset);
  const plan = planRetention(imports, retention, fill);
  const size = wording.bytes(fill.bytes);
  const more = (bytes: number) => bytes > (retention.maxSize ?? Infinity);
  if (plan.byAge.length + plan.bySize.length === 0) {
    const why = more(fill.bytes) ? `; ${STAYS}` : "";
    print(
      visible(
        `  Nothing to remove from ${dataset.name}: the store takes ${size}${why}`,
      ),
    );
    return 0;
  }
  const about = aboutPlan(dataset.name, plan, retention, call.timeZone);
  if (!await confirmed(call, `prune ${name}`, about)) return 1;
  const removed = await pruneDataset(
    store,
    dataset,
    retention,
    optionsOf(call),
  );
  call.progress.clear();
  const after = await store.size();
  print(
    visible(
      `  Removed ${wording.plural(removed.length, "import")} with ${
        wording.plural(recordsOf(removed), "record")
      }; the store takes ${wording.bytes(after)}, before ${size}`,
    ),
  );
  print(
    "  Their logs are not read again; to have them back, delete the dataset and import anew.",
  );
  if (more(after)) print(`  That is still more than --max-size: ${STAYS}`);
  return 0;
}

async function fillOf(store: SessionStore) {
  const datasets = await store.datasets();
  return {
    bytes: await store.size(),
    records: datasets.flatMap(({ records, unfinished }) => [
      unfinished,
      ...Object.values(records),
    ]).reduce((sum, n) => sum + n, 0),
  };
}

function aboutPlan(
  name: string,
  { byAge, bySize }: RetentionPlan,
  { olderThan, maxSize }: Retention,
  timeZone: string,
): string[] {
  const held = (imports: RetentionPlan["byAge"]) => {
    const last = Math.max(...imports.map(({ lastTs }) => lastTs ?? -Infinity));
    return `${wording.plural(imports.length, "import")} with ${
      wording.plural(recordsOf(imports), "record")
    } up to ${wording.time(last, timeZone)} ${timeZone}`;
  };
  return [
    ...(byAge.length > 0
      ? [
        `This removes from ${name} ${
          held(byAge)
        }: no record in them is of the last ${wording.seconds(olderThan!)}.`,
      ]
      : []),
    ...(bySize.length > 0
      ? [
        `To come below ${
          wording.bytes(maxSize!)
        }, this removes from ${name} about ${
          held(bySize)
        }, one after the other until the store is small enough.`,
      ]
      : []),
  ];
}
