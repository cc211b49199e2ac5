import {
  baselineOf,
  type Dataset,
  diffCsv,
  diffJson,
  diffRuns,
  diffText,
  hasChanged,
  highestScore,
  parseDuration,
  type RunSummary,
  type SessionStore,
  SkerryError,
  UsageError,
} from "../mod.ts";
import { limitOf, parsedFlag, scoreFlag } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { FAIL_ON, failCode, failLevel } from "./fail_on.ts";
import { deliver } from "./output.ts";
import { COMMON, DATASET, LIMIT, OUTPUT } from "./shared_flags.ts";
import { datasetNamed, lastRunOf, storeOf } from "./stores.ts";

export const diff: Command = {
  spec: {
    name: "diff",
    operands: "[RUN RUN]",
    maxOperands: 2,
    doc:
      "Compares two runs: which findings are new, gone, raised, lowered, or check in at another interval or with another size. Without run ids: the last run and the one before it.",
    flags: [
      DATASET,
      {
        name: "baseline",
        value: "7d",
        doc:
          "compare the last run with the newest that is at least so old (s, m, h, d)",
      },
      { name: "only-changed", doc: "leave out what both runs say alike" },
      {
        name: "min-score",
        value: "N",
        doc: "only what has this score in either run, 0 to 1 (default 0.2)",
      },
      {
        ...FAIL_ON,
        doc:
          "exit code 3 when a finding of at least that severity is new or raised",
      },
      { ...LIMIT, doc: "list at most N (default 50)" },
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry diff --only-changed", "the last run against the one before"],
      ["skerry diff 3 7 --json -", "two runs of skerry runs"],
      [
        "skerry diff --baseline 7d --only-changed --fail-on high",
        "for cron: exit code 3 when something severe came up within a week",
      ],
    ],
  },

  async run(call) {
    const level = failLevel(call), limit = limitOf(call, 50);
    const least = scoreFlag(call, "min-score", 0.2);
    const age = parsedFlag(call, "baseline", parseDuration);
    await using store = await storeOf(call, true);
    const [before, after] = await runsOf(store, call, age);
    const all = diffRuns(
      before,
      after,
      await store.findings(before.id, { withSeries: false }),
      await store.findings(after.id, { withSeries: false }),
    );
    const onlyChanged = call.flags.on("only-changed");
    const found = {
      ...all,
      findings: all.findings.filter((diff) =>
        highestScore(diff) >= least && (!onlyChanged || hasChanged(diff))
      ),
    };
    await deliver(call, {
      json: () => diffJson(found),
      csv: () => diffCsv(found),
      text: () => diffText(found, { ...call, limit }),
    });
    const worse = found.findings.flatMap(({ state, after }) =>
      after && (state === "new" || state === "raised") ? [after] : []
    );
    return failCode(level, worse);
  },
};

/** The older and the newer run that are asked for. */
async function runsOf(
  store: SessionStore,
  call: Call,
  age: number | undefined,
): Promise<[before: RunSummary, after: RunSummary]> {
  const { operands } = call.flags;
  if (operands.length > 0) {
    if (age !== undefined || operands.length === 1) {
      throw new UsageError(
        "Cannot compare: give two runs, or --baseline, or neither",
        { hint: "skerry runs lists the runs" },
      );
    }
    const runs = await store.runs();
    return [runNamed(runs, operands[0]), runNamed(runs, operands[1])];
  }
  const after = await lastRunOf(store, call);
  const dataset: Dataset = await datasetNamed(store, after.dataset);
  const runs = await store.runs(dataset);
  if (age !== undefined) return [baselineOf(runs, after, age), after];
  const before = runs.find(({ id }) => id < after.id);
  if (before) return [before, after];
  throw new SkerryError(
    `Cannot compare: ${after.dataset} has been hunted in only once`,
    { hint: "skerry runs lists the runs of every dataset" },
  );
}

function runNamed(runs: readonly RunSummary[], text: string): RunSummary {
  const found = runs.find(({ id }) => String(id) === text);
  if (found) return found;
  throw new SkerryError(`Cannot compare: there is no run ${text}`, {
    hint: "skerry runs lists the runs",
  });
}
