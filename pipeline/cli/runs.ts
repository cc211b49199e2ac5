import {
  type CountedRun,
  runsCsv,
  runsJson,
  runsText,
  type RunSummary,
  type SessionStore,
  SEVERITIES,
} from "../mod.ts";
import { limitOf } from "./arguments.ts";
import type { Command } from "./command.ts";
import { deliver } from "./output.ts";
import { COMMON, DATASET, LIMIT, OUTPUT } from "./shared_flags.ts";
import { datasetNamed, storeOf } from "./stores.ts";

export const runs: Command = {
  spec: {
    name: "runs",
    operands: "",
    maxOperands: 0,
    doc:
      "Lists the runs, newest first: id, time, dataset, findings by severity.",
    flags: [
      { ...DATASET, doc: "only runs of this dataset" },
      { ...LIMIT, doc: "list at most N (default 20)" },
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [["skerry runs --dataset office", "ids for skerry diff"]],
  },

  async run(call) {
    const limit = limitOf(call, 20);
    await using store = await storeOf(call, true);
    const name = call.flags.text("dataset");
    const dataset = name ? await datasetNamed(store, name) : undefined;
    const found = (await store.runs(dataset)).slice(0, limit);
    const runs: CountedRun[] = [];
    for (const run of found) runs.push(await counted(store, run));
    await deliver(call, {
      json: () => runsJson(runs),
      csv: () => runsCsv(runs),
      text: () => runsText(runs, call.terminal, call.timeZone),
    });
  },
};

async function counted(
  store: SessionStore,
  run: RunSummary,
): Promise<CountedRun> {
  const counts = await store.findingCounts(run.id, "severity");
  const severities = Object.fromEntries(
    SEVERITIES.map((name) => [name, counts.get(name) ?? 0]),
  );
  return { run, severities: severities as CountedRun["severities"] };
}
