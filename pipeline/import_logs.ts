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
import {
  folderNotes,
  leftOut,
  nothingFound,
  notOfZeek,
  streamNotes,
} from "./import_notes.ts";
import { type FileProgress, ImportWatch } from "./import_watch.ts";
import type { RunOptions } from "./progress.ts";
import type { ImportReport } from "./run_report.ts";
import { isUnkept } from "./store/files.ts";
import type {
  Dataset,
  ImportedFile,
  ImportWriter,
  SessionStore,
} from "./store/session_store.ts";

export type { FileProgress } from "./import_watch.ts";
export { STDIN } from "./ingest/mod.ts";

/** What one import did. */
export interface ImportResult {
  /** Paths of which records were kept; known content is not read again. */
  readonly newFiles: ReadonlySet<string>;
  /** Records kept from the new files. */
  readonly records: number;
  /** Bytes of the new files, as they lie on disk. */
  readonly bytes: number;
  /** Lines skipped in the new files. */
  readonly skipped: number;
  /** How many files were read, those of which nothing was kept among them. */
  readonly filesRead: number;
  /** Files that were not: their content had been read before. */
  readonly unchanged: number;
  /** Sentences: what was not read, and why. */
  readonly notes: readonly string[];
  /** Seconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
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
    const watch = new ImportWatch(logs, fresh, options.onFile);
    const files = await readAll(writer, fresh, watch, { ...options, sensorOf });
    await writer.finish();
    const read = files.filter(({ reports }) => reports.length > 0);
    const filesRead = files.filter(({ content }) => content !== null).length;
    const seconds = Math.round(performance.now() - began) / 1000;
    return {
      newFiles: new Set(read.map((file) => file.path)),
      records: total(read, "records"),
      skipped: total(read, "skipped"),
      bytes: read.reduce((sum, { size }) => sum + size, 0),
      filesRead,
      unchanged: logs.length - filesRead,
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
  watch: ImportWatch,
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
      ...streamNotes(log, report),
    ],
  };
}

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
