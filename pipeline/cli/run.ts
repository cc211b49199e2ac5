import {
  type Dataset,
  findingsCsv,
  type Flag,
  follow,
  type FoundLogs,
  hunt,
  importLogs,
  type ImportResult,
  importText,
  logsUnder,
  openStore,
  parseDuration,
  parseNetworks,
  parseTime,
  ranked,
  type RankedFinding,
  RECORDS_KEPT,
  runJson,
  type RunReport,
  runText,
  type SessionStore,
  STDIN,
  UsageError,
  visible,
} from "../mod.ts";
import {
  absolute,
  choice,
  limitOf,
  operand,
  optionsOf,
  pageOf,
  parsedFlag,
  withoutOf,
} from "./arguments.ts";
import { logsOf, ZEEK } from "./capture.ts";
import type { Call, Command } from "./command.ts";
import { FAIL_ON, failCode, failLevel, ONLY_CHANGED } from "./fail_on.ts";
import { knowledgeOf } from "./knowledge.ts";
import { deliver, note, print } from "./output.ts";
import {
  COMMON,
  DATASET,
  INTERNAL,
  KNOWLEDGE,
  LIMIT,
  MEMORY,
  OUTPUT,
  PAGE,
  parseMemory,
  RECORDS,
  SENSOR,
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

const FRESH: Flag = {
  name: "fresh",
  doc:
    "clear the dataset's old records and runs first; they are kept by default",
};

const WINDOW: readonly Flag[] = [
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

const SCORE: readonly Flag[] = [
  {
    name: "score",
    value: "skerry|rita",
    doc: "whose score ranks: Skerry's (default), or RITA v5's maths",
  },
  WITHOUT,
  ...THRESHOLDS,
];

const FOLLOW: readonly Flag[] = [
  {
    name: "follow",
    doc:
      "go on as the logs grow and rotate, until Ctrl-C: read what is new, rank, list what has changed",
  },
  {
    name: "every",
    value: "60s",
    doc: "how often --follow looks for new records (s, m, h, d)",
  },
];

const NO_SESSIONS: Flag = {
  name: "no-sessions",
  doc:
    "keep only findings and evidence, not the records; they are read into memory, each time anew",
};

export const run: Command = {
  spec: {
    name: "run",
    operands: "DIR",
    maxOperands: 1,
    doc:
      "Reads a folder of Zeek logs and ranks what hides in them: import, then hunt.",
    flags: [
      DATASET,
      FRESH,
      NO_SESSIONS,
      SENSOR,
      RECORDS,
      ZEEK,
      ...FOLLOW,
      ...WINDOW,
      ...SCORE,
      ONLY_CHANGED,
      FAIL_ON,
      LIMIT,
      ...OUTPUT,
      { name: "open", doc: "serve the page at once" },
      ...PAGE,
      ...COMMON,
    ],
    examples: [
      ["skerry run ./logs", "read what is new, rank, print the best ten"],
      ["skerry run ./logs --last 24h --json -", "one JSON document on stdout"],
      [
        "skerry run - --dataset office",
        "logs, or a tar of them, from standard input: ssh sensor cat day.tar.gz | …",
      ],
      [
        "skerry run ./logs --only-changed --fail-on high",
        "for cron: exit code 3 when something severe is new or has changed",
      ],
      [
        "skerry run /opt/zeek/logs --follow --last 24h",
        "beside a running Zeek: a sliding day",
      ],
      [
        "skerry run ./logs --store case7.db --open",
        "then look at it in the browser",
      ],
    ],
  },

  async run(call) {
    const given = operand(call, 0, "run", "a folder of Zeek logs, or -");
    keepingOf(call);
    const page = pageOf(call), level = failLevel(call);
    const window = await windowOf(call);
    if (call.flags.on("follow")) return await runFollowing(given, window, call);
    const path = await logsOf(given, call);
    const logs = await logsUnder(path, optionsOf(call));
    await using _unpacked = logs;
    await using store = await storeOf(call);
    const { report, imported } = call.flags.on("no-sessions")
      ? await runInMemory(store, path, logs, window, call)
      : await runInStore(store, path, logs, window, call);
    const { newFiles, unchanged } = imported;
    const listed = await writeRun(
      report,
      store,
      call,
      newFiles.size,
      unchanged,
    );
    if (call.flags.on("open")) {
      await logs[Symbol.asyncDispose]();
      const importRoots = [...page.importRoots, ...await folderOf(path)];
      await call.serve(store, { ...page, importRoots });
    }
    return failCode(level, listed);
  },
};

/** The folder that was read, for the pages to read again; none for a file. */
async function folderOf(path: string): Promise<string[]> {
  const info = await Deno.stat(path).catch(() => null);
  return info?.isDirectory ? [absolute(path)] : [];
}

export const importCommand: Command = {
  spec: {
    name: "import",
    operands: "DIR",
    maxOperands: 1,
    doc:
      "Reads a folder of Zeek logs into the store. The same content is read once.",
    flags: [DATASET, FRESH, SENSOR, RECORDS, ZEEK, ...COMMON],
    examples: [[
      "skerry import ./logs --dataset office",
      "fill the dataset office",
    ]],
  },

  async run(call) {
    const given = operand(call, 0, "import", "a folder of Zeek logs, or -");
    keepingOf(call);
    const path = await logsOf(given, call);
    await using logs = await logsUnder(path, optionsOf(call));
    await using store = await storeOf(call);
    const { dataset, imported } = await importInto(store, path, logs, call);
    call.progress.clear();
    print(
      importText(
        dataset.name,
        imported,
        call.terminal,
        (words) => typed(call, words),
      ),
    );
  },
};

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

async function runInStore(
  store: SessionStore,
  path: string,
  logs: FoundLogs,
  window: Window,
  call: Call,
) {
  const { dataset, imported } = await importInto(store, path, logs, call);
  const report = await huntIn(store, dataset, window, call, imported);
  return { report, imported };
}

/** As {@link runInStore}; the store gets the run, and the records are forgotten. */
async function runInMemory(
  store: SessionStore,
  path: string,
  logs: FoundLogs,
  window: Window,
  call: Call,
) {
  await using memory = await openStore(":memory:");
  const { report, imported } = await runInStore(
    memory,
    path,
    logs,
    window,
    call,
  );
  const dataset = await store.openDataset(report.dataset);
  if (call.flags.on("fresh")) await store.clearDataset(dataset);
  const kept: RunReport = {
    ...report,
    findings: await ranked(store, dataset, report.findings),
    notLookedAt: [
      ...report.notLookedAt,
      "the records are not kept (--no-sessions), only findings and their evidence",
    ],
  };
  await store.saveRun(dataset, kept);
  return { report: kept, imported };
}

/** Runs whenever there is something new, until Ctrl-C; that is its good end. */
async function runFollowing(
  path: string,
  window: Window,
  call: Call,
): Promise<number> {
  const level = failLevel(call);
  for (const flag of ["no-sessions", "open"]) {
    if (!call.flags.on(flag)) continue;
    throw new UsageError(`Cannot run --follow with --${flag}`);
  }
  const every = parsedFlag(call, "every", parseDuration);
  await using store = await storeOf(call);
  const dataset = await datasetOf(store, path, call);
  let listed: readonly RankedFinding[] = [], first = true;
  const imports = follow(store, dataset, path, {
    ...optionsOf(call),
    ...keepingOf(call),
    every,
    onTrouble: ({ message }) => {
      call.progress.clear();
      note(`  ${visible(message)}; trying again\n`);
    },
  });
  for await (const imported of imports) {
    const report = await huntIn(store, dataset, window, call, imported);
    const { newFiles, unchanged } = imported;
    listed = await writeRun(
      report,
      store,
      call,
      newFiles.size,
      unchanged,
      !first || call.flags.on("only-changed"),
    );
    first = false;
  }
  call.progress.clear();
  note("  Stopped.\n");
  return failCode(level, listed);
}

async function importInto(
  store: SessionStore,
  path: string,
  logs: FoundLogs,
  call: Call,
) {
  const dataset = await datasetOf(store, path, call);
  const imported = await importLogs(store, dataset, logs, {
    ...optionsOf(call),
    ...keepingOf(call),
  });
  return { dataset, imported };
}

/** The flags that say how records are kept, checked before any log is read. */
function keepingOf(call: Call) {
  return {
    sensor: call.flags.text("sensor"),
    records: choice(call.flags, "records", RECORDS_KEPT),
  };
}

/** The dataset that is imported into, emptied where --fresh says so. */
async function datasetOf(
  store: SessionStore,
  path: string,
  call: Call,
): Promise<Dataset> {
  const name = call.flags.text("dataset") ??
    (path === STDIN ? "stdin" : absolute(path));
  const before = await store.findDataset(name);
  const dataset = await store.openDataset(name);
  if (before && call.flags.on("fresh")) await store.clearDataset(dataset);
  return dataset;
}

function huntIn(
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

type Window = Awaited<ReturnType<typeof windowOf>> & {
  readonly preview?: boolean;
};

/** The flags that say what is hunted in, checked before any log is read. */
async function windowOf(call: Call) {
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
async function writeRun(
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
