// The command line: arguments in, exit code out. 0 done, 1 error, 2 usage,
// 3 found what --fail-on names, 130 stopped by Ctrl-C. Results go to stdout, everything else to stderr.
import {
  type Call,
  checkOutput,
  COMMANDS,
  note,
  type PageOptions,
  print,
} from "./pipeline/cli/mod.ts";
import {
  type Environment,
  helpText,
  messageOf,
  type Parsed,
  parseFlags,
  ProgressPrinter,
  type SessionStore,
  SkerryError,
  type Terminal,
  UsageError,
  VERSION,
  visible,
  wording,
} from "./pipeline/mod.ts";

// Files that are read at run time are found from here, the top of the tree:
// this module keeps its place in a checkout and in a compiled binary.
const ROOT = new URL("./", import.meta.url);

/**
 * A module of the web part, by a path that is no literal: `deno run` would go
 * through all that is behind one at every command's start, which takes 0.3 s.
 * tools/compile.ts puts both into the binary.
 */
function webPart<Module>(path: string): Promise<Module> {
  return import(path);
}

/** Loads the web part only here: it would slow every other command's start. */
async function serve(
  store: SessionStore,
  page: PageOptions,
  signal: AbortSignal,
): Promise<void> {
  const [{ serve }, { sessionClusters }] = await Promise.all([
    webPart<typeof import("./routes/_server.ts")>("./routes/_server.ts"),
    webPart<typeof import("./routes/_session_clusters.ts")>(
      "./routes/_session_clusters.ts",
    ),
  ]);
  await serve(ROOT, {
    ...page,
    store,
    with: (store) => ({ clusters: sessionClusters(store) }),
    version: VERSION,
    signal,
    onListen: ({ hostname, port }) =>
      note(`  Skerry serves http://${hostname}:${port}/ until Ctrl-C\n`),
  });
}

/** The environment variables that are read, and nothing deeper reads any. */
const VARIABLES = [
  "SKERRY_STORE",
  "SKERRY_DB_PASSWORD",
  "HOME",
  "XDG_DATA_HOME",
  "LOCALAPPDATA",
  "USER",
  "USERNAME",
  "NO_COLOR",
  "TERM",
  "LANG",
  "LC_ALL",
] as const;

type Variables = Partial<Record<typeof VARIABLES[number], string>>;

function readEnvironment(): Variables & Environment {
  const { state } = Deno.permissions.querySync({
    name: "env",
    variable: "PATH",
  });
  // Only who may start programs, too, has been given it.
  const PATH = state === "granted" ? Deno.env.get("PATH") : undefined;
  return {
    PATH,
    ...Object.fromEntries(VARIABLES.map((name) => [name, Deno.env.get(name)])),
  };
}

function terminalOf(flags: Parsed, environment: Variables): Terminal {
  const { NO_COLOR, TERM, LANG, LC_ALL } = environment;
  const live = Deno.stdout.isTerminal();
  const columns = live ? Deno.consoleSize().columns : 100;
  return {
    width: Math.min(100, Math.max(60, columns)),
    colour: live && !NO_COLOR && TERM !== "dumb" && !flags.on("no-color"),
    unicode: !live || /utf-?8/i.test(LC_ALL ?? LANG ?? "utf-8"),
  };
}

function timeZoneOf(flags: Parsed): string {
  const timeZone = flags.text("tz") ?? "UTC";
  try {
    wording.time(1e9, timeZone);
  } catch (cause) {
    throw new UsageError(
      `Cannot read --tz: there is no time zone ${JSON.stringify(timeZone)}`,
      {
        hint: "write it as Europe/Berlin or UTC",
        cause,
      },
    );
  }
  return timeZone;
}

function overview(): string {
  return [
    `Skerry ${VERSION} finds what hides in Zeek logs: hosts that beacon, tunnel or behave like no other.`,
    "",
    "Usage: skerry COMMAND [operands] [flags]",
    "",
    ...COMMANDS.flatMap(({ spec: { name, operands, doc } }) =>
      wording.columns(`${name} ${operands}`, doc.split(/[.:]/)[0], 34)
    ),
    "",
    "Begin with   skerry run DIR        help of one command   skerry COMMAND --help",
    "In a checkout, without the binary: deno task COMMAND",
    "Exit codes   0 done, 1 error, 2 usage, 3 found what --fail-on names, 130 stopped by Ctrl-C",
    "",
  ].join("\n");
}

/** Aborts on Ctrl-C and SIGTERM; a second one ends the process at once. */
function stopOnSignals(): AbortController {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) Deno.exit(130);
    controller.abort(new DOMException("stopped", "AbortError"));
  };
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
  return controller;
}

/** @returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const controller = stopOnSignals();
  let progress: ProgressPrinter | undefined;
  try {
    if (name === undefined || ["--help", "-h", "help"].includes(name)) {
      print(overview(), "");
      return name === undefined ? 2 : 0;
    }
    if (name === "--version" || name === "version") {
      print(`skerry ${VERSION}`);
      return 0;
    }
    const command = COMMANDS.find(({ spec }) => spec.name === name);
    if (!command) {
      throw new UsageError(
        `Cannot run ${JSON.stringify(name)}: there is no such command`,
        { hint: "see   skerry --help" },
      );
    }
    const flags = parseFlags(command.spec, rest);
    if (flags.on("help")) {
      print(helpText(command.spec), "");
      return 0;
    }
    const { signal } = controller;
    const environment = readEnvironment();
    const terminal = terminalOf(flags, environment);
    progress = new ProgressPrinter(terminal, Deno.stderr.isTerminal(), note);
    const call: Call = {
      flags,
      terminal,
      timeZone: timeZoneOf(flags),
      progress,
      signal,
      environment,
      serve: (store, page) => serve(store, page, signal),
    };
    await checkOutput(call);
    const code = await command.run(call);
    progress.clear();
    return code ?? 0;
  } catch (error) {
    progress?.clear();
    return failure(error, controller.signal);
  }
}

/** Says what went wrong, and what to do; the exit code. */
function failure(error: unknown, signal: AbortSignal): number {
  if (error instanceof Deno.errors.BrokenPipe) return 0;
  if (isStop(error, signal)) {
    note(
      "  Stopped. Nothing half-read shows, and the next run goes on from here.\n",
    );
    return 130;
  }
  note(`${visible(messageOf(error))}\n`);
  if (error instanceof SkerryError && error.hint) {
    note(`  ${visible(error.hint)}\n`);
  } else if (!isMeant(error)) {
    note(`${error instanceof Error ? error.stack : ""}\n`);
  }
  return error instanceof UsageError ? 2 : 1;
}

/** Ctrl-C, as a signal, or as a key while a password is typed. */
function isStop(error: unknown, signal: AbortSignal): boolean {
  return (signal.aborted && error === signal.reason) ||
    (error instanceof DOMException && error.name === "AbortError");
}

/** Errors with a sentence for people; anything else is a defect of ours. */
function isMeant(error: unknown): boolean {
  return error instanceof SkerryError || error instanceof RangeError;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
