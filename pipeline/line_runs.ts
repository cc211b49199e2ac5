/**
 * Numbers of the lines in which records stand, as runs: shape (nRuns, 2), each
 * the first record and its line; the records after it stand in the lines that
 * follow. A log of one type is one run, which costs nothing to make or send.
 */
export type LineRuns = Float64Array;

/** Collects runs: `add` where a record does not follow its predecessor. */
export class LineRunsBuilder {
  #runs = new Float64Array(8);
  #filled = 0;
  /** Line less record of the last run. */
  #ahead = NaN;

  /** Record `row`, and those after it, stand in `line` and what follows it. */
  add(row: number, line: number): void {
    if (line - row === this.#ahead) return;
    this.#ahead = line - row;
    if (this.#filled === this.#runs.length) this.#grow();
    this.#runs[this.#filled++] = row;
    this.#runs[this.#filled++] = line;
  }

  /** The runs so far; nothing is held afterwards. */
  finish(): LineRuns {
    const runs = this.#runs.slice(0, this.#filled);
    this.#filled = 0;
    this.#ahead = NaN;
    return runs;
  }

  #grow(): void {
    const wide = new Float64Array(this.#runs.length * 2);
    wide.set(this.#runs);
    this.#runs = wide;
  }
}

/** The same records where `shift` more lines stand before them. */
export function shifted(runs: LineRuns, shift: number): LineRuns {
  return runs.map((value, i) => i % 2 === 0 ? value : value + shift);
}

/**
 * Writes the line of each of `n` records to `lines`, from `at` on; NaN before
 * the first run.
 */
export function putLines(
  runs: LineRuns,
  n: number,
  lines: Float64Array,
  at: number,
): void {
  lines.fill(NaN, at, at + (runs[0] ?? n));
  for (let r = 0; r < runs.length; r += 2) {
    const to = runs[r + 2] ?? n, ahead = runs[r + 1] - runs[r];
    for (let row = runs[r]; row < to; row++) lines[at + row] = ahead + row;
  }
}
