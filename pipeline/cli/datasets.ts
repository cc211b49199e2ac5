import {
  copyCsv,
  copyDataset,
  copyText,
  coverageBins,
  datasetCsv,
  datasetJson,
  datasetReport,
  datasetsCsv,
  datasetsText,
  type DatasetSummary,
  datasetText,
  exportDataset,
  runJson,
  type SessionStore,
  UsageError,
  visible,
  wording,
} from "../mod.ts";
import { operand, optionsOf } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { confirmed, YES } from "./confirm.ts";
import { deliver, print, write } from "./output.ts";
import { PRUNE, prune } from "./prune.ts";
import { COMMON, OUTPUT } from "./shared_flags.ts";
import { datasetNamed, passwordOf, storeOf } from "./stores.ts";
import { verbOf } from "./verbs.ts";

/** What `skerry datasets VERB` does. */
const VERBS: Readonly<
  Record<string, (call: Call) => Promise<number | void>>
> = {
  list,
  show,
  rename,
  delete: remove,
  merge,
  copy,
  export: exportTo,
  prune,
};

export const datasets: Command = {
  spec: {
    name: "datasets",
    operands: "[list|show|…]",
    maxOperands: 3,
    doc: [
      "Lists what the store holds. Further:",
      "  show NAME          the import report: each file, what was skipped and why, gaps, runs",
      "  rename NAME NEW    another name for it",
      "  delete NAME        its records, files, labels and runs; opinions of findings stay",
      "  merge FROM INTO    moves everything of FROM into INTO",
      "  copy NAME STORE    into another store, a file or a server's, beside what it holds",
      "  export NAME DIR    Zeek JSON logs, and findings.json of the last run",
      "  prune NAME         removes whole imports by --older-than or --max-size",
    ].join("\n"),
    flags: [
      { name: "as", value: "NAME", doc: "what a copy is called there" },
      ...PRUNE,
      YES,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry datasets", "names, records and times"],
      ["skerry datasets show ./logs --json -", "how it was imported"],
      ["skerry datasets delete old-case --yes", "without being asked"],
      [
        "skerry datasets copy office mysql://ann@127.0.0.1/skerry --as office-7",
        "onto a server, which may hold others; from there back with --store mysql://…",
      ],
      [
        "skerry datasets prune office --older-than 30d --max-size 20GB",
        "what is older than 30 days before the newest record, then the oldest",
      ],
    ],
  },

  async run(call) {
    const [verb, inner] = verbOf(call, "datasets", VERBS);
    return await verb(inner);
  },
};

async function list(call: Call): Promise<void> {
  await using store = await storeOf(call, true);
  const datasets = await store.datasets();
  await deliver(call, {
    json: () => datasets,
    csv: () => datasetsCsv(datasets),
    text: () => datasetsText(datasets, call.terminal, call.timeZone),
  });
}

async function show(call: Call): Promise<void> {
  const name = operand(call, 0, "datasets show", "a dataset");
  await using store = await storeOf(call, true);
  const dataset = await summaryOf(store, name);
  const report = datasetReport(
    dataset,
    await store.importedFiles(dataset),
    await store.histogram(dataset, { bins: coverageBins(dataset) }),
    await store.runs(dataset),
  );
  await deliver(call, {
    json: () => datasetJson(report),
    csv: () => datasetCsv(report),
    text: () => datasetText(report, call.terminal, call.timeZone),
  });
}

async function rename(call: Call): Promise<void> {
  const name = operand(call, 0, "datasets rename", "a dataset");
  const to = operand(call, 1, "datasets rename", "its new name");
  await using store = await storeOf(call);
  const dataset = await datasetNamed(store, name);
  await store.renameDataset(dataset, to);
  print(visible(`  ${dataset.name} is now called ${to}`));
}

async function remove(call: Call): Promise<number> {
  const name = operand(call, 0, "datasets delete", "a dataset");
  await using store = await storeOf(call);
  const dataset = await summaryOf(store, name);
  const about = `This removes ${dataset.name}: ${heldBy(dataset)}.`;
  if (!await confirmed(call, `delete ${name}`, [about])) return 1;
  await store.deleteDataset(dataset, optionsOf(call));
  call.progress.clear();
  print(visible(`  ${dataset.name} is deleted`));
  return 0;
}

async function merge(call: Call): Promise<number> {
  const [from, into] = [0, 1].map((i) =>
    operand(call, i, "datasets merge", "two datasets")
  );
  await using store = await storeOf(call);
  const source = await summaryOf(store, from);
  const target = await summaryOf(store, into);
  if (source.id === target.id) {
    throw new UsageError(`Cannot merge ${from}: it is the same dataset`);
  }
  const about =
    `This moves everything of ${source.name} into ${target.name} and removes ${source.name}: ${
      heldBy(source)
    }. Records of files that ${target.name} holds already are dropped.`;
  if (!await confirmed(call, `merge ${from}`, [about])) return 1;
  await store.mergeDatasets(source, target, optionsOf(call));
  call.progress.clear();
  const merged = await summaryOf(store, target.name);
  print(visible(`  ${merged.name} now holds ${heldBy(merged)}`));
  return 0;
}

async function copy(call: Call): Promise<void> {
  const name = operand(call, 0, "datasets copy", "a dataset");
  const to = operand(call, 1, "datasets copy", "another store");
  const { name: found, location } = await located(call, name);
  const report = await copyDataset(location, to, found, {
    ...optionsOf(call),
    as: call.flags.text("as"),
    fromPassword: await passwordOf(call, location, { existing: true }),
    toPassword: await passwordOf(call, to),
  });
  await deliver(call, {
    json: () => report,
    csv: () => copyCsv(report),
    text: () => copyText(report, call.terminal),
  });
}

/** The dataset's own name, and the store as it is opened again. */
async function located(call: Call, name: string) {
  await using store = await storeOf(call, true);
  const dataset = await datasetNamed(store, name);
  return { name: dataset.name, location: store.location };
}

async function exportTo(call: Call): Promise<void> {
  const name = operand(call, 0, "datasets export", "a dataset");
  const folder = operand(call, 1, "datasets export", "a folder to write to");
  await using store = await storeOf(call, true);
  const dataset = await datasetNamed(store, name);
  const files = await exportDataset(store, dataset, folder, optionsOf(call));
  const run = await store.lastRun(dataset);
  if (run) {
    const findings = await store.findings(run.id, { withSeries: false });
    const document = runJson({ ...run.report, findings });
    await write(
      `${folder}/findings.json`,
      JSON.stringify(document, null, 2) + "\n",
    );
  }
  call.progress.clear();
  const lines = files.map(({ path, records }) =>
    `  ${path}  ${wording.plural(records, "record")}`
  );
  if (run) {
    lines.push(
      `  ${folder}/findings.json  ${
        wording.plural(run.findingCount, "finding")
      } of run ${run.id}`,
    );
  }
  print(lines.map(visible).join("\n"));
}

async function summaryOf(
  store: SessionStore,
  name: string,
): Promise<DatasetSummary> {
  const { id } = await datasetNamed(store, name);
  return (await store.datasets()).find((dataset) => dataset.id === id)!;
}

function heldBy({ files, records, runs }: DatasetSummary): string {
  const total = Object.values(records).reduce((sum, n) => sum + n, 0);
  return `${wording.plural(files, "file")} with ${
    wording.plural(total, "record")
  } and ${wording.plural(runs, "run")}`;
}
