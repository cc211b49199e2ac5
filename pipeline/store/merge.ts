import type { Engine, Key, RowsQuery } from "./engine.ts";
import { comparePlaces, type Row } from "./record_columns.ts";
import type { RecordTable } from "./tables.ts";

/** Rows of all cursors that are held at a time. */
const ROWS_HELD = 32_768;

/** An import's rows in the order of their key, fetched bit by bit. */
class Cursor {
  readonly #engine: Engine;
  readonly #table: RecordTable;
  readonly #query: Omit<RowsQuery, "after">;
  /** The import's place among the others: the earlier one's row comes first. */
  readonly place: number;
  #rows: readonly Row[] = [];
  #at = 0;
  /** undefined before the first rows, null behind the last. */
  #next: Key | null | undefined;

  constructor(
    engine: Engine,
    table: RecordTable,
    query: Omit<RowsQuery, "after">,
    place: number,
  ) {
    this.#engine = engine;
    this.#table = table;
    this.#query = query;
    this.place = place;
  }

  /** The row to be taken next; undefined where more must be fetched first. */
  get head(): Row | undefined {
    return this.#rows[this.#at];
  }

  get ended(): boolean {
    return this.head === undefined && this.#next === null;
  }

  take(): void {
    this.#at++;
  }

  async fetch(): Promise<void> {
    const { rows, next } = await this.#engine.rowsAfter(this.#table, {
      ...this.#query,
      after: this.#next ?? null,
    });
    this.#rows = rows;
    this.#at = 0;
    this.#next = next;
  }
}

/**
 * The rows of several imports in the order of their key, as one: each import
 * is read in the order in which it lies, which no database does by itself
 * (ORDER BY over several imports sorts them all).
 *
 * Yields what is there whenever it has fetched, so that a reader can rest.
 */
export async function* mergedRows(
  engine: Engine,
  table: RecordTable,
  queries: readonly Omit<RowsQuery, "after" | "limit">[],
): AsyncGenerator<readonly Row[]> {
  const limit = Math.max(
    64,
    Math.floor(ROWS_HELD / Math.max(queries.length, 1)),
  );
  const cursors = queries.map((query, place) =>
    new Cursor(engine, table, { ...query, limit }, place)
  );
  const heap = new CursorHeap(cursors.length > 1);
  for (const cursor of cursors) yield* fetched(cursor, heap, []);
  let out: Row[] = [];
  while (heap.size > 0) {
    const cursor = heap.first;
    heap.takeRun(cursor, out);
    if (cursor.head !== undefined) continue;
    heap.removeFirst();
    yield out;
    out = [];
    yield* fetched(cursor, heap, out);
  }
  if (out.length > 0) yield out;
}

/** Fetches until there is a row or an end; nothing may come of a stretch. */
async function* fetched(
  cursor: Cursor,
  heap: CursorHeap,
  out: readonly Row[],
): AsyncGenerator<readonly Row[]> {
  while (cursor.head === undefined && !cursor.ended) {
    await cursor.fetch();
    if (cursor.head === undefined) yield out;
  }
  if (!cursor.ended) heap.add(cursor);
}

/** Cursors by their next row, the smallest first. */
class CursorHeap {
  readonly #cursors: Cursor[] = [];
  readonly #several: boolean;

  constructor(several: boolean) {
    this.#several = several;
  }

  get size(): number {
    return this.#cursors.length;
  }

  get first(): Cursor {
    return this.#cursors[0];
  }

  add(cursor: Cursor): void {
    let at = this.#cursors.push(cursor) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  removeFirst(): void {
    const last = this.#cursors.pop()!;
    if (this.#cursors.length === 0) return;
    this.#cursors[0] = last;
    this.#sink();
  }

  /** Takes the first cursor's rows until another one's comes before. */
  takeRun(cursor: Cursor, out: Row[]): void {
    const other = this.#second();
    do {
      out.push(cursor.head!);
      cursor.take();
    } while (
      cursor.head !== undefined && (!other || before(cursor, other))
    );
    if (cursor.head !== undefined) this.#sink();
  }

  #second(): Cursor | undefined {
    if (!this.#several || this.size < 2) return undefined;
    const two = this.size > 2 && this.#before(2, 1);
    return this.#cursors[two ? 2 : 1];
  }

  #sink(): void {
    for (let at = 0;;) {
      let child = 2 * at + 1;
      if (child >= this.size) return;
      if (child + 1 < this.size && this.#before(child + 1, child)) child++;
      if (!this.#before(child, at)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #before(a: number, b: number): boolean {
    return before(this.#cursors[a], this.#cursors[b]);
  }

  #swap(a: number, b: number): void {
    [this.#cursors[a], this.#cursors[b]] = [this.#cursors[b], this.#cursors[a]];
  }
}

function before(a: Cursor, b: Cursor): boolean {
  return (comparePlaces(a.head!, b.head!) || a.place - b.place) < 0;
}
