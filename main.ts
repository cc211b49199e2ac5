// The command line: arguments in, exit code out. 0 done, 1 error, 2 usage,
// 130 stopped by Ctrl-C. Results go to stdout, everything else to stderr.
import {
  applyClusters,
  clusterDBSCAN,
  clusteringJson,
  clusteringText,
  clusterKMeans,
  type ClusterModel,
  COMMAND_SPECS,
  type Dataset,
  datasetsText,
  DBSCAN_PARAMS,
  defaultStore,
  evaluate,
  evaluationText,
  FEATURE_SETS,
  findingJson,
  findingsCsv,
  findingsText,
  findingText,
  type FoundLogs,
  helpText,
  hunt,
  importLogs,
  importText,
  KMEANS_PARAMS,
  loadModel,
  logsUnder,
  messageOf,
  MLP_PARAMS,
  openStore,
  type Parsed,
  parseDuration,
  parseFlags,
  parseNetworks,
  parseTime,
  parseTruth,
  predictionJson,
  predictionText,
  predictWith,
  ProgressPrinter,
  type RankedFinding,
  readRecords,
  type Records,
  recordsCsv,
  type RecordSource,
  runJson,
  type RunReport,
  runText,
  saveModel,
  type SessionStore,
  SkerryError,
  type Terminal,
  trainingJson,
  trainingText,
  trainNet,
  UsageError,
  VERSION,
  visible,
  wording,
} from "./pipeline/mod.ts";

// Files that are read at run time are found from here, the top of the tree:
// this module keeps its place in a checkout and in a compiled binary.
const ROOT = new URL("./", import.meta.url);

/** What a command gets. */
interface Call {
  readonly flags: Parsed;
  readonly terminal: Terminal;
  /** IANA name for display. */
  readonly timeZone: string;
  readonly progress: ProgressPrinter;
  readonly signal: AbortSignal;
}

type Run = (call: Call) => Promise<void>;

/** What each command of {@link COMMAND_SPECS} does. */
const RUNS: Readonly<Record<string, Run>> = {
  run: runCommand,
  import: importCommand,
  hunt: huntCommand,
  findings: findingsCommand,
  show: showCommand,
  mark: markCommand,
  kmeans: (call) => clusterCommand(call, "kmeans"),
  dbscan: (call) => clusterCommand(call, "dbscan"),
  mlp: mlpCommand,
  evaluate: evaluateCommand,
  datasets: datasetsCommand,
  serve: serveCommand,
};

async function runCommand(call: Call): Promise<void> {
  const path = operand(call, 0, "run", "a folder of Zeek logs");
  const window = windowOf(call);
  const logs = await logsUnder(path, optionsOf(call));
  await using store = await storeOf(call);
  const { dataset, imported } = await importInto(store, path, logs, call);
  const report = await huntIn(store, dataset, window, call, imported);
  await writeRun(
    report,
    store,
    call,
    imported.newFiles.size,
    imported.unchanged,
  );
  if (call.flags.on("open")) await servePages(store, call);
}

async function importCommand(call: Call): Promise<void> {
  const path = operand(call, 0, "import", "a folder of Zeek logs");
  const logs = await logsUnder(path, optionsOf(call));
  await using store = await storeOf(call);
  const { dataset, imported } = await importInto(store, path, logs, call);
  print(
    importText(
      dataset.name,
      imported,
      call.terminal,
      (words) => typed(call, words),
    ),
  );
}

async function huntCommand(call: Call): Promise<void> {
  const window = windowOf(call);
  const name = operand(call, 0, "hunt", "a dataset");
  await using store = await storeOf(call);
  const dataset = await datasetNamed(store, name);
  const report = await huntIn(store, dataset, window, call);
  const files = await store.importedFiles(dataset);
  await writeRun(report, store, call, 0, files.length);
}

type Imported = Awaited<ReturnType<typeof importLogs>>;

async function importInto(
  store: SessionStore,
  path: string,
  logs: FoundLogs,
  call: Call,
) {
  const name = call.flags.text("dataset") ?? absolute(path);
  const before = await store.findDataset(name);
  const dataset = await store.openDataset(name);
  if (before && call.flags.on("fresh")) await store.clearDataset(dataset);
  const imported = await importLogs(store, dataset, logs, optionsOf(call));
  return { dataset, imported };
}

function huntIn(
  store: SessionStore,
  dataset: Dataset,
  window: ReturnType<typeof windowOf>,
  call: Call,
  imported?: Imported,
): Promise<RunReport> {
  return hunt(store, dataset, {
    ...optionsOf(call),
    ...window,
    newFiles: imported?.newFiles,
    notes: imported?.notes,
    timings: imported?.timings,
  });
}

/** The flags that say what is hunted in, checked before anything is read. */
function windowOf({ flags }: Call) {
  const given = <T>(name: string, parse: (text: string) => T) => {
    const text = flags.text(name);
    return text === undefined ? undefined : understood(() => parse(text));
  };
  return {
    from: given("from", parseTime),
    to: given("to", parseTime),
    last: given("last", parseDuration),
    internal: given("internal", parseNetworks),
    score: choice(flags, "score", ["skerry", "rita"]),
    without: flags.text("without")?.split(",").map((name) => name.trim()),
  };
}

async function writeRun(
  report: RunReport,
  store: SessionStore,
  call: Call,
  newFiles: number,
  unchanged: number,
): Promise<void> {
  await deliver(call, {
    json: () => runJson(report),
    csv: () => findingsCsv(report.findings),
    text: () =>
      runText(report, {
        terminal: call.terminal,
        timeZone: call.timeZone,
        newFiles,
        unchanged,
        location: store.location,
        command: (words) => typed(call, words),
        limit: limitOf(call, 10),
      }),
  });
}

async function findingsCommand(call: Call): Promise<void> {
  await using store = await storeOf(call, true);
  const run = await lastRun(store, call);
  const findings = await store.findings(run, {
    limit: limitOf(call, 100),
    minScore: numberFlag(call, "min-score", 0.2),
    withSeries: false,
  });
  await deliver(call, {
    json: () => findings.map(findingJson),
    csv: () => findingsCsv(findings),
    text: () =>
      [
        "",
        ...findingsText(findings, {
          terminal: call.terminal,
          limit: findings.length,
        }),
        "",
      ].join("\n"),
  });
}

async function showCommand(call: Call): Promise<void> {
  const id = operand(call, 0, "show", "the id or rank of a finding");
  await using store = await storeOf(call, true);
  const finding = await findingOf(store, call, id);
  const run = await lastRunSummary(store, call);
  const dataset = await datasetNamed(store, run.dataset);
  const records = await store.recordsOf(dataset, finding.uids);
  const opinion = await store.opinion(finding.id);
  await deliver(call, {
    json: () => ({ ...findingJson(finding), opinion, records }),
    csv: () => recordsCsv(records.map(({ fields }) => fields)),
    text: () => findingText(finding, opinion, records, call),
  });
}

async function markCommand(call: Call): Promise<void> {
  const { flags } = call;
  const id = operand(call, 0, "mark", "the id or rank of a finding");
  const verdict = choice(flags, "verdict", [
    "malicious",
    "benign",
    "unsure",
    "none",
  ]);
  const regular = choice(flags, "regular", ["yes", "no", "none"]);
  const note = flags.text("note"), tags = flags.text("tags");
  if ([verdict, regular, note, tags].every((given) => given === undefined)) {
    throw new UsageError(
      "Cannot mark a finding: say what with --verdict, --regular, --note or --tags",
    );
  }
  await using store = await storeOf(call);
  const finding = await findingOf(store, call, id);
  if (verdict) {
    await store.setVerdict(finding.id, verdict === "none" ? null : verdict);
  }
  if (regular) {
    await store.setRegular(
      finding.id,
      regular === "none" ? null : regular === "yes",
    );
  }
  if (note) await store.addNote(finding.id, note);
  if (tags !== undefined) {
    await store.setTags(finding.id, tags.split(",").filter(Boolean));
  }
  print(findingText(finding, await store.opinion(finding.id), [], call));
}

async function clusterCommand(
  call: Call,
  kind: "kmeans" | "dbscan",
): Promise<void> {
  const { flags } = call;
  const load = flags.text("load-model");
  const fit = fitOf(call, kind);
  const saved = load ? await loadModel(load, kind) as ClusterModel : null;
  const set = saved?.featureSet ?? featuresFlag(call, "session");
  await withRecords(
    call,
    FEATURE_SETS.find((s) => s.name === set)!.logType,
    async (records) => {
      const clustering = saved
        ? applyClusters(records, saved)
        : await fit(records, set);
      await keepModel(call, clustering.model);
      await deliver(call, {
        json: () => clusteringJson(clustering, records),
        csv: () =>
          recordsCsv(
            clustering.outliers.map((i) => ({
              cluster: clustering.labels[i],
              ...records.row(i),
            })),
          ),
        text: () => clusteringText(clustering, records, listing(call)),
      });
    },
  );
}

/** Checks the parameters at once, and fits when the records are there. */
function fitOf(call: Call, kind: "kmeans" | "dbscan") {
  if (kind === "kmeans") {
    const params = call.flags.params("fit KMeans", KMEANS_PARAMS);
    return (records: Records, set: string) =>
      clusterKMeans(records, set, params, optionsOf(call));
  }
  const params = call.flags.params("fit DBSCAN", DBSCAN_PARAMS);
  return (records: Records, set: string) =>
    clusterDBSCAN(records, set, params, optionsOf(call));
}

async function mlpCommand(call: Call): Promise<void> {
  const { flags } = call;
  const [verb, ...rest] = flags.operands;
  if (verb !== "train" && verb !== "predict") {
    throw new UsageError(
      `Cannot run mlp: the first operand must be train or predict, got ${
        JSON.stringify(verb ?? "")
      }`,
      { hint: "skerry mlp train http.log.gz --train 0.8" },
    );
  }
  const inner = { ...call, flags: { ...flags, operands: rest } };
  await (verb === "train" ? mlpTrain(inner) : mlpPredict(inner));
}

async function mlpTrain(call: Call): Promise<void> {
  const params = call.flags.params("fit MLPClassifier", MLP_PARAMS);
  const train = numberFlag(call, "train", 20_000);
  if (!(train > 0) || (train >= 1 && !Number.isInteger(train))) {
    throw new UsageError(
      `Cannot train: --train must be a whole number of rows or a share between 0 and 1, got ${train}`,
    );
  }
  const labelColumn = call.flags.text("label-column");
  await withRecords(call, "http", async (records) => {
    const training = await trainNet(
      records,
      featuresFlag(call, "http"),
      params,
      {
        ...optionsOf(call),
        train,
        labelColumn,
      },
    );
    await keepModel(call, training.net);
    await deliver(call, {
      json: () => trainingJson(training, records),
      csv: () =>
        recordsCsv(
          training.hits.map((hit) => ({
            probability: hit.probability,
            ...records.row(hit.row),
          })),
        ),
      text: () => trainingText(training, records, listing(call)),
    });
  });
}

async function mlpPredict(call: Call): Promise<void> {
  const load = call.flags.text("load-model");
  if (!load) {
    throw new UsageError(
      "Cannot predict without a net: give one with --load-model FILE",
      {
        hint: "skerry mlp train http.log.gz --train 0.8 --save-model net.json",
      },
    );
  }
  const net = await loadModel(load, "mlp");
  await withRecords(call, "http", async (records) => {
    const prediction = predictWith(
      net,
      records,
      call.flags.text("label-column"),
    );
    await deliver(call, {
      json: () => predictionJson(prediction, records),
      csv: () =>
        recordsCsv(
          prediction.hits.map((hit) => ({
            probability: hit.probability,
            ...records.row(hit.row),
          })),
        ),
      text: () => predictionText(prediction, records, listing(call)),
    });
  });
}

async function evaluateCommand(call: Call): Promise<void> {
  const path = operand(call, 0, "evaluate", "a folder of Zeek logs");
  const truthPath = call.flags.text("truth");
  if (!truthPath) {
    throw new UsageError(
      "Cannot evaluate without the truth: give it with --truth TRUTH.tsv",
    );
  }
  const { internal } = windowOf(call);
  const truth = parseTruth(await readText(truthPath), truthPath);
  await using store = await openStore(":memory:");
  const { overall, byDetector } = await evaluate(store, path, truth, {
    ...optionsOf(call),
    internal,
  });
  await deliver(call, {
    json: () => ({ overall, byDetector }),
    csv: () => "",
    text: () => evaluationText({ overall, byDetector }, call.terminal),
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new SkerryError(`Cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function datasetsCommand(call: Call): Promise<void> {
  await using store = await storeOf(call, true);
  const datasets = await store.datasets();
  await deliver(call, {
    json: () => datasets,
    csv: () => "",
    text: () => datasetsText(datasets, call.terminal, call.timeZone),
  });
}

async function serveCommand(call: Call): Promise<void> {
  await using store = await storeOf(call);
  await servePages(store, call);
}

/** Loads the web part only here: it would slow every other command's start. */
async function servePages(store: SessionStore, call: Call): Promise<void> {
  const port = numberFlag(call, "port", 8000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(
      `Cannot serve: --port must be an integer in [0, 65535], got ${port}`,
    );
  }
  const [{ serve }, { sessionClusters }] = await Promise.all([
    import("./routes/_server.ts"),
    import("./routes/_session_clusters.ts"),
  ]);
  await serve(ROOT, {
    store,
    port,
    version: VERSION,
    signal: call.signal,
    clusters: sessionClusters(store),
    onListen: ({ hostname, port }) =>
      note(`  Skerry serves http://${hostname}:${port}/ until Ctrl-C\n`),
  });
}

interface Output {
  json(): unknown;
  csv(): string;
  text(): string;
}

/** Files for --json and --csv; text on stdout unless one of them is "-". */
async function deliver(call: Call, output: Output): Promise<void> {
  call.progress.clear();
  const json = call.flags.text("json"), csv = call.flags.text("csv");
  if (json === "-" && csv === "-") {
    throw new UsageError(
      "Cannot write JSON and CSV to the same stdout: give one of them a file",
    );
  }
  if (json) await write(json, JSON.stringify(output.json(), null, 2) + "\n");
  if (csv) await write(csv, output.csv());
  if (json !== "-" && csv !== "-") print(output.text());
}

async function write(path: string, text: string): Promise<void> {
  if (path === "-") return print(text, "");
  try {
    await Deno.writeTextFile(path, text);
  } catch (error) {
    throw new SkerryError(`Cannot write ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function withRecords(
  call: Call,
  logType: string,
  use: (records: Records) => Promise<void>,
): Promise<void> {
  const target = call.flags.operands[0];
  const extraFields = call.flags.text("label-column")
    ? [{ name: call.flags.text("label-column")!, type: "string" }]
    : [];
  const read = async (source: RecordSource) =>
    await use(
      await readRecords(source, logType, { ...optionsOf(call), extraFields }),
    );
  if (target !== undefined && await exists(target)) {
    return await read({ path: target });
  }
  await using store = await storeOf(call, true);
  const name = target ?? (await lastRunSummary(store, call)).dataset;
  await read({ store, dataset: await datasetNamed(store, name) });
}

async function keepModel(
  call: Call,
  model: Parameters<typeof saveModel>[1],
): Promise<void> {
  const path = call.flags.text("save-model");
  if (!path) return;
  await saveModel(path, model);
  call.progress.clear();
  note(`  the model is kept in ${path}\n`);
}

function storeOf(call: Call, readOnly = false): Promise<SessionStore> {
  const { SKERRY_STORE, HOME, XDG_DATA_HOME, LOCALAPPDATA } = environment();
  const location = call.flags.text("store") ??
    defaultStore(
      { SKERRY_STORE, HOME, XDG_DATA_HOME, LOCALAPPDATA },
      Deno.build.os,
    );
  return openStore(location, { readOnly });
}

/** How the next command is typed, so that it reaches the same store. */
function typed(call: Call, words: string): string {
  const store = call.flags.text("store");
  const program = Deno.build.standalone ? "skerry" : "deno task";
  return `${program} ${words}${store ? ` --store ${store}` : ""}`;
}

async function datasetNamed(
  store: SessionStore,
  name: string,
): Promise<Dataset> {
  const found = await store.findDataset(name) ??
    await store.findDataset(absolute(name));
  if (found) return found;
  const names = (await store.datasets()).map((dataset) => dataset.name);
  throw new SkerryError(
    `Cannot find ${name}: there is no such file, folder or dataset`,
    {
      hint: names.length === 0
        ? "the store is empty: skerry run DIR"
        : `the store has ${names.slice(0, 5).join(", ")}`,
    },
  );
}

async function lastRunSummary(store: SessionStore, call: Call) {
  const name = call.flags.text("dataset");
  const run = await store.lastRun(
    name ? await datasetNamed(store, name) : undefined,
  );
  if (run) return run;
  throw new SkerryError("Cannot show findings: nothing has been hunted yet", {
    hint: "skerry run DIR",
  });
}

const lastRun = async (store: SessionStore, call: Call) =>
  (await lastRunSummary(store, call)).id;

async function findingOf(
  store: SessionStore,
  call: Call,
  id: string,
): Promise<RankedFinding> {
  const run = await lastRun(store, call);
  const byRank = /^\d{1,7}$/.test(id)
    ? (await store.findings(run, { limit: Number(id), withSeries: false }))
      .find(({ rank }) => rank === Number(id))
    : undefined;
  const finding = await store.finding(run, byRank?.id ?? id);
  if (finding) return finding;
  throw new SkerryError(`Cannot find the finding ${id} in the last run`, {
    hint: "skerry findings",
  });
}

function operand(call: Call, i: number, command: string, what: string): string {
  const given = call.flags.operands[i];
  if (given !== undefined) return given;
  throw new UsageError(`Cannot run ${command}: give ${what}`, {
    hint: `see   skerry ${command} --help`,
  });
}

function numberFlag(call: Call, name: string, otherwise: number): number {
  const text = call.flags.text(name);
  if (text === undefined) return otherwise;
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new UsageError(
    `Cannot read --${name}: it must be a number, got ${JSON.stringify(text)}`,
  );
}

function limitOf(call: Call, otherwise: number): number {
  const limit = numberFlag(call, "limit", otherwise);
  if (Number.isInteger(limit) && limit >= 0) return limit;
  throw new UsageError(
    `Cannot read --limit: it must be a whole number, got ${limit}`,
  );
}

function choice<T extends string>(
  flags: Parsed,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = flags.text(name);
  if (text === undefined || values.includes(text as T)) {
    return text as T | undefined;
  }
  throw new UsageError(
    `Cannot read --${name}: it must be one of ${values.join(", ")}, got ${
      JSON.stringify(text)
    }`,
  );
}

function featuresFlag(call: Call, otherwise: string): string {
  const logType = FEATURE_SETS.find((set) => set.name === otherwise)!.logType;
  const mlp = logType === "http";
  const names = FEATURE_SETS.filter((set) => !mlp || set.logType === logType)
    .map((set) => set.name);
  return choice(call.flags, "features", names) ?? otherwise;
}

/** Turns what a parser throws into a usage error. */
function understood<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}

const listing = (call: Call) => ({
  terminal: call.terminal,
  timeZone: call.timeZone,
  limit: limitOf(call, 10),
});
const optionsOf = ({ signal, progress }: Call) => ({
  signal,
  onProgress: progress.show,
});

/** Without a final slash, so that one folder is one dataset. */
function absolute(path: string): string {
  const base = new URL(`file://${Deno.cwd()}/`);
  const url = new URL(path.replace(/[%?#]/g, encodeURIComponent), base);
  const full = decodeURIComponent(url.pathname);
  return full.length > 1 && full.endsWith("/") ? full.slice(0, -1) : full;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The environment variables that are read, and nothing deeper reads any. */
const VARIABLES = [
  "SKERRY_STORE",
  "HOME",
  "XDG_DATA_HOME",
  "LOCALAPPDATA",
  "NO_COLOR",
  "TERM",
  "LANG",
  "LC_ALL",
] as const;

function environment(): Partial<Record<typeof VARIABLES[number], string>> {
  return Object.fromEntries(
    VARIABLES.map((name) => [name, Deno.env.get(name)]),
  );
}

function terminalOf(flags: Parsed): Terminal {
  const { NO_COLOR, TERM, LANG, LC_ALL } = environment();
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

function print(text: string, end = "\n"): void {
  writeAll(Deno.stdout, text + end);
}

function note(text: string): void {
  writeAll(Deno.stderr, text);
}

function writeAll(
  to: { writeSync(p: Uint8Array): number },
  text: string,
): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
}

function overview(): string {
  return [
    `Skerry ${VERSION} finds what hides in Zeek logs: hosts that beacon, tunnel or behave like no other.`,
    "",
    "Usage: skerry COMMAND [operands] [flags]",
    "",
    ...COMMAND_SPECS.map(({ name, operands, doc }) =>
      `  ${`${name} ${operands}`.padEnd(30)}${doc.split(/[.:]/)[0]}`
    ),
    "",
    "Begin with   skerry run DIR        help of one command   skerry COMMAND --help",
    "In a checkout, without the binary: deno task COMMAND",
    "Exit codes   0 done, 1 error, 2 usage, 130 stopped by Ctrl-C",
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
  if (
    name === undefined || name === "--help" || name === "-h" || name === "help"
  ) {
    print(overview(), "");
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "version") {
    print(`skerry ${VERSION}`);
    return 0;
  }
  const controller = stopOnSignals();
  let progress: ProgressPrinter | undefined;
  try {
    const spec = COMMAND_SPECS.find((command) => command.name === name);
    if (!spec) {
      throw new UsageError(
        `Cannot run ${JSON.stringify(name)}: there is no such command`,
        {
          hint: "see   skerry --help",
        },
      );
    }
    const flags = parseFlags(spec, rest);
    if (flags.on("help")) {
      print(helpText(spec), "");
      return 0;
    }
    const terminal = terminalOf(flags);
    progress = new ProgressPrinter(terminal, Deno.stderr.isTerminal(), note);
    const { signal } = controller;
    const timeZone = timeZoneOf(flags);
    await RUNS[spec.name]({ flags, terminal, timeZone, progress, signal });
    progress.clear();
    return 0;
  } catch (error) {
    progress?.clear();
    return failure(error, controller.signal);
  }
}

/** Says what went wrong, and what to do; the exit code. */
function failure(error: unknown, signal: AbortSignal): number {
  if (error instanceof Deno.errors.BrokenPipe) return 0;
  if (signal.aborted && error === signal.reason) {
    note("  Stopped. Nothing half-read is kept.\n");
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

/** Errors with a sentence for people; anything else is a defect of ours. */
function isMeant(error: unknown): boolean {
  return error instanceof SkerryError || error instanceof RangeError;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
