// deno-lint-ignore-file require-await -- node:sqlite is synchronous; the
// promises are the interface's.
import type { Verdict } from "../finding.ts";
import type { RecordBatch } from "../record_batch.ts";
import type { RankedFinding, RunReport } from "../run_report.ts";
import type { Database } from "./database.ts";
import * as datasets from "./datasets.ts";
import { SqliteImportWriter } from "./import_writer.ts";
import { beginImport, importedFiles } from "./imports.ts";
import * as labels from "./labels.ts";
import * as models from "./models.ts";
import * as opinions from "./opinions.ts";
import { readBatches } from "./record_reader.ts";
import * as runs from "./runs.ts";
import type {
  BatchQuery,
  Dataset,
  DatasetSummary,
  FindingsQuery,
  ImportedFile,
  ImportWriter,
  Label,
  Opinion,
  RunSummary,
  SessionStore,
  StoredModel,
  StoredRecord,
} from "./session_store.ts";
import { recordsOf } from "./sessions.ts";

/** A store in one file, or in memory. */
export class SqliteStore implements SessionStore {
  readonly location: string;
  readonly #db: Database;

  constructor(db: Database) {
    this.location = db.location;
    this.#db = db;
  }

  async openDataset(name: string): Promise<Dataset> {
    return datasets.openDataset(this.#db, name);
  }

  async findDataset(name: string): Promise<Dataset | null> {
    return datasets.findDataset(this.#db, name);
  }

  async datasets(): Promise<DatasetSummary[]> {
    return datasets.datasets(this.#db);
  }

  async clearDataset(dataset: Dataset): Promise<void> {
    datasets.clearDataset(this.#db, dataset);
  }

  async beginImport(dataset: Dataset): Promise<ImportWriter> {
    const id = beginImport(this.#db, dataset);
    return new SqliteImportWriter(this.#db, dataset, id);
  }

  async importedFiles(dataset: Dataset): Promise<ImportedFile[]> {
    return importedFiles(this.#db, dataset);
  }

  batches(
    dataset: Dataset,
    logType: string,
    query: BatchQuery = {},
  ): AsyncIterable<RecordBatch> {
    return readBatches(this.#db, dataset, logType, query);
  }

  async recordsOf(
    dataset: Dataset,
    uids: readonly string[],
  ): Promise<StoredRecord[]> {
    return recordsOf(this.#db, dataset, uids);
  }

  async saveRun(dataset: Dataset, report: RunReport): Promise<number> {
    return runs.saveRun(this.#db, dataset, report);
  }

  async runs(dataset?: Dataset): Promise<RunSummary[]> {
    return runs.runs(this.#db, dataset);
  }

  async lastRun(dataset?: Dataset): Promise<RunSummary | null> {
    return runs.runs(this.#db, dataset, 1)[0] ?? null;
  }

  async findings(
    runId: number,
    query: FindingsQuery = {},
  ): Promise<RankedFinding[]> {
    return runs.findings(this.#db, runId, query);
  }

  async finding(
    runId: number,
    findingId: string,
  ): Promise<RankedFinding | null> {
    return runs.finding(this.#db, runId, findingId);
  }

  async scores(runId: number): Promise<Map<string, number>> {
    return runs.scores(this.#db, runId);
  }

  async opinion(findingId: string): Promise<Opinion> {
    return opinions.opinion(this.#db, findingId);
  }

  async setVerdict(findingId: string, verdict: Verdict | null): Promise<void> {
    opinions.setVerdict(this.#db, findingId, verdict);
  }

  async setRegular(findingId: string, regular: boolean | null): Promise<void> {
    opinions.setRegular(this.#db, findingId, regular);
  }

  async addNote(findingId: string, text: string): Promise<void> {
    opinions.addNote(this.#db, findingId, text);
  }

  async setTags(findingId: string, tags: readonly string[]): Promise<void> {
    opinions.setTags(this.#db, findingId, tags);
  }

  async verdicts(): Promise<Map<string, Verdict>> {
    return opinions.verdicts(this.#db);
  }

  async saveModel(
    name: string,
    kind: string,
    model: unknown,
  ): Promise<StoredModel> {
    return models.saveModel(this.#db, name, kind, model);
  }

  async models(): Promise<Omit<StoredModel, "model">[]> {
    return models.models(this.#db);
  }

  async model(name: string, kind: string): Promise<StoredModel | null> {
    return models.findModel(this.#db, name, kind);
  }

  async addLabels(dataset: Dataset, some: readonly Label[]): Promise<void> {
    labels.addLabels(this.#db, dataset, some);
  }

  async labels(dataset: Dataset): Promise<Label[]> {
    return labels.labels(this.#db, dataset);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#db.close();
  }
}
