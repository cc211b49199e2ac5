import { SkerryError } from "../errors.ts";
import { isLogType, tellsPairs } from "../log_type_name.ts";
import type { RecordBatch } from "../record_batch.ts";
import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import {
  addFileEntry,
  fileEntries,
  type FileEntry,
  isUnkept,
  knownContent,
  type Tail,
} from "./files.ts";
import {
  emptyPart,
  Group,
  type Part,
  type SortedGroup,
  talliesOf,
  type Tally,
} from "./import_part.ts";
import { ColumnMemory } from "./collected.ts";
import { beginPart, removeHalves, STEP } from "./imports.ts";
import { microseconds } from "./keys.ts";
import { dropContinuedTails, replaceOpen } from "./one_row.ts";
import { summarise } from "./overview.ts";
import { checkBatch } from "./record_rows.ts";
import type { Dataset, ImportedFile, ImportWriter } from "./session_store.ts";
import type { Sql } from "./sql.ts";
import { tableOf } from "./tables.ts";

/**
 * Records that are sorted and loaded together. Some 300 bytes each, twice: one
 * part is loaded while the next one is read. Twice as many take 80 MB more, and
 * are read back an eighth faster.
 */
export const PART_ROWS = 65_536;

/**
 * Collects records, sorts them by pair and loads them in parts, each an import
 * of its own that readers do not see until `finish` shows them all.
 */
export class StoreImportWriter implements ImportWriter {
  readonly known: readonly ImportedFile[];
  readonly #engine: Engine;
  readonly #dataset: Dataset;
  readonly #lock: AsyncDisposable;
  readonly #partRows: number;
  readonly #hashes: Map<string, ImportedFile>;
  /** Number of the first file of this import. */
  readonly #firstFile: number;
  /** Files added, the number that the next one has where none is given. */
  #files = 0;
  /** Of each file that is being read the last record. */
  readonly #last = new Map<number, Tail>();
  #part = emptyPart();
  readonly #memory: ColumnMemory;
  /** The rows of the last part, and what is told of the parts before it. */
  #loading: Promise<void> = Promise.resolve();
  #telling: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();
  #done = false;

  /** Waits for other imports of the dataset; goes on from one that stopped. */
  static async begin(
    engine: Engine,
    dataset: Dataset,
    options: RunOptions,
    partRows = PART_ROWS,
  ): Promise<StoreImportWriter> {
    const lock = await engine.lockImport(dataset.id, options);
    try {
      await removeHalves(engine, dataset, options);
      const known = await fileEntries(engine, dataset, "known");
      return new StoreImportWriter(engine, dataset, lock, known, partRows);
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(
    engine: Engine,
    dataset: Dataset,
    lock: AsyncDisposable,
    known: readonly FileEntry[],
    partRows: number,
  ) {
    this.#engine = engine;
    this.#dataset = dataset;
    this.#lock = lock;
    this.#partRows = partRows;
    this.#memory = new ColumnMemory(partRows);
    this.known = known.map(({ file }) => file);
    this.#hashes = new Map(this.known.map((file) => [file.hash, file]));
    this.#firstFile = 1 + Math.max(0, ...known.map(({ fileNo }) => fileNo));
  }

  async add(batch: RecordBatch, file = this.#files): Promise<void> {
    this.#check();
    const { path } = batch.schema;
    if (!isLogType(path)) {
      throw new TypeError(`Cannot store ${path}: no log type has such a name`);
    }
    const table = tableOf(path);
    if (batch.length === 0) return;
    // Checked at once, so that the caller still knows whence the batch came.
    checkBatch(batch, table);
    const part = this.#part;
    let group = part.groups.find((group) => group.fits(batch.schema));
    if (!group) {
      part.groups.push(group = new Group(path, this.#memory));
    }
    group.add(batch, this.#firstFile + file);
    part.weight += batch.length * (tellsPairs(path) ? 1 : 2);
    this.#last.set(file, tailOf(batch));
    if (part.weight >= this.#partRows) await this.#load();
  }

  async addFile(file: ImportedFile, number = this.#files): Promise<void> {
    this.#check();
    const known = this.#hashes.get(file.hash);
    if (known && !isUnkept(known)) {
      throw knownContent(this.#dataset, file, known.path);
    }
    this.#hashes.set(file.hash, file);
    this.#part.files.push({
      file,
      fileNo: this.#firstFile + number,
      tail: file.content?.tail === "record"
        ? this.#last.get(number) ?? null
        : null,
    });
    this.#last.delete(number);
    this.#files++;
    // Half a part that ends with a file: so much less is lost by a stop.
    if (this.#part.weight >= this.#partRows / 2) await this.#load();
  }

  async finish(): Promise<void> {
    this.#check();
    await this.#load();
    await this.#loading;
    await this.#telling;
    const { id } = this.#dataset;
    await this.#engine.transaction(async (sql) => {
      await dropContinuedTails(sql, this.#dataset);
      await replaceOpen(sql, this.#dataset);
      await sql.run(
        `UPDATE imports SET state = 'ready'
          WHERE dataset_id = ? AND state = 'loading' AND step = ?`,
        id,
        STEP.loaded,
      );
    });
    await this.#end();
  }

  /** At once: what is left is removed by whoever imports next. */
  async abort(): Promise<void> {
    this.#engine.check();
    if (this.#done) return;
    this.#stop.abort();
    await Promise.allSettled([this.#loading, this.#telling]);
    await this.#end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#done) await this.abort();
  }

  async #end(): Promise<void> {
    this.#done = true;
    await this.#lock[Symbol.asyncDispose]();
  }

  /**
   * Begins to load what was collected, sorted while the part before it is on
   * its way. A server loads one part's rows and sums up the one before at once.
   */
  async #load(): Promise<void> {
    const { groups, files, weight } = this.#part;
    this.#part = emptyPart();
    // What was collected becomes what is loaded, and is held nowhere else.
    const sorted = groups.splice(0).map((group) => group.sorted());
    await this.#loading;
    if (weight === 0 && files.length === 0) return;
    const importId = await beginPart(this.#engine, this.#dataset);
    this.#loading = this.#loadRows(importId, sorted);
    // Of the rows themselves nothing must be held any longer.
    const tallies = talliesOf(sorted);
    this.#telling = Promise.all([this.#telling, this.#loading])
      .then(() => this.#tell(importId, tallies, files));
    // Whoever waits for them next is told.
    this.#loading.catch(() => {});
    this.#telling.catch(() => {});
  }

  async #loadRows(
    importId: number,
    groups: readonly SortedGroup[],
  ): Promise<void> {
    const { signal } = this.#stop;
    const claim = (sql: Sql, nrows: number) =>
      this.#claim(sql, importId, nrows);
    let seq = 0;
    for (const { logType, table, rows, free } of groups) {
      const load = { importId, logType, table, seq, signal };
      await this.#engine.load(rows, load, claim);
      seq += rows.order.length;
      free();
    }
  }

  /** What the part holds, and which files end in it: from then on it counts. */
  async #tell(
    importId: number,
    tallies: ReadonlyMap<string, Tally>,
    files: Part["files"],
  ): Promise<void> {
    await this.#engine.transaction(async (sql) => {
      await this.#claim(sql, importId, 0);
      for (const [logType, held] of tallies) {
        await addRecords(sql, importId, logType, held);
        await summarise(sql, importId, logType, held.bins);
      }
      for (const file of files) {
        await addFileEntry(sql, this.#dataset, { ...file, importId });
      }
      await sql.run(
        "UPDATE imports SET step = ? WHERE id = ?",
        STEP.loaded,
        importId,
      );
    });
  }

  /** Nobody else may have removed the part, whatever became of our lock. */
  async #claim(sql: Sql, importId: number, nrows: number): Promise<void> {
    const changed = await sql.run(
      `UPDATE imports SET nrows = nrows + ?
        WHERE id = ? AND state = 'loading' AND step = ?`,
      nrows,
      importId,
      STEP.loading,
    );
    if (changed === 1) return;
    throw new SkerryError(
      `Cannot write the store ${this.#engine.location}: another import of "${this.#dataset.name}" has replaced this one`,
      { hint: "Begin again: what was read of whole files is kept." },
    );
  }

  #check(): void {
    this.#engine.check();
    if (!this.#done) return;
    throw new SkerryError(
      `Cannot write the store ${this.#engine.location}: the import has already ended`,
    );
  }
}

async function addRecords(
  sql: Sql,
  importId: number,
  logType: string,
  { nrows, firstUs, lastUs, moreFields }: Tally,
): Promise<void> {
  await sql.run(
    `INSERT INTO import_records
      (import_id, log_type, nrows, first_us, last_us, more_fields)
      VALUES (?, ?, ?, ?, ?, ?)`,
    importId,
    logType,
    nrows,
    firstUs,
    lastUs,
    JSON.stringify([...moreFields.values()]),
  );
}

function tailOf(batch: RecordBatch): Tail {
  const i = batch.length - 1;
  const text = (name: string) => {
    const { codes, values } = batch.texts(name);
    return values[codes[i]];
  };
  return {
    logType: batch.schema.path,
    src: text("id.orig_h"),
    dst: text("id.resp_h"),
    tsUs: microseconds(batch.numbers("ts")[i]),
    uid: text("uid"),
  };
}
