import type { Verdict } from "../finding.ts";
import type { RunOptions } from "../progress.ts";
import type { RecordBatch } from "../record_batch.ts";
import type { ImportReport, RankedFinding, RunReport } from "../run_report.ts";

/** What was imported together under one name. */
export interface Dataset {
  readonly id: number;
  readonly name: string;
  /** Epoch seconds. */
  readonly createdAt: number;
}

export interface DatasetSummary extends Dataset {
  readonly files: number;
  /** Records held, by log type: { conn: 463, http: 407 }. */
  readonly records: Readonly<Record<string, number>>;
  readonly skipped: number;
  /** Epoch seconds of the first and last record; null without records. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  readonly runs: number;
}

/** One file as the store remembers it. */
export interface ImportedFile {
  readonly path: string;
  /** sha256 of the file as it lies on disk, hex. */
  readonly hash: string;
  /** Bytes on disk. */
  readonly size: number;
  /** One per log type in the file. */
  readonly reports: readonly ImportReport[];
  /** Records of log types that are not kept, by type: { weird: 131 }. */
  readonly otherRecords: Readonly<Record<string, number>>;
  /** Sentences about damage: "the compressed data ends early at byte 65,536". */
  readonly notes: readonly string[];
}

/** `add` batches and files, then `finish`; until then readers see nothing. */
export interface ImportWriter {
  /** Keeps the records of one batch (conn, http, dns, ssl and their open_*). */
  add(batch: RecordBatch): Promise<void>;
  addFile(file: ImportedFile): Promise<void>;
  /** Makes everything added visible, at once. */
  finish(): Promise<void>;
  /** Removes everything added. */
  abort(): Promise<void>;
}

export interface BatchQuery extends RunOptions {
  /** Epoch seconds, from ≤ ts < to; open where absent. */
  readonly from?: number;
  readonly to?: number;
}

export interface FindingsQuery {
  readonly limit?: number;
  readonly minScore?: number;
  /** False leaves every series empty, and unread; true by default. */
  readonly withSeries?: boolean;
}

/** A stored run without its findings. */
export interface RunSummary {
  readonly id: number;
  readonly dataset: string;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly findingCount: number;
  readonly report: Omit<RunReport, "findings">;
}

/** What people said about a finding; outlives the run, by the finding's id. */
export interface Opinion {
  readonly verdict: Verdict | null;
  /** Beacon or not, independent of the verdict. */
  readonly regular: boolean | null;
  readonly notes: readonly { readonly at: number; readonly text: string }[];
  readonly tags: readonly string[];
}

export interface StoredModel {
  readonly id: number;
  readonly name: string;
  /** "mlp", "kmeans", "dbscan". */
  readonly kind: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  /** The model's own JSON, with its scaler and features. */
  readonly model: unknown;
}

export interface Label {
  readonly uid: string;
  readonly value: number;
  /** Where it came from: "column", "analyst", "intel". */
  readonly source: string;
}

/** One stored record, fields under Zeek's names, unset ones left out. */
export interface StoredRecord {
  readonly logType: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/**
 * Where sessions, runs and opinions live. Everything is asynchronous, so that
 * an embedded file and a server answer alike. Every method throws SkerryError
 * ("Cannot write the store …") when the database refuses.
 */
export interface SessionStore extends AsyncDisposable {
  /** A path or address to show, without secrets. */
  readonly location: string;

  /** The dataset of that name, made when there is none. */
  openDataset(name: string): Promise<Dataset>;
  findDataset(name: string): Promise<Dataset | null>;
  datasets(): Promise<DatasetSummary[]>;
  /** Removes the dataset's records, files, labels and runs; opinions stay. */
  clearDataset(dataset: Dataset): Promise<void>;

  beginImport(dataset: Dataset): Promise<ImportWriter>;
  importedFiles(dataset: Dataset): Promise<ImportedFile[]>;
  /**
   * The stored records of one log type ("conn", "open_conn", "http", …), as
   * they were imported, ordered by import, source, destination, port, time.
   */
  batches(
    dataset: Dataset,
    logType: string,
    query?: BatchQuery,
  ): AsyncIterable<RecordBatch>;
  /** Every record that carries one of the uids, in time order. */
  recordsOf(
    dataset: Dataset,
    uids: readonly string[],
  ): Promise<StoredRecord[]>;

  /** @returns the run's id. */
  saveRun(dataset: Dataset, report: RunReport): Promise<number>;
  /** Newest first; of one dataset or of all. */
  runs(dataset?: Dataset): Promise<RunSummary[]>;
  lastRun(dataset?: Dataset): Promise<RunSummary | null>;
  /** A run's findings by rank, each with the latest verdict. */
  findings(runId: number, query?: FindingsQuery): Promise<RankedFinding[]>;
  finding(runId: number, findingId: string): Promise<RankedFinding | null>;
  /** id → score of a run's findings, to tell new from raised. */
  scores(runId: number): Promise<Map<string, number>>;

  opinion(findingId: string): Promise<Opinion>;
  setVerdict(findingId: string, verdict: Verdict | null): Promise<void>;
  setRegular(findingId: string, regular: boolean | null): Promise<void>;
  addNote(findingId: string, text: string): Promise<void>;
  setTags(findingId: string, tags: readonly string[]): Promise<void>;
  /** Verdicts of all findings that have one. */
  verdicts(): Promise<Map<string, Verdict>>;

  /** Replaces a model of the same name and kind. */
  saveModel(name: string, kind: string, model: unknown): Promise<StoredModel>;
  models(): Promise<Omit<StoredModel, "model">[]>;
  model(name: string, kind: string): Promise<StoredModel | null>;

  addLabels(dataset: Dataset, labels: readonly Label[]): Promise<void>;
  labels(dataset: Dataset): Promise<Label[]>;
}
