import { SkerryError } from "./errors.ts";
import {
  type FileReport,
  findLogs,
  type FoundLogs,
  hashFile,
  type LogFile,
  readLog,
} from "./ingest/mod.ts";
import type { Progress, RunOptions } from "./progress.ts";
import type { ImportReport } from "./run_report.ts";
import type {
  Dataset,
  ImportedFile,
  ImportWriter,
  SessionStore,
} from "./store/session_store.ts";

/** What one import did. */
export interface ImportResult {
  /** Paths that were read; files with known content are not read again. */
  readonly newFiles: ReadonlySet<string>;
  /** Records kept from the new files. */
  readonly records: number;
  /** Lines skipped in the new files. */
  readonly skipped: number;
  readonly unchanged: number;
  /** Sentences: what was not read, and why. */
  readonly notes: readonly string[];
  /** Seconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * The Zeek logs under a path; to be asked before a store is opened, so that a
 * wrong path leaves nothing behind.
 *
 * @throws SkerryError when there is none, or the path cannot be read.
 */
export async function logsUnder(
  path: string,
  options: RunOptions = {},
): Promise<FoundLogs> {
  const found = await findLogs(path, options);
  if (found.logs.length === 0) throw nothingFound(path, found.ignored);
  return found;
}

/**
 * Reads logs into the dataset, each content once. All new files become visible
 * together; an abort or an error leaves none of them.
 *
 * @param source a path, or what {@link logsUnder} found there.
 * @throws SkerryError when the path has no Zeek logs or cannot be read.
 */
export async function importLogs(
  store: SessionStore,
  dataset: Dataset,
  source: string | FoundLogs,
  options: RunOptions = {},
): Promise<ImportResult> {
  const began = performance.now();
  const { logs, ignored } = typeof source === "string"
    ? await logsUnder(source, options)
    : source;
  const known = await store.importedFiles(dataset);
  const fresh = await newLogs(logs, known, options);
  const files = fresh.length === 0
    ? []
    : await readAll(store, dataset, fresh, options);
  const seconds = Math.round(performance.now() - began) / 1000;
  return {
    newFiles: new Set(files.map((file) => file.path)),
    records: total(files, "records"),
    skipped: total(files, "skipped"),
    unchanged: logs.length - files.length,
    notes: notesOf([...known, ...files], ignored),
    timings: { reading: seconds },
  };
}

interface HashedLog {
  readonly log: LogFile;
  readonly hash: string;
}

/** Logs whose content the dataset does not have yet, each content once. */
async function newLogs(
  logs: readonly LogFile[],
  known: readonly ImportedFile[],
  options: RunOptions,
): Promise<HashedLog[]> {
  const seen = new Set(known.map(({ hash }) => hash));
  const out: HashedLog[] = [];
  for (const [done, log] of logs.entries()) {
    options.onProgress?.({
      stage: "comparing",
      done,
      total: logs.length,
      unit: "files",
    });
    const hash = await hashFile(log.path, { signal: options.signal });
    if (seen.has(hash)) continue;
    seen.add(hash);
    out.push({ log, hash });
  }
  return out;
}

async function readAll(
  store: SessionStore,
  dataset: Dataset,
  fresh: readonly HashedLog[],
  options: RunOptions,
): Promise<ImportedFile[]> {
  const writer = await store.beginImport(dataset);
  const files: ImportedFile[] = [];
  const progress = new ByteProgress(fresh, options);
  try {
    for (const { log, hash } of fresh) {
      const report = await readOne(writer, log, {
        signal: options.signal,
        onProgress: progress.within,
      });
      options.signal?.throwIfAborted();
      const file = importedFile(log, hash, report);
      await writer.addFile(file);
      files.push(file);
      progress.finish(log);
    }
    await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return files;
}

async function readOne(
  writer: ImportWriter,
  log: LogFile,
  options: RunOptions,
): Promise<FileReport> {
  const batches = readLog(log, options);
  while (true) {
    const step = await batches.next();
    if (step.done) return step.value;
    await writer.add(step.value);
  }
}

/** Adds the bytes of the files that are done to those of the one being read. */
class ByteProgress {
  readonly #total: number;
  #before = 0;

  constructor(logs: readonly HashedLog[], readonly options: RunOptions) {
    this.#total = logs.reduce((sum, { log }) => sum + log.size, 0);
  }

  readonly within = ({ done }: Progress): void => {
    this.options.onProgress?.({
      stage: "reading",
      done: this.#before + done,
      total: this.#total,
      unit: "bytes",
    });
  };

  finish(log: LogFile): void {
    this.#before += log.size;
  }
}

function importedFile(
  log: LogFile,
  hash: string,
  report: FileReport,
): ImportedFile {
  return {
    path: log.path,
    hash,
    size: log.size,
    modifiedAt: null,
    content: null,
    continues: null,
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
    notes: report.problem ? [`${log.path}: ${report.problem}`] : [],
  };
}

function total(
  files: readonly ImportedFile[],
  what: "records" | "skipped",
): number {
  return files.flatMap(({ reports }) => reports)
    .reduce((sum, report) => sum + report[what], 0);
}

type Ignored = Awaited<ReturnType<typeof findLogs>>["ignored"];

function notesOf(files: readonly ImportedFile[], ignored: Ignored): string[] {
  const others = new Map<string, number>();
  for (const { otherRecords } of files) {
    for (const [type, n] of Object.entries(otherRecords)) {
      others.set(type, (others.get(type) ?? 0) + n);
    }
  }
  const notes = files.flatMap((file) => file.notes);
  if (others.size > 0) {
    const list = [...others].sort((a, b) => b[1] - a[1])
      .map(([type, n]) => `${type} ${n}`).join(", ");
    notes.push(`records of other log types are not kept: ${list}`);
  }
  if (ignored.length > 0) {
    const [first] = ignored;
    notes.push(
      ignored.length === 1
        ? `${first.path} is no Zeek log: ${first.reasons.join("; ")}`
        : `${ignored.length} files are no Zeek logs, the first ${first.path}: ${
          first.reasons.join("; ")
        }`,
    );
  }
  return notes;
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
