import type { Verdict } from "../finding.ts";
import type { RunOptions } from "../progress.ts";
import type { RecordBatch } from "../record_batch.ts";
import type { RankedFinding, RunReport } from "../run_report.ts";
import type {
  BatchQuery,
  ClusterQuery,
  FindingsQuery,
  Histogram,
  HistogramQuery,
  HostOverview,
  HostSummary,
  PairQuery,
  PairSummary,
  RecordQuery,
  SearchResult,
  SessionPage,
  SessionQuery,
} from "./queries.ts";
import type {
  Author,
  ClusterMembers,
  Dataset,
  DatasetSummary,
  HostMark,
  HostNote,
  ImportedFile,
  ImportSummary,
  Label,
  Mark,
  Opinion,
  RunSummary,
  SafelistEntry,
  StoredModel,
  StoredRecord,
} from "./stored.ts";

export type * from "./queries.ts";
export type * from "./stored.ts";

/**
 * `add` the batches of a file, then `addFile`, for every file, then `finish`;
 * until then readers see nothing. Files are told apart by a number that counts
 * them from 0; without one they come one after the other. One import of a
 * dataset is open at a time, whichever program has it.
 */
export interface ImportWriter extends AsyncDisposable {
  /** Files that need not be read: of earlier imports, and of one that was stopped. */
  readonly known: readonly ImportedFile[];
  /**
   * Keeps the records of one batch, of any log type; copied, so that its memory
   * may be used again.
   */
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
  /**
   * Removes the records of imports; their files stay known, so that no later
   * import brings them back.
   */
  pruneImports(
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
  /** As {@link batches}, one by one and each with its place in its file. */
  listed(
    dataset: Dataset,
    logType: string,
    query?: BatchQuery,
  ): AsyncIterable<StoredRecord>;
  /**
   * Every record that carries one of the uids, or one of the ids of files or
   * fingerprints, in time order. Where `pair` says whose they are, nothing has
   * to be indexed first; records without addresses (files, x509) are not found
   * then.
   */
  recordsOf(
    dataset: Dataset,
    uids: readonly string[],
    pair?: { readonly src: string; readonly dst?: string },
  ): Promise<StoredRecord[]>;

  /**
   * As {@link recordsOf} of one uid, and what other logs say of the files and
   * certificates seen in it (x509, ocsp, pe); the first 5,000.
   */
  session(
    dataset: Dataset,
    uid: string,
    options?: RunOptions,
  ): Promise<StoredRecord[]>;

  sessions(dataset: Dataset, query: SessionQuery): Promise<SessionPage>;
  /**
   * The records of a log without a table of its own, in time order. A page that
   * looks for a text may have fewer than the limit, even none, and yet a next.
   *
   * @throws RangeError for conn, http, dns and ssl, which `sessions` lists.
   */
  records(dataset: Dataset, query: RecordQuery): Promise<SessionPage>;
  pairs(dataset: Dataset, query: PairQuery): Promise<PairSummary[]>;
  /** Every source, most records first. */
  hosts(dataset: Dataset, options?: RunOptions): Promise<HostSummary[]>;
  host(
    dataset: Dataset,
    address: string,
    options?: RunOptions,
  ): Promise<HostOverview>;
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
   *
   * @param sensors only what these saw: an address may be another host's at
   * another site. What any saw, where none is given.
   */
  firstSeen(
    dataset: Dataset,
    subject: {
      readonly src: string;
      readonly dst: string;
      readonly name: string | null;
    },
    sensors?: readonly string[],
  ): Promise<number | null>;

  /** @returns the run's id. */
  saveRun(dataset: Dataset, report: RunReport): Promise<number>;
  /** Newest first; of one dataset or of all. */
  runs(dataset?: Dataset): Promise<RunSummary[]>;
  lastRun(dataset?: Dataset): Promise<RunSummary | null>;
  /** A run's findings by rank, each with the latest verdict. */
  findings(runId: number, query?: FindingsQuery): Promise<RankedFinding[]>;
  finding(runId: number, findingId: string): Promise<RankedFinding | null>;
  /** How many of a run's findings have each severity, or each source. */
  findingCounts(
    runId: number,
    by: "severity" | "src",
    options?: RunOptions,
  ): Promise<Map<string, number>>;
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
  /** What stands of every opinion, by the finding's id. */
  marks(): Promise<Map<string, Mark>>;

  /** Of every host of the dataset about which something was said. */
  hostMarks(dataset: Dataset): Promise<HostMark[]>;
  /** @throws SkerryError where the text is no address. */
  hostMark(dataset: Dataset, address: string): Promise<HostMark>;
  /** @throws as `hostMark`. */
  addHostNote(
    dataset: Dataset,
    address: string,
    text: string,
    author?: Author,
  ): Promise<HostNote>;
  /**
   * Takes a note back, or puts it where it was.
   *
   * @returns whether there is a note of that id.
   */
  removeHostNote(
    dataset: Dataset,
    id: number,
    removed?: boolean,
  ): Promise<boolean>;
  /** Instead of those it has. @throws as `hostMark`. */
  setHostTags(
    dataset: Dataset,
    address: string,
    tags: readonly string[],
  ): Promise<void>;

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
