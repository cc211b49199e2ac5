import { SkerryError } from "./errors.ts";
import {
  fileFingerprint,
  type FileReport,
  findLogs,
  type FoundLogs,
  type LogFile,
  PLACE_FIELDS,
  placeOf,
  readLogs,
  ScratchFolder,
  sensorsOf,
  typesKept,
  withSensor,
} from "./ingest/mod.ts";
import { type FreshLog, freshLogs, inodeOf } from "./known_logs.ts";
import { isLogType, type RecordsKept } from "./log_type_name.ts";
import type { RunOptions } from "./progress.ts";
import type { ImportReport } from "./run_report.ts";
import { isUnkept } from "./store/files.ts";
import type {
  Dataset,
  ImportedFile,
  ImportWriter,
  SessionStore,
} from "./store/session_store.ts";

export { STDIN } from "./ingest/mod.ts";

/** What one import did. */
export interface ImportResult {
  /** Paths that were read; files with known content are not read again. */
  readonly newFiles: ReadonlySet<string>;
  /** Records kept from the new files. */
  readonly records: number;
  /** Bytes of the new files, as they lie on disk. */
  readonly bytes: number;
  /** Lines skipped in the new files. */
  readonly skipped: number;
  readonly unchanged: number;
  /** Sentences: what was not read, and why. */
  readonly notes: readonly string[];
  /** Seconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/** How far one file of an import is. */
export interface FileProgress {
  readonly path: string;
  /** Bytes on disk, and those that are read. */
  readonly size: number;
  readonly bytes: number;
  /** "unchanged" is not read: its content is in the dataset already. */
  readonly state: "waiting" | "reading" | "read" | "unchanged";
  readonly records: number;
  /** Lines; known when the file is read. */
  readonly skipped: number;
  /** Since its first record came, of a file that is being read or was. */
  readonly seconds: number;
}

export interface ImportOptions extends RunOptions {
  /** Whose the records are that name no sensor; their folder's where absent. */
  readonly sensor?: string;
  /**
   * Which logs are kept besides conn, http, dns and ssl: none, those of Zeek
   * that tell of connections, files and hosts ("known", where absent), or all
   * that have a time.
   */
  readonly records?: RecordsKept;
  /** Told of every file at first, then whenever one has changed. */
  readonly onFile?: (file: FileProgress) => void;
}

/** Logs that may have been unpacked; to be disposed of when they are read. */
export interface LogsUnder extends FoundLogs, AsyncDisposable {}

/**
 * The Zeek logs under a path; to be asked before a store is opened, so that a
 * wrong path leaves nothing behind. Tar archives are unpacked, "-" is standard
 * input.
 *
 * @throws SkerryError when there is none, or the path cannot be read.
 */
export async function logsUnder(
  path: string,
  options: RunOptions = {},
): Promise<LogsUnder> {
  const scratch = new ScratchFolder();
  try {
    const found = await findLogs(path, { ...options, scratch });
    if (found.logs.length === 0) throw nothingFound(path, found.ignored);
    return {
      ...found,
      [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
    };
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Reads logs into the dataset, each content once; a file that has grown is read
 * on from where it ended. All new records become visible together; after an
 * abort, an error or a kill the next import goes on with the files that are
 * missing.
 *
 * @param source a path, or what {@link logsUnder} found there.
 * @throws SkerryError when the path has no Zeek logs or cannot be read.
 */
export async function importLogs(
  store: SessionStore,
  dataset: Dataset,
  source: string | FoundLogs,
  options: ImportOptions = {},
): Promise<ImportResult> {
  if (typeof source === "string") {
    await using found = await logsUnder(source, options);
    return await importLogs(store, dataset, found, options);
  }
  const began = performance.now();
  const { logs, ignored } = source;
  const writer = await store.beginImport(dataset, options);
  try {
    const wanted = typesKept(options.records ?? "known");
    const known = writer.known.filter((file) => !isReadAgain(file, wanted));
    const fresh = await freshLogs(logs, known, options);
    const sensorOf = sensorsOf(logs, options.sensor);
    const watch = new Watch(logs, fresh, options.onFile);
    const files = await readAll(writer, fresh, watch, { ...options, sensorOf });
    await writer.finish();
    const read = files.filter(({ reports }) => reports.length > 0);
    const seconds = Math.round(performance.now() - began) / 1000;
    return {
      newFiles: new Set(read.map((file) => file.path)),
      records: total(read, "records"),
      skipped: total(read, "skipped"),
      bytes: read.reduce((sum, { size }) => sum + size, 0),
      unchanged: logs.length - read.length,
      notes: [
        ...leftOut([...known, ...files], options.records),
        ...notOfZeek(ignored),
        ...(options.sensor === undefined
          ? folderNotes(logs.map(sensorOf))
          : []),
      ],
      timings: { reading: seconds },
    };
  } catch (error) {
    await aborted(writer);
    throw error;
  }
}

/** Keeps count of the files for whoever looks on. */
class Watch {
  readonly #files = new Map<string, FileProgress>();
  readonly #began = new Map<string, number>();

  constructor(
    logs: readonly LogFile[],
    fresh: readonly FreshLog[],
    readonly tell?: (file: FileProgress) => void,
  ) {
    const unread = new Set(
      fresh.filter(({ nothingNew }) => !nothingNew).map(({ log }) => log),
    );
    for (const log of logs) {
      const state = unread.has(log) ? "waiting" : "unchanged";
      this.#set(log, { state });
    }
  }

  read(log: LogFile, bytes: number): void {
    this.#set(log, { state: "reading", bytes });
  }

  add(log: LogFile, records: number): void {
    const before = this.#files.get(log.path)!;
    this.#set(log, { state: "reading", records: before.records + records });
  }

  /** @returns how many seconds it took. */
  end(log: LogFile, { streams }: FileReport): number {
    const sum = (what: "records" | "skipped") =>
      streams.reduce((total, stream) => total + stream[what], 0);
    this.#set(log, {
      state: "read",
      bytes: log.size,
      records: sum("records"),
      skipped: sum("skipped"),
    });
    return this.#files.get(log.path)!.seconds;
  }

  #set({ path, size }: LogFile, changed: Partial<FileProgress>): void {
    const before = this.#files.get(path) ?? { ...UNREAD, path, size };
    // Workers still report bytes of a file whose last record has been taken.
    if (before.state === "read") return;
    const now = performance.now();
    if (changed.state !== "waiting" && !this.#began.has(path)) {
      this.#began.set(path, now);
    }
    const seconds = (now - (this.#began.get(path) ?? now)) / 1000;
    const file = { ...before, ...changed, seconds };
    this.#files.set(path, file);
    this.tell?.(file);
  }
}

const UNREAD = {
  bytes: 0,
  state: "waiting",
  records: 0,
  skipped: 0,
  seconds: 0,
} as const;

/** What went wrong is told by what went wrong first. */
async function aborted(writer: ImportWriter): Promise<void> {
  try {
    await writer.abort();
  } catch { // The store cannot be reached: its next import cleans up.
  }
}

async function readAll(
  writer: ImportWriter,
  fresh: readonly FreshLog[],
  watch: Watch,
  options: ImportOptions & {
    readonly sensorOf: (log: LogFile) => string | undefined;
  },
): Promise<ImportedFile[]> {
  const files: ImportedFile[] = [];
  const add = async (file: ImportedFile, number: number) => {
    files.push(file);
    await writer.addFile(file, number);
  };
  const numbers = new Map(fresh.map(({ log }, i) => [log, i]));
  for (const [i, known] of fresh.entries()) {
    if (known.nothingNew) await add(otherName(known), i);
  }
  const unread = fresh.filter(({ nothingNew }) => !nothingNew);
  const events = readLogs(unread.map(({ log }) => log), {
    signal: options.signal,
    onProgress: options.onProgress,
    extraFields: PLACE_FIELDS,
    logTypes: typesKept(options.records ?? "known"),
    storable: true,
    lend: true,
    onLogProgress: (log, bytes) => watch.read(log, bytes),
    start: (log) => fresh[numbers.get(log)!].continues?.start,
  });
  for await (const event of events) {
    const number = numbers.get(event.log)!;
    if ("batch" in event) {
      const batch = withSensor(event.batch, options.sensorOf(event.log));
      watch.add(event.log, batch.length);
      await writer.add(batch, number);
    } else {
      const seconds = watch.end(event.log, event.report);
      const file = await importedFile(fresh[number], event.report, seconds);
      await checkSameFile(fresh[number]);
      await add(file, number);
    }
  }
  options.signal?.throwIfAborted();
  return files;
}

/**
 * A log that was rotated since it was compared has given its name to another,
 * and what was read is not what was compared.
 *
 * @throws SkerryError where this is so.
 */
async function checkSameFile({ log, inode }: FreshLog): Promise<void> {
  const now = await inodeOf(placeOf(log));
  if (inode === null || now === null || now === inode) return;
  throw new SkerryError(
    `Cannot read ${log.path}: it was replaced while it was read`,
    { hint: "Begin again: the log has probably been rotated." },
  );
}

/** A file with nothing new in it: known under another name or form. */
function otherName(
  { log, hash, modifiedAt, continues }: FreshLog,
): ImportedFile {
  return {
    path: log.path,
    hash,
    size: log.size,
    modifiedAt,
    content: null,
    continues: continues!.hash,
    reports: [],
    otherRecords: {},
    notes: [],
  };
}

async function importedFile(
  { log, hash, modifiedAt, lines, continues }: FreshLog,
  report: FileReport,
  seconds: number,
): Promise<ImportedFile> {
  const { offset: from, line } = continues?.start ?? { offset: 0, line: 1 };
  return {
    path: log.path,
    hash,
    size: log.size,
    modifiedAt,
    content: {
      hash: await contentHash(log, lines, report),
      from,
      end: report.end,
      tail: report.tail,
      seconds,
    },
    continues: continues?.hash ?? null,
    reports: report.streams.map((stream): ImportReport => ({
      path: log.path,
      logType: stream.logType,
      format: stream.format,
      records: stream.records,
      skipped: stream.skipped,
      firstTs: Number.isNaN(stream.firstTs) ? null : stream.firstTs,
      lastTs: Number.isNaN(stream.lastTs) ? null : stream.lastTs,
      errors: stream.errors,
      status: "new",
    })),
    otherRecords: report.otherTypes,
    notes: [
      ...(continues
        ? [`${log.path} has grown: read on from line ${line}`]
        : []),
      ...(report.problem ? [`${log.path}: ${report.problem}`] : []),
      ...(report.clock ? [`${log.path}: ${report.clock}`] : []),
      ...moreSkipped(log, report),
      ...largeCounts(log, report),
    ],
  };
}

/** By reason, where not every line that was skipped is listed singly. */
function moreSkipped({ path }: LogFile, { streams }: FileReport): string[] {
  return streams.filter(({ skipped, errors }) => skipped > errors.length)
    .map(({ logType, skipped, errors, skippedByReason }) => {
      const reasons = Object.entries(skippedByReason)
        .sort(([, a], [, b]) => b - a)
        .slice(0, MOST_REASONS)
        .map(([reason, n]) => `${reason} (${n})`).join("; ");
      return `${path}: ${skipped} lines of ${logType} were skipped, the first ` +
        `${errors.length} are listed; by reason: ${reasons}`;
    });
}

/** Those of records kept that no number holds exactly, as they stood there. */
function largeCounts({ path }: LogFile, { streams }: FileReport): string[] {
  return streams.filter(({ large }) => large > 0)
    .map(({ logType, large, largeValues }) => {
      const shown = largeValues.slice(0, MOST_REASONS)
        .map(({ line, field, value }) => `line ${line} ${field} ${value}`);
      if (large > shown.length) shown.push(`and ${large - shown.length} more`);
      return `${path}: ${large} counts of ${logType} are 2^53 or more and ` +
        `unset in their records: ${shown.join("; ")}`;
    });
}

/** Reasons that a note names, those of most lines. */
const MOST_REASONS = 10;

/** Of the whole lines that were read, of which more may have come meanwhile. */
async function contentHash(
  log: LogFile,
  lines: FreshLog["lines"],
  { end, contentHash }: FileReport,
): Promise<string | null> {
  if (log.compression !== "none") {
    return contentHash ?? (lines?.end === end ? lines.hash : null);
  }
  if (lines === null || lines.end === end) return lines?.hash ?? null;
  const { prefixes } = await fileFingerprint(placeOf(log), [end]);
  return prefixes.get(end) ?? null;
}

function total(
  files: readonly ImportedFile[],
  what: "records" | "skipped",
): number {
  return files.flatMap(({ reports }) => reports)
    .reduce((sum, report) => sum + report[what], 0);
}

type Ignored = Awaited<ReturnType<typeof findLogs>>["ignored"];

/**
 * A file of which nothing was kept is read again once its log is wanted: it may
 * have been imported when fewer were.
 */
function isReadAgain(
  file: ImportedFile,
  wanted: ReadonlySet<string> | "all",
): boolean {
  return isUnkept(file) &&
    Object.keys(file.otherRecords).some((type) =>
      wanted === "all" ? isLogType(type) : wanted.has(type)
    );
}

/** Which records are not kept and why, and what else files have to say. */
function leftOut(
  files: readonly ImportedFile[],
  kept: RecordsKept = "known",
): string[] {
  const wanted = typesKept(kept);
  const others = new Map<string, number>(), before = new Map<string, number>();
  for (const { otherRecords } of files) {
    for (const [type, n] of Object.entries(otherRecords)) {
      const to = wanted !== "all" && wanted.has(type) ? before : others;
      to.set(type, (to.get(type) ?? 0) + n);
    }
  }
  const notes = files.flatMap((file) => file.notes);
  if (others.size > 0) notes.push(`${WHY_NOT[kept]}: ${listed(others)}`);
  if (before.size > 0) {
    notes.push(
      `an earlier import did not keep ${listed(before)} beside other records ` +
        "of the same file (--fresh reads all again)",
    );
  }
  return notes;
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort((a, b) => b[1] - a[1])
    .map(([type, n]) => `${type} ${n}`).join(", ");
}

function notOfZeek(ignored: Ignored): string[] {
  if (ignored.length === 0) return [];
  const [first] = ignored;
  return [
    ignored.length === 1
      ? `${first.path} is no Zeek log: ${first.reasons.join("; ")}`
      : `${ignored.length} files are no Zeek logs, the first ${first.path}: ${
        first.reasons.join("; ")
      }`,
  ];
}

/** Of records that are not kept. */
const WHY_NOT: Readonly<Record<RecordsKept, string>> = {
  none:
    "records that are not kept, for only conn, http, dns and ssl shall be " +
    "(--records none)",
  known: "records that are not kept, for their logs tell nothing of " +
    "connections, files or hosts that is known (--records all keeps them)",
  all: "records that are not kept, for their logs have a name or a number of " +
    "types that none of Zeek has",
};

function folderNotes(sensors: readonly (string | undefined)[]): string[] {
  const names = new Set(sensors.filter((name) => name !== undefined));
  return names.size === 0 ? [] : [
    `sensors are called after the folders ${
      [...names].sort().join(", ")
    } where records name none; --sensor NAME calls all of them so`,
  ];
}

function nothingFound(path: string, ignored: Ignored): SkerryError {
  const hint =
    "give a folder with Zeek's conn, http, dns or ssl logs (TSV or JSON, .gz or not)";
  const shown = ignored.slice(0, 3).map(({ path, reasons }) =>
    `${path} (${reasons.join("; ")})`
  ).join(", ");
  const more = ignored.length > 3 ? `, and ${ignored.length - 3} more` : "";
  return new SkerryError(
    `Cannot read ${path}: none of its files is a Zeek log: ${shown}${more}`,
    { hint },
  );
}
