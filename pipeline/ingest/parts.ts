import type { BadField } from "../errors.ts";
import {
  ERRORS_KEPT,
  type FileReport,
  type StreamReport,
} from "./file_report.ts";
import type { LogFile } from "./log_file.ts";
import { clockSuspicion } from "./record_streams.ts";
import type { LogStart } from "./read_log.ts";
import type { Part, PartReport } from "./read_part.ts";

/**
 * Bytes of one part: about five batches of conn. The larger, the longer a worker
 * on a later part waits for the earlier one to be taken first: of a log of 574
 * MB two workers waited 7 % of their time with 8 MiB, 16 % with 16, 34 % with
 * 32. A part costs about a millisecond.
 */
export const PART_BYTES = 1 << 23;

/** The parts of a log that can be read side by side, in order. */
export function partsOf(
  { size, compression, format }: LogFile,
  start: LogStart = { offset: 0 },
  partBytes = PART_BYTES,
): Part[] {
  const { offset, line } = start;
  // A table of flows has no header that could be given to a part.
  const n = compression === "none" && format !== "flow-csv"
    ? Math.max(1, Math.ceil((size - offset) / partBytes))
    : 1;
  return Array.from({ length: n }, (_, i) => ({
    from: offset + i * partBytes,
    to: i === n - 1 ? undefined : offset + (i + 1) * partBytes,
    line: i === 0 ? line : undefined,
  }));
}

/** Whether two headers read what follows alike. */
export function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}

/** Makes one report of those of a file's parts: `add` in order, then `finish`. */
export class FileTally {
  readonly #parts: PartReport[] = [];
  /** Number of the line with which the next part begins. */
  #line: number;
  readonly #errors = new Map<string, BadField[]>();
  readonly #large = new Map<string, BadField[]>();

  constructor(line = 1) {
    this.#line = line;
  }

  get line(): number {
    return this.#line;
  }

  /** @param firstLine the number with which the part counted its first line. */
  add(part: PartReport, firstLine = 1): void {
    const shift = this.#line - firstLine;
    for (const { logType, errors, largeValues } of part.streams) {
      addFirst(this.#errors, logType, errors, shift);
      addFirst(this.#large, logType, largeValues, shift);
    }
    this.#line = part.nextLine + shift;
    this.#parts.push(part);
  }

  finish(path: string): FileReport {
    // Of a last line that is longer than a part, only the first part knows.
    const { tail } = this.#parts.find((part) => part.tail !== "none") ??
      this.#parts[0];
    const problems = this.#parts.map(({ problem }) => problem)
      .filter((problem) => problem !== undefined);
    const streams = [...this.#errors].map(([type, errors]) =>
      this.#stream(type, errors)
    );
    return Object.freeze({
      path,
      streams,
      clock: clockSuspicion(streams),
      otherTypes: summed(this.#parts.map(({ otherTypes }) => otherTypes)),
      lines: this.#parts.reduce((sum, { lines }) => sum + lines, 0),
      // A part within one long line has no end of its own.
      end: Math.max(
        ...this.#parts.map(({ end, nextLine }, i) =>
          i === 0 || nextLine > 1 ? end : 0
        ),
      ),
      tail,
      contentHash: this.#parts[0].contentHash,
      problem: problems.length > 0 ? problems.join("; ") : undefined,
    });
  }

  #stream(logType: string, errors: readonly BadField[]): StreamReport {
    const streams = this.#parts.flatMap((part) =>
      part.streams.filter((stream) => stream.logType === logType)
    );
    const kept = streams.filter(({ records }) => records > 0);
    const sum = (of: "records" | "skipped" | "large") =>
      streams.reduce((total, stream) => total + stream[of], 0);
    const span = (times: number[], pick: (...times: number[]) => number) =>
      times.length > 0 ? pick(...times) : NaN;
    return Object.freeze({
      logType,
      format: streams[0].format,
      records: sum("records"),
      skipped: sum("skipped"),
      firstTs: span(kept.map(({ firstTs }) => firstTs), Math.min),
      lastTs: span(kept.map(({ lastTs }) => lastTs), Math.max),
      errors,
      large: sum("large"),
      largeValues: this.#large.get(logType) ?? [],
      skippedByReason: summed(
        streams.map(({ skippedByReason }) => skippedByReason),
      ),
    });
  }
}

function addFirst(
  lists: Map<string, BadField[]>,
  logType: string,
  fields: readonly BadField[],
  shift: number,
): void {
  const kept = lists.get(logType) ?? [];
  for (const field of fields.slice(0, ERRORS_KEPT - kept.length)) {
    kept.push({ ...field, line: field.line + shift });
  }
  lists.set(logType, kept);
}

function summed(
  counts: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  const sum = new Map<string, number>();
  for (const count of counts) {
    for (const [key, n] of Object.entries(count)) {
      sum.set(key, (sum.get(key) ?? 0) + n);
    }
  }
  return Object.fromEntries(sum);
}
