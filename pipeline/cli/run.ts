import {
  fileProblem,
  type Flag,
  follow,
  type FoundLogs,
  logsUnder,
  openStore,
  parseDuration,
  ranked,
  type RankedFinding,
  type RunReport,
  type SessionStore,
  SkerryError,
  STDIN,
  UsageError,
  visible,
} from "../mod.ts";
import {
  absolute,
  operand,
  optionsOf,
  pageOf,
  parsedFlag,
} from "./arguments.ts";
import { logsOf, ZEEK } from "./capture.ts";
import type { Call, Command } from "./command.ts";
import {
  huntIn,
  SCORE,
  WINDOW,
  type Window,
  windowOf,
  writeRun,
} from "./hunt.ts";
import { datasetOf, FRESH, importInto, keepingOf } from "./import.ts";
import { FAIL_ON, failCode, failLevel, ONLY_CHANGED } from "./fail_on.ts";
import { note } from "./output.ts";
import {
  COMMON,
  DATASET,
  LIMIT,
  OUTPUT,
  PAGE,
  RECORDS,
  SENSOR,
} from "./shared_flags.ts";
import { storeOf } from "./stores.ts";

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
    const { filesRead, unchanged } = imported;
    const listed = await writeRun(
      report,
      store,
      call,
      filesRead,
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
  await checkFollowable(path);
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
    const { filesRead, unchanged } = imported;
    listed = await writeRun(
      report,
      store,
      call,
      filesRead,
      unchanged,
      !first || call.flags.on("only-changed"),
    );
    first = false;
  }
  call.progress.clear();
  note("  Stopped.\n");
  return failCode(level, listed);
}

/** A path that is not there is spelt wrong more often than it is to come. */
async function checkFollowable(path: string): Promise<void> {
  if (path === STDIN) {
    throw new UsageError("Cannot run --follow with -: it ends by itself", {
      hint: "follow the folder that Zeek writes to",
    });
  }
  try {
    await Deno.stat(path);
  } catch (cause) {
    const why = fileProblem(cause, "there is no such file or folder");
    throw new SkerryError(`Cannot follow ${path}: ${why}`, {
      hint: "give the folder that Zeek writes to, or one log",
      cause,
    });
  }
}
