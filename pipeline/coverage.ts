import type { Gap, Window } from "./run_report.ts";

/** Seconds per bin that coverage is told by. */
export const COVERAGE_BIN = 300;

/** Epoch seconds of the first and last record. */
export interface Span {
  readonly firstTs: number;
  readonly lastTs: number;
}

/**
 * Which part of a window has logs. Bins of 5 minutes below half a day, of an
 * hour above; an empty one is a gap.
 *
 * @param filled floor(ts / 300) of every record.
 */
export function coverageOf(
  filled: ReadonlySet<number>,
  { firstTs: from, lastTs: to }: Span,
): Window {
  if (filled.size === 0) {
    return { from: null, to: null, logCoverage: 0, gaps: [] };
  }
  const width = to - from >= 43_200 ? 3600 : COVERAGE_BIN;
  const bins = new Set(
    Array.from(filled, (bin) => Math.floor(bin * COVERAGE_BIN / width)),
  );
  const first = Math.floor(from / width), last = Math.floor(to / width);
  const gaps: Gap[] = [];
  let empty = 0;
  for (let b = first; b <= last; b++) {
    if (bins.has(b)) continue;
    empty++;
    const previous = gaps.at(-1);
    if (previous && previous.to === b * width) {
      gaps[gaps.length - 1] = { from: previous.from, to: (b + 1) * width };
    } else gaps.push({ from: b * width, to: (b + 1) * width });
  }
  return { from, to, logCoverage: 1 - empty / (last - first + 1), gaps };
}
