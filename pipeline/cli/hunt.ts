import {
  type Dataset,
  findingsCsv,
  type Flag,
  hunt,
  type ImportResult,
  parseDuration,
  parseNetworks,
  parseTime,
  type RankedFinding,
  runJson,
  type RunReport,
  runText,
  type SessionStore,
} from "../mod.ts";
import {
  choice,
  limitOf,
  operand,
  optionsOf,
  parsedFlag,
  withoutOf,
} from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { FAIL_ON, failCode, failLevel, ONLY_CHANGED } from "./fail_on.ts";
import { knowledgeOf } from "./knowledge.ts";
import { deliver } from "./output.ts";
import {
  COMMON,
  INTERNAL,
  KNOWLEDGE,
  LIMIT,
  MEMORY,
  OUTPUT,
  parseMemory,
  WITHOUT,
} from "./shared_flags.ts";
import {
  bandsFlag,
  noteChange,
  PREVIEW,
  THRESHOLDS,
  thresholdsFlag,
} from "./thresholds.ts";
import { datasetNamed, storeOf, typed } from "./stores.ts";

export const WINDOW: readonly Flag[] = [
  {
    name: "from",
    value: "TIME",
    doc: "from this time on, as 2024-04-19T12:00 (UTC) or epoch seconds",
  },
  { name: "to", value: "TIME", doc: "up to this time" },
  {
    name: "last",
    value: "24h",
    doc: "only so long before the newest record (s, m, h, d)",
  },
  MEMORY,
  INTERNAL,
  ...KNOWLEDGE,
];

export const SCORE: readonly Flag[] = [
  {
    name: "score",
    value: "skerry|rita",
    doc: "whose score ranks: Skerry's (default), or RITA v5's maths",
  },
  WITHOUT,
  ...THRESHOLDS,
];

export const huntCommand: Command = {
  spec: {
    name: "hunt",
    operands: "DATASET",
    maxOperands: 1,
    doc: "Ranks what hides in a dataset of the store, without reading logs.",
    flags: [
      ...WINDOW,
      ...SCORE,
      PREVIEW,
      ONLY_CHANGED,
      FAIL_ON,
      LIMIT,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry hunt ./logs --last 24h", "only the newest day"],
      [
        "skerry hunt office --threshold beacon.minScore=0.2 --bands high=0.7 --preview",
        "how many findings that would change; without --preview it is done",
      ],
      ["skerry hunt office --from 2024-04-19 --to 2024-04-20", "one day"],
      ["skerry hunt office --score rita", "as RITA v5 would rank"],
    ],
  },

  async run(call) {
    const window = await windowOf(call), level = failLevel(call);
    const name = operand(call, 0, "hunt", "a dataset");
    await using store = await storeOf(call);
    const dataset = await datasetNamed(store, name);
    if (call.flags.on("preview")) {
      return await noteChange(
        store,
        dataset,
        await huntIn(store, dataset, { ...window, preview: true }, call),
        call,
      );
    }
    const report = await huntIn(store, dataset, window, call);
    const files = await store.importedFiles(dataset);
    return failCode(
      level,
      await writeRun(report, store, call, 0, files.length),
    );
  },
};

export function huntIn(
  store: SessionStore,
  dataset: Dataset,
  window: Window,
  call: Call,
  imported?: ImportResult,
): Promise<RunReport> {
  return hunt(store, dataset, {
    ...optionsOf(call),
    ...window,
    newFiles: imported?.newFiles,
    notes: imported?.notes,
    timings: imported?.timings,
  });
}

export type Window = Awaited<ReturnType<typeof windowOf>> & {
  readonly preview?: boolean;
};

/** The flags that say what is hunted in, checked before any log is read. */
export async function windowOf(call: Call) {
  const score = choice(call.flags, "score", ["skerry", "rita"] as const);
  return {
    ...await knowledgeOf(call),
    from: parsedFlag(call, "from", parseTime),
    to: parsedFlag(call, "to", parseTime),
    last: parsedFlag(call, "last", parseDuration),
    memory: parsedFlag(call, MEMORY.name, parseMemory),
    internal: parsedFlag(call, "internal", parseNetworks),
    score,
    without: withoutOf(call),
    values: thresholdsFlag(call, score),
    bands: bandsFlag(call),
  };
}

/**
 * @param onlyChanged whether only findings that changed are listed.
 * @returns the findings that are listed.
 */
export async function writeRun(
  report: RunReport,
  store: SessionStore,
  call: Call,
  newFiles: number,
  unchanged: number,
  onlyChanged = call.flags.on("only-changed"),
): Promise<readonly RankedFinding[]> {
  const findings = onlyChanged
    ? report.findings.filter(({ state }) => state !== "unchanged")
    : report.findings;
  await deliver(call, {
    json: () => runJson({ ...report, findings }),
    csv: () => findingsCsv(findings),
    text: () =>
      runText(report, {
        terminal: call.terminal,
        timeZone: call.timeZone,
        newFiles,
        unchanged,
        location: store.location,
        command: (words) => typed(call, words),
        limit: limitOf(call, 10),
        listed: findings,
      }),
  });
  return findings;
}
