// What the last call of a parser says besides why it stopped.

/** Line to go on with, and where it begins. */
export let nextLine: i32 = 0;
export let nextStart: usize = 0;
/** Rows made, and the span of their times. */
export let rowsMade: i32 = 0;
export let firstTs: f64 = Infinity;
export let lastTs: f64 = -Infinity;

export function stoppedAt(line: i32, start: usize, rows: i32): void {
  nextLine = line;
  nextStart = start;
  rowsMade = rows;
}

export function noSpan(): void {
  firstTs = Infinity;
  lastTs = -Infinity;
}

/** Widens the span to hold times from `first` to `last`; NaN changes nothing. */
// @ts-ignore: decorator
@inline
export function span(first: f64, last: f64): void {
  if (first < firstTs) firstTs = first;
  if (last > lastTs) lastTs = last;
}
