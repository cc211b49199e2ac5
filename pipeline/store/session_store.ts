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
  /** Files whose content is held; a file that has grown counts once. */
  readonly files: number;
  /** Records held, by log type: { conn: 463, http: 407 }. */
  readonly records: Readonly<Record<string, number>>;
  readonly skipped: number;
  /** Epoch seconds of the first and last record; null without records. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  readonly runs: number;
  /** Records of an import that was stopped; the next import goes on from them. */
  readonly unfinished: number;
}

/** How much of a log's (decompressed) content was read. */
export interface ReadContent {
  /** sha256 of the first `end` bytes, hex; null where nobody counted it. */
  readonly hash: string | null;
  /** Where reading began: 0, or the `end` of the file that this one continues. */
  readonly from: number;
  /** Where the last complete line ends: reading a grown file goes on there. */
  readonly end: number;
  /** What became of the bytes after `end`: a last line without a line end. */
  readonly tail: "none" | "record" | "skipped";
}

/** One file as the store remembers it. */
export interface ImportedFile {
  readonly path: string;
  /** sha256 of the file as it lies on disk, hex. */
  readonly hash: string;
  /** Bytes on disk. */
  readonly size: number;
  /**
   * Epoch seconds when the file was last written; null where that does not
   * tell whether it was written since.
   */
  readonly modifiedAt: number | null;
  /** null where the file was read by a version that did not count it. */
  readonly content: ReadContent | null;
  /** `hash` of the file whose content this one repeats and goes on from. */
  readonly continues: string | null;
  /** One per log type in the file, of what was read of it now. */
  readonly reports: readonly ImportReport[];
  /** Records of log types that are not kept, by type: { weird: 131 }. */
  readonly otherRecords: Readonly<Record<string, number>>;
  /** Sentences about damage: "the compressed data ends early at byte 65,536". */
  readonly notes: readonly string[];
}

/**
 * `add` the batches of a file, then `addFile`, for every file, then `finish`;
 * until then readers see nothing. Files are told apart by a number that counts
 * them from 0; without one they come one after the other. One import of a
 * dataset is open at a time, whichever program has it.
 */
export interface ImportWriter extends AsyncDisposable {
  /** Files that need not be read: of earlier imports, and of one that was stopped. */
  readonly known: readonly ImportedFile[];
  /** Keeps the records of one batch (conn, http, dns, ssl and their open_*). */
  add(batch: RecordBatch, file?: number): Promise<void>;
  /** The file that records came from, after the last of them. */
  addFile(file: ImportedFile, number?: number): Promise<void>;
  /** Makes everything added visible, at once. */
  finish(): Promise<void>;
  /**
   * Ends the import at once, without showing anything. The next import keeps
   * the whole files that already lie in the store, and removes the rest.
   */
  abort(): Promise<void>;
}

/** What a store holds that was loaded together. */
export interface ImportSummary {
  readonly id: number;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly records: Readonly<Record<string, number>>;
  /** Epoch seconds of the first and last record; null without records. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
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

/** Who says something of a finding, and why. */
export interface Author {
  readonly who?: string;
  readonly why?: string;
}

/** One answer that was given, whether it still stands or not. */
export interface Decision {
  /** Epoch seconds. */
  readonly at: number;
  /** "" where nobody was named. */
  readonly who: string;
  readonly why: string;
  /** Which question: is it malicious, is it a beacon, whose is it? */
  readonly about: "verdict" | "regular" | "owner";
  readonly value: string | null;
}

/** What people said about a finding; outlives the run, by the finding's id. */
export interface Opinion {
  readonly verdict: Verdict | null;
  /** Beacon or not, independent of the verdict. */
  readonly regular: boolean | null;
  readonly notes: readonly { readonly at: number; readonly text: string }[];
  readonly tags: readonly string[];
  /** Who looks after it. */
  readonly owner: string | null;
  /** Oldest first. */
  readonly history: readonly Decision[];
}

/** What a safelist entry is compared with. */
export type SafelistKind =
  | "address"
  | "network"
  | "name"
  | "pair"
  | "source-name"
  | "organisation"
  | "ja3"
  | "ja4"
  | "port";

/** Findings that somebody has decided not to see. */
export interface SafelistEntry {
  readonly id: number;
  readonly kind: SafelistKind;
  /** As it was written: "10.0.0.0/8", "*.example.org", "10.0.0.5 -> 1.1.1.1". */
  readonly value: string;
  readonly reason: string;
  readonly author: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

export interface StoredModel {
  readonly id: number;
  readonly name: string;
  /** "mlp", "kmeans", "dbscan". */
  readonly kind: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  /** Name of the dataset that it learned from; null where it is not known. */
  readonly dataset: string | null;
  /** The model's own JSON: parameters, features, scaler, weights, metrics. */
  readonly model: unknown;
}

/** Sessions of one cluster of a model. */
export interface ClusterMembers {
  readonly label: number;
  /** In the order of the dataset; the first ones of a large cluster. */
  readonly uids: readonly string[];
}

export interface ClusterQuery {
  readonly label: number;
  /** Whose records are wanted; "conn" by default. */
  readonly logType?: string;
  /** At most so many sessions; 100 by default. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface Label {
  readonly uid: string;
  readonly value: number;
  /** Where it came from: "column", "analyst", "intel". */
  readonly source: string;
}

/** What is asked of the records of a source; times as in BatchQuery. */
export interface SessionQuery {
  /** "conn" by default. */
  readonly logType?: string;
  readonly src: string;
  readonly dst?: string;
  readonly port?: number;
  readonly from?: number;
  readonly to?: number;
  /** At most so many; 100 by default. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface SessionPage {
  /** In time order. */
  readonly sessions: readonly StoredRecord[];
  /** null on the last page. */
  readonly next: string | null;
}

/** What one source and one destination have to do with each other. */
export interface PairSummary {
  readonly logType: string;
  readonly src: string;
  readonly dst: string;
  readonly port: number | null;
  /** Host, server name or query; null for conn. */
  readonly name: string | null;
  readonly count: number;
  /** Epoch seconds. */
  readonly firstTs: number;
  readonly lastTs: number;
}

export interface PairQuery {
  readonly src?: string;
  readonly dst?: string;
  /** A part of a name, any case. */
  readonly name?: string;
  /** 100 by default; most records first. */
  readonly limit?: number;
}

export interface HostOverview {
  readonly address: string;
  /** Of conn: destinations it spoke to and sources it heard from. */
  readonly asSource: HostSide;
  readonly asDestination: HostSide;
  /** Names that it asked for or was asked as, most records first. */
  readonly names: readonly PairSummary[];
}

export interface HostSide {
  readonly peers: number;
  readonly records: number;
  /** Epoch seconds; null without records. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  /** Most records first, at most 20. */
  readonly top: readonly PairSummary[];
}

export interface SearchResult {
  readonly pairs: readonly PairSummary[];
  /** Records that carry the text as their uid. */
  readonly records: readonly StoredRecord[];
}

/** Records per bin of equal width. */
export interface Histogram {
  /** Epoch seconds where the first bin begins. */
  readonly from: number;
  /** Seconds per bin, a multiple of 300. */
  readonly width: number;
  readonly counts: readonly number[];
}

export interface HistogramQuery {
  /** All log types where absent. */
  readonly logType?: string;
  readonly from?: number;
  readonly to?: number;
  /** Most bins, 200 by default. */
  readonly bins?: number;
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
  clearDataset(dataset: Dataset, options?: RunOptions): Promise<void>;
  /** As {@link clearDataset}, and the dataset itself. */
  deleteDataset(dataset: Dataset, options?: RunOptions): Promise<void>;
  /** @throws SkerryError when another dataset has the name. */
  renameDataset(dataset: Dataset, name: string): Promise<Dataset>;
  /**
   * Moves everything of `from` into `into` and deletes `from`; records of a
   * file that `into` already holds are dropped.
   */
  mergeDatasets(
    from: Dataset,
    into: Dataset,
    options?: RunOptions,
  ): Promise<void>;

  /** Waits while another program imports into the dataset. */
  beginImport(dataset: Dataset, options?: RunOptions): Promise<ImportWriter>;
  /** Oldest first. */
  imports(dataset: Dataset): Promise<ImportSummary[]>;
  /** Removes imports with their records; files of them are read anew next time. */
  removeImports(
    dataset: Dataset,
    ids: readonly number[],
    options?: RunOptions,
  ): Promise<void>;
  importedFiles(dataset: Dataset): Promise<ImportedFile[]>;
  /** Bytes that the whole store takes. */
  size(): Promise<number>;
  /**
   * The stored records of one log type ("conn", "open_conn", "http", …), as
   * they were imported, ordered by source, destination, port, time.
   */
  batches(
    dataset: Dataset,
    logType: string,
    query?: BatchQuery,
  ): AsyncIterable<RecordBatch>;
  /**
   * Every record that carries one of the uids, in time order. Where `pair`
   * says whose they are, nothing has to be indexed first.
   */
  recordsOf(
    dataset: Dataset,
    uids: readonly string[],
    pair?: { readonly src: string; readonly dst?: string },
  ): Promise<StoredRecord[]>;

  sessions(dataset: Dataset, query: SessionQuery): Promise<SessionPage>;
  pairs(dataset: Dataset, query: PairQuery): Promise<PairSummary[]>;
  host(dataset: Dataset, address: string): Promise<HostOverview>;
  /** By address, part of a name, or uid. */
  search(
    dataset: Dataset,
    text: string,
    options?: RunOptions & { readonly limit?: number },
  ): Promise<SearchResult>;
  histogram(dataset: Dataset, query?: HistogramQuery): Promise<Histogram>;
  /**
   * When a source first reached a name, or an address where there is none;
   * epoch seconds, null where it never did.
   */
  firstSeen(
    dataset: Dataset,
    subject: {
      readonly src: string;
      readonly dst: string;
      readonly name: string | null;
    },
  ): Promise<number | null>;

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
  setVerdict(
    findingId: string,
    verdict: Verdict | null,
    author?: Author,
  ): Promise<void>;
  setRegular(
    findingId: string,
    regular: boolean | null,
    author?: Author,
  ): Promise<void>;
  setOwner(
    findingId: string,
    owner: string | null,
    author?: Author,
  ): Promise<void>;
  addNote(findingId: string, text: string): Promise<void>;
  setTags(findingId: string, tags: readonly string[]): Promise<void>;
  /** Verdicts of all findings that have one. */
  verdicts(): Promise<Map<string, Verdict>>;

  addSafelistEntry(
    entry: Omit<SafelistEntry, "id" | "createdAt">,
  ): Promise<SafelistEntry>;
  /** Oldest first, expired ones too. */
  safelist(): Promise<SafelistEntry[]>;
  /** @returns whether there was one. */
  removeSafelistEntry(id: number): Promise<boolean>;

  /** Replaces a model of the same name and kind, and its clusters' members. */
  saveModel(
    name: string,
    kind: string,
    model: unknown,
    dataset?: string,
  ): Promise<StoredModel>;
  models(): Promise<Omit<StoredModel, "model">[]>;
  model(name: string, kind: string): Promise<StoredModel | null>;
  /** @returns whether there was one. */
  deleteModel(name: string, kind: string): Promise<boolean>;
  /** Keeps which sessions lie in which cluster, instead of what was kept. */
  saveClusterMembers(
    modelId: number,
    clusters: readonly ClusterMembers[],
  ): Promise<void>;
  /** Records of a cluster's sessions, page by page, each page in time order. */
  clusterSessions(
    dataset: Dataset,
    modelId: number,
    query: ClusterQuery,
  ): Promise<SessionPage>;

  addLabels(dataset: Dataset, labels: readonly Label[]): Promise<void>;
  labels(dataset: Dataset): Promise<Label[]>;
}
