import { shifted } from "../line_runs.ts";
import type { BatchParts } from "../record_batch.ts";
import type { FileReport } from "./file_report.ts";
import type { LogFile } from "./log_file.ts";
import { FileTally, partsOf, sameLines } from "./parts.ts";
import type { LogStart } from "./read_log.ts";
import type { Part, PartReport } from "./read_part.ts";
import type { PartJob } from "./worker_pool.ts";

interface HeldBatch {
  readonly parts: BatchParts;
  /** To be called when the parts are used no more. */
  readonly free: () => void;
}

/** What is next of a file: a batch, or its report. */
export type ReadyEvent =
  & { readonly log: LogFile }
  & (
    | HeldBatch & { readonly report?: undefined }
    | {
      readonly report: FileReport;
      readonly parts?: undefined;
      free?: undefined;
    }
  );

/** What a file's reading tells of itself. */
export interface FileListener {
  ready(event: ReadyEvent): void;
  /** A part must be read again. */
  again(job: PartJob): void;
  fail(error: Error): void;
  /** So many bytes of the file are read. */
  progress(bytes: number): void;
  finish(): void;
}

/** A part that has been given out. */
interface PartReading {
  readonly part: Part;
  /** The header that it is read with, once known. */
  header?: readonly string[];
  held: HeldBatch[];
  report?: PartReport;
  bytes: number;
}

/**
 * One file's parts: several are read at a time, and what they give is passed on
 * in their order. A part is read with the header at the beginning of the file;
 * where the parts before it turn out to end with another, it is read again.
 */
export class FileReading {
  readonly #log: LogFile;
  readonly #listener: FileListener;
  readonly #parts: readonly Part[];
  readonly #tally: FileTally;
  /** Parts given out and not passed on yet, the first of them being `head`. */
  readonly #readings: PartReading[] = [];
  #given = 0;
  /** The header that holds before the first of them. */
  #header?: readonly string[];
  #bytesPassed = 0;

  constructor(
    log: LogFile,
    start: LogStart | undefined,
    partBytes: number | undefined,
    listener: FileListener,
  ) {
    this.#log = log;
    this.#listener = listener;
    this.#parts = partsOf(log, start, partBytes);
    this.#tally = new FileTally(start?.line);
  }

  /** Bytes of the file that were read; never goes back. */
  get bytesDone(): number {
    const reading = this.#readings.reduce((sum, { bytes }) => sum + bytes, 0);
    return Math.min(this.#log.size, this.#bytesPassed + reading);
  }

  /** The next part to be read; undefined where all are given out. */
  nextJob(): PartJob | undefined {
    const part = this.#parts[this.#given];
    if (!part) return undefined;
    this.#given++;
    const reading = newReading(part);
    this.#readings.push(reading);
    return this.#jobOf(reading, part, false);
  }

  #jobOf(reading: PartReading, part: Part, isAwaited: boolean): PartJob {
    const stale = () => !this.#readings.includes(reading);
    return {
      log: this.#log,
      part,
      isAwaited,
      onBegin: (header) => {
        reading.header = header;
        if (!stale()) this.#passOn();
      },
      onBatch: (parts, free) => {
        if (stale()) return free();
        reading.held.push({ parts, free });
        this.#passOn();
      },
      onProgress: (bytes) => {
        reading.bytes = Math.max(reading.bytes, bytes - part.from);
        this.#listener.progress(this.bytesDone);
      },
      onReport: (report) => {
        reading.report = report;
        if (!stale()) this.#passOn();
      },
      onError: (error) => this.#listener.fail(error),
    };
  }

  /** Passes on what the first part has given, and after it the next. */
  #passOn(): void {
    for (;;) {
      const [head] = this.#readings;
      if (!head?.header) return;
      if (this.#header && !sameLines(head.header, this.#header)) {
        return this.#readAgain(head, this.#header);
      }
      for (const { parts, free } of head.held.splice(0)) {
        this.#listener.ready({
          log: this.#log,
          parts: this.#numbered(parts, head.part),
          free,
        });
      }
      if (!head.report) return;
      this.#pass(head, head.report);
    }
  }

  /** A part counts its lines from 1: how many are before it is known now. */
  #numbered(parts: BatchParts, { line = 1 }: Part): BatchParts {
    const shift = this.#tally.line - line;
    if (shift === 0 || !parts.lines) return parts;
    return { ...parts, lines: shifted(parts.lines, shift) };
  }

  #readAgain(head: PartReading, header: readonly string[]): void {
    const reading = newReading(head.part);
    this.#readings[0] = reading;
    for (const { free } of head.held.splice(0)) free();
    this.#listener.again(this.#jobOf(reading, { ...head.part, header }, true));
  }

  #pass(head: PartReading, report: PartReport): void {
    this.#readings.shift();
    this.#tally.add(report, head.part.line);
    this.#header = report.header;
    this.#bytesPassed += (head.part.to ?? this.#log.size) - head.part.from;
    this.#listener.progress(this.bytesDone);
    if (this.#given < this.#parts.length || this.#readings.length > 0) return;
    const whole = this.#tally.finish(this.#log.path);
    this.#listener.ready({ log: this.#log, report: whole });
    this.#listener.finish();
  }
}

function newReading(part: Part): PartReading {
  return { part, held: [], bytes: 0 };
}
