/**
 * round(log(x) / {@link BIN}) without a logarithm: the leading bits of a double
 * tell its bin but for one edge, and that edge is a number to compare with.
 */

/** Width of a bin in natural logarithms. */
export const BIN = 0.05;

/** log2 of the cells of an octave; a cell is ten times narrower than a bin. */
const CELL_BITS = 7;
/** From less than a nanosecond to a million years, as IEEE 754 writes them. */
const FIRST_EXPONENT = 1023 - 31, LAST_EXPONENT = 1023 + 44;
export const FIRST_CELL = FIRST_EXPONENT << CELL_BITS;
/** Bits of a double behind those that tell its cell. */
export const CELL_SHIFT = 52 - CELL_BITS;
export const CELLS = (LAST_EXPONENT - FIRST_EXPONENT + 1) << CELL_BITS;

const value = new Float64Array(1);
/** The upper word of `value`: sign, exponent and leading bits. */
const words = new Uint32Array(value.buffer);
const UPPER = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

export interface BinTable {
  /** By cell: its lowest bin, and from where on the next one begins. */
  readonly bins: Int16Array;
  readonly edges: Float64Array;
}

let table: BinTable | null = null;

const slowBin = (x: number) => Math.round(Math.log(x) / BIN);

/** Takes 2 ms and 100 kB, once. */
export function binTable(): BinTable {
  if (table) return table;
  const bins = new Int16Array(CELLS), edges = new Float64Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const low = doubleOf(cell), high = doubleOf(cell + 1);
    bins[cell] = slowBin(low);
    edges[cell] = slowBin(high) === bins[cell]
      ? Infinity
      : firstWhere((x) => slowBin(x) > bins[cell], low, high);
  }
  return table = { bins, edges };
}

/** Where a cell begins. */
function doubleOf(cell: number): number {
  words[UPPER] = (FIRST_CELL + cell) << (20 - CELL_BITS);
  words[1 - UPPER] = 0;
  return value[0];
}

/** The least double of low < x ≤ high that `holds`, as the greater ones do. */
function firstWhere(
  holds: (x: number) => boolean,
  low: number,
  high: number,
): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (holds(middle)) high = middle;
    else low = middle;
  }
}

const spans = new Map<number, readonly [low: number, high: number]>();

/**
 * The least and the greatest x with |log(x / about)| ≤ BIN, where `about` is
 * the middle of the bin.
 */
export function spanOf(bin: number): readonly [low: number, high: number] {
  const known = spans.get(bin);
  if (known) return known;
  const about = Math.exp(bin * BIN);
  const log = (x: number) => Math.log(x / about);
  const low = firstWhere(
    (x) => log(x) >= -BIN,
    about * Math.exp(-1.1 * BIN),
    about * Math.exp(-0.9 * BIN),
  );
  const above = firstWhere(
    (x) => log(x) > BIN,
    about * Math.exp(0.9 * BIN),
    about * Math.exp(1.1 * BIN),
  );
  const span = [low, above] as const;
  if (spans.size < 4096) spans.set(bin, span);
  return span;
}
