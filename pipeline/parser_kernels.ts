/**
 * The door to the log parsers in WebAssembly. The module is compiled once; every
 * file that is being read leases an instance, which holds its text and columns.
 */

type P = number;

/** What assembly/parsers.ts exports; see there for IN and OUT. */
export interface ParserExports {
  readonly memory: WebAssembly.Memory;
  alloc(bytes: number): P;
  mark(): P;
  reset(to: P): void;

  reserveIndex(bytes: number): void;
  indexText(from: P, to: P, separator: number, width: number): void;
  countOfLines(): number;
  endOfLine(line: number): P;

  reserveScratch(): void;
  seedHash(low: number, high: number): void;
  /** @param texts, bytes room for so many; 0 for the least. */
  newDictionary(texts: number, bytes: number): P;
  clearDictionary(dictionary: P): void;
  dictionarySize(dictionary: P): number;
  dictionaryEnds(dictionary: P): P;
  dictionaryBytes(dictionary: P): P;
  dictionaryIsWide(dictionary: P): number;
  intern(dictionary: P, at: P, length: number): number;

  planTsv(
    at: P,
    cells: number,
    time: number,
    cellsInLine: number,
    unset: P,
    unsetLength: number,
    empty: P,
    emptyLength: number,
  ): void;
  planCell(
    i: number,
    cell: number,
    kind: number,
    required: number,
    column: P,
    dictionary: P,
  ): void;
  parseTsv(line: number, start: P, row: number, mostRows: number): number;
  planField(
    at: P,
    i: number,
    kind: number,
    required: number,
    column: P,
    dictionary: P,
  ): void;
  planKey(
    dictionary: P,
    meanings: P,
    at: P,
    length: number,
    action: number,
  ): void;
  planJson(
    at: P,
    fields: number,
    time: number,
    keys: P,
    actions: P,
    innerKeys: P,
    innerActions: P,
    logType: P,
    logTypeLength: number,
    mustName: number,
    strict: number,
  ): void;
  parseJson(line: number, start: P, row: number, mostRows: number): number;
  stoppedAt(line: number, start: P, rows: number): void;
  readonly nextLine: WebAssembly.Global<"i32">;
  readonly nextStart: WebAssembly.Global<"i32">;
  readonly rowsMade: WebAssembly.Global<"i32">;
  readonly firstTs: WebAssembly.Global<"f64">;
  readonly lastTs: WebAssembly.Global<"f64">;
}

/** How a cell is read: the list that assembly/tsv.ts has. */
export const CELL_KINDS = {
  time: 0,
  real: 1,
  whole: 2,
  port: 3,
  text: 4,
  address: 5,
  bool: 6,
  list: 7,
  reals: 8,
  foreign: 9,
} as const;

export type CellKind = keyof typeof CELL_KINDS;

/** Keys of JSON that a kernel knows, as assembly/json.ts has it. */
export const MOST_KEYS = 512;
/** Bytes of what one of them means. */
export const MEANING_BYTES = 32;

/** Why a kernel returned: no line is left, one is for the host, a batch is full. */
export const STOPS = { done: 0, forHost: 1, full: 2 } as const;

/** Bytes after a text that kernels may read, never use. */
export const SPARE_BYTES = 64;

/** Instances kept for the next file: their pages are already there. */
const KEPT = 2;
/** A larger memory is given back instead of kept. */
const KEPT_BYTES = 128 * 2 ** 20;

const idle: ParserExports[] = [];
let compiled: WebAssembly.Module | undefined;

/** An instance for the exclusive use of one file; `using` gives it back. */
export function leaseParsers(): Parsers {
  return new Parsers(idle.pop() ?? instantiate());
}

/** A leased instance. Views are made anew: growth empties the old ones. */
export class Parsers implements Disposable {
  readonly run: ParserExports;
  readonly #mark: P;
  #returned = false;

  constructor(run: ParserExports) {
    this.run = run;
    this.#mark = run.mark();
  }

  /**
   * `bytes` bytes on a 64-byte boundary, with whatever stood there before.
   *
   * @throws RangeError when memory cannot grow that far.
   */
  alloc(bytes: number): P {
    const at = this.run.alloc(bytes) >>> 0;
    if (at === 0) {
      throw new RangeError(
        `Cannot read a log: no memory for ${bytes} more bytes of columns`,
      );
    }
    return at;
  }

  /** A copy of the bytes, with room for kernels to read past it. */
  bytes(values: Uint8Array): P {
    const at = this.alloc(values.length + SPARE_BYTES);
    this.u8(at, values.length).set(values);
    return at;
  }

  /** A view, valid until memory grows. */
  u8(at: P, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer, at, length);
  }

  i32(at: P, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#buffer, at, length);
  }

  u32(at: P, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#buffer, at, length);
  }

  f64(at: P, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#buffer, at, length);
  }

  get #buffer(): ArrayBuffer {
    return this.run.memory.buffer as ArrayBuffer;
  }

  [Symbol.dispose](): void {
    if (this.#returned) return;
    this.#returned = true;
    this.run.reset(this.#mark);
    const bytes = this.#buffer.byteLength;
    if (idle.length < KEPT && bytes <= KEPT_BYTES) idle.push(this.run);
  }
}

function instantiate(): ParserExports {
  compiled ??= new WebAssembly.Module(
    Deno.readFileSync(new URL("../assembly/parsers.wasm", import.meta.url)),
  );
  const { exports } = new WebAssembly.Instance(compiled);
  const run = exports as unknown as ParserExports;
  const [low, high] = crypto.getRandomValues(new Int32Array(2));
  run.seedHash(low, high);
  run.reserveScratch();
  return run;
}
