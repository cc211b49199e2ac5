import type { Subject, Verdict } from "../finding.ts";
import type { RunOptions } from "../progress.ts";
import type { RecordBatch } from "../record_batch.ts";
import type { RankedFinding, RunReport } from "../run_report.ts";
import * as members from "./cluster_members.ts";
import * as datasets from "./datasets.ts";
import type { Engine } from "./engine.ts";
import { importedFiles } from "./files.ts";
import { firstSeen } from "./first_seen.ts";
import * as hostMarks from "./host_marks.ts";
import { hosts } from "./hosts.ts";
import { StoreImportWriter } from "./import_writer.ts";
import * as imports from "./imports.ts";
import * as labels from "./labels.ts";
import * as models from "./models.ts";
import * as opinions from "./opinions.ts";
import * as others from "./other_records.ts";
import * as pairs from "./pairs.ts";
import { listed, readBatches } from "./record_reader.ts";
import * as runs from "./runs.ts";
import * as safelist from "./safelist.ts";
import type {
  Author,
  BatchQuery,
  ClusterMembers,
  ClusterQuery,
  Dataset,
  FindingsQuery,
  HistogramQuery,
  ImportWriter,
  Label,
  PairQuery,
  RecordQuery,
  SafelistEntry,
  SessionQuery,
  SessionStore,
  StoredRecord,
} from "./session_store.ts";
import * as sessions from "./sessions.ts";

/** The store over any of the engines: which module does what. */
export class EngineStore implements SessionStore {
  readonly location: string;
  readonly #engine: Engine;
  readonly #partRows: number | undefined;

  constructor(engine: Engine, partRows?: number) {
    this.location = engine.location;
    this.#engine = engine;
    this.#partRows = partRows;
  }

  openDataset = (name: string) => datasets.openDataset(this.#engine, name);
  findDataset = (name: string) => datasets.findDataset(this.#engine, name);
  datasets = () => datasets.datasets(this.#engine);
  clearDataset = (dataset: Dataset, options: RunOptions = {}) =>
    datasets.clearDataset(this.#engine, dataset, options);
  deleteDataset = (dataset: Dataset, options: RunOptions = {}) =>
    datasets.deleteDataset(this.#engine, dataset, options);
  renameDataset = (dataset: Dataset, name: string) =>
    datasets.renameDataset(this.#engine, dataset, name);
  mergeDatasets = (from: Dataset, into: Dataset, options: RunOptions = {}) =>
    datasets.mergeDatasets(this.#engine, from, into, options);

  beginImport = (
    dataset: Dataset,
    options: RunOptions = {},
  ): Promise<ImportWriter> =>
    StoreImportWriter.begin(this.#engine, dataset, options, this.#partRows);
  imports = (dataset: Dataset) => imports.imports(this.#engine, dataset);
  pruneImports = (
    dataset: Dataset,
    ids: readonly number[],
    options: RunOptions = {},
  ) => imports.pruneImports(this.#engine, dataset, ids, options);
  importedFiles = (dataset: Dataset) => importedFiles(this.#engine, dataset);
  size = () => this.#engine.size();

  batches(
    dataset: Dataset,
    logType: string,
    query: BatchQuery = {},
  ): AsyncIterable<RecordBatch> {
    return readBatches(this.#engine, dataset, logType, query);
  }

  listed(
    dataset: Dataset,
    logType: string,
    query: BatchQuery = {},
  ): AsyncIterable<StoredRecord> {
    return listed(this.#engine, dataset, logType, query);
  }

  recordsOf = (
    dataset: Dataset,
    uids: readonly string[],
    pair?: { readonly src: string; readonly dst?: string },
  ) => sessions.recordsOf(this.#engine, dataset, uids, pair, {});
  session = (dataset: Dataset, uid: string, options: RunOptions = {}) =>
    others.session(this.#engine, dataset, uid, options);
  records = (dataset: Dataset, query: RecordQuery) =>
    others.records(this.#engine, dataset, query);
  sessions = (dataset: Dataset, query: SessionQuery) =>
    sessions.sessions(this.#engine, dataset, query);
  pairs = (dataset: Dataset, query: PairQuery) =>
    pairs.pairs(this.#engine, dataset, query);
  hosts = (dataset: Dataset, options: RunOptions = {}) =>
    hosts(this.#engine, dataset, options);
  host = (dataset: Dataset, address: string, options: RunOptions = {}) =>
    pairs.host(this.#engine, dataset, address, options);
  search = (
    dataset: Dataset,
    text: string,
    options: RunOptions & { readonly limit?: number } = {},
  ) => pairs.search(this.#engine, dataset, text, options);
  histogram = (dataset: Dataset, query: HistogramQuery = {}) =>
    pairs.histogram(this.#engine, dataset, query);
  firstSeen = (
    dataset: Dataset,
    subject: Pick<Subject, "src" | "dst" | "name">,
    sensors?: readonly string[],
  ) => firstSeen(this.#engine, dataset, subject, sensors);

  saveRun = (dataset: Dataset, report: RunReport) =>
    runs.saveRun(this.#engine, dataset, report);
  runs = (dataset?: Dataset) => runs.runs(this.#engine, dataset);
  lastRun = async (dataset?: Dataset) =>
    (await runs.runs(this.#engine, dataset, 1))[0] ?? null;
  findings = (runId: number, query: FindingsQuery = {}) =>
    runs.findings(this.#engine, runId, query);
  finding = (runId: number, id: string): Promise<RankedFinding | null> =>
    runs.finding(this.#engine, runId, id);
  findingCounts = (
    runId: number,
    by: "severity" | "src",
    options: RunOptions = {},
  ) => runs.findingCounts(this.#engine, runId, by, options);
  scores = (runId: number) => runs.scores(this.#engine, runId);

  opinion = (id: string) => opinions.opinion(this.#engine, id);
  setVerdict = (id: string, verdict: Verdict | null, author: Author = {}) =>
    opinions.setVerdict(this.#engine, id, verdict, author);
  setRegular = (id: string, regular: boolean | null, author: Author = {}) =>
    opinions.setRegular(this.#engine, id, regular, author);
  setOwner = (id: string, owner: string | null, author: Author = {}) =>
    opinions.setOwner(this.#engine, id, owner, author);
  addNote = (id: string, text: string) =>
    opinions.addNote(this.#engine, id, text);
  setTags = (id: string, tags: readonly string[]) =>
    opinions.setTags(this.#engine, id, tags);
  verdicts = () => opinions.verdicts(this.#engine);
  marks = () => opinions.marks(this.#engine);

  hostMarks = (dataset: Dataset) => hostMarks.hostMarks(this.#engine, dataset);
  hostMark = (dataset: Dataset, address: string) =>
    hostMarks.hostMark(this.#engine, dataset, address);
  addHostNote = (
    dataset: Dataset,
    address: string,
    text: string,
    author: Author = {},
  ) => hostMarks.addHostNote(this.#engine, dataset, address, text, author);
  removeHostNote = (dataset: Dataset, id: number, removed = true) =>
    hostMarks.removeHostNote(this.#engine, dataset, id, removed);
  setHostTags = (dataset: Dataset, address: string, tags: readonly string[]) =>
    hostMarks.setHostTags(this.#engine, dataset, address, tags);

  addSafelistEntry = (entry: Omit<SafelistEntry, "id" | "createdAt">) =>
    safelist.addSafelistEntry(this.#engine, entry);
  safelist = () => safelist.safelist(this.#engine);
  removeSafelistEntry = (id: number) =>
    safelist.removeSafelistEntry(this.#engine, id);

  saveModel = (name: string, kind: string, model: unknown, dataset?: string) =>
    models.saveModel(this.#engine, name, kind, model, dataset ?? null);
  models = () => models.models(this.#engine);
  model = (name: string, kind: string) =>
    models.findModel(this.#engine, name, kind);
  deleteModel = (name: string, kind: string) =>
    models.deleteModel(this.#engine, name, kind);
  saveClusterMembers = (modelId: number, clusters: readonly ClusterMembers[]) =>
    members.saveClusterMembers(this.#engine, modelId, clusters);
  clusterSessions = (dataset: Dataset, modelId: number, query: ClusterQuery) =>
    members.clusterSessions(this.#engine, dataset, modelId, query);

  addLabels = (dataset: Dataset, some: readonly Label[]) =>
    labels.addLabels(this.#engine, dataset, some);
  labels = (dataset: Dataset) => labels.labels(this.#engine, dataset);

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine[Symbol.asyncDispose]();
  }
}
