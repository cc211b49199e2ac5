import type { BadField } from "../errors.ts";

/** What became of the records of one log type in one file. */
export interface StreamReport {
  readonly logType: string;
  readonly format: LogFormat;
  /** Records kept. */
  readonly records: number;
  /** Records left out because a value of theirs is bad. */
  readonly skipped: number;
  /** Earliest `ts` kept, epoch seconds; NaN where no record was kept. */
  readonly firstTs: number;
  /** Latest `ts` kept, epoch seconds; NaN where no record was kept. */
  readonly lastTs: number;
  /** The first 100 bad values. */
  readonly errors: readonly BadField[];
  /** "duration: is not a number" → how many records were skipped for it. */
  readonly skippedByReason: Readonly<Record<string, number>>;
  /**
   * Counts of 2^53 or more in records kept, where they are unset: no number
   * here holds them exactly.
   */
  readonly large: number;
  /** The first 100 of these, as they stood there. */
  readonly largeValues: readonly BadField[];
}

/** What became of one file. */
export interface FileReport {
  readonly path: string;
  readonly streams: readonly StreamReport[];
  /** Records of log types that are not kept, by type. */
  readonly otherTypes: Readonly<Record<string, number>>;
  /**
   * Lines that hold data: neither blank nor part of a header. All records kept,
   * skipped and of other types together, always.
   */
  readonly lines: number;
  /** Bytes of the decompressed log up to the end of its last whole line. */
  readonly end: number;
  /** What became of a last line without an end; of other types: "record". */
  readonly tail: "none" | "record" | "skipped";
  /** sha256 of a compressed log's content up to `end`, hex, if read whole. */
  readonly contentHash?: string;
  /** What is wrong with the file as a whole. */
  readonly problem?: string;
  /** Why a clock seems to be wrong: records that lie ahead of this machine's. */
  readonly clock?: string;
}

export type LogFormat = "zeek-tsv" | "zeek-json" | "flow-csv";

/** Bad values that a report lists of each log type. */
export const ERRORS_KEPT = 100;
const VALUE_CHARS = 200;

/** Counts records of one log type in one file: `keep`, `skip`, `finish`. */
export class StreamTally {
  #records = 0;
  #skipped = 0;
  #firstTs = NaN;
  #lastTs = NaN;
  #errors: BadField[] = [];
  #reasons = new Map<string, number>();
  #large = 0;
  #largeValues: BadField[] = [];

  constructor(readonly logType: string, readonly format: LogFormat) {}

  /** Nothing was kept and nothing skipped. */
  get empty(): boolean {
    return this.#records + this.#skipped === 0;
  }

  get records(): number {
    return this.#records;
  }

  get skipped(): number {
    return this.#skipped;
  }

  keep(ts: number): void {
    this.keepMany(1, ts, ts);
  }

  /** @param firstTs earliest of theirs; what is no number tells nothing. */
  keepMany(n: number, firstTs: number, lastTs: number): void {
    this.#records += n;
    if (Number.isFinite(firstTs) && !(this.#firstTs <= firstTs)) {
      this.#firstTs = firstTs;
    }
    if (Number.isFinite(lastTs) && !(this.#lastTs >= lastTs)) {
      this.#lastTs = lastTs;
    }
  }

  skip(bad: BadField): void {
    this.#skipped++;
    const reason = bad.field ? `${bad.field}: ${bad.reason}` : bad.reason;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    if (this.#errors.length < ERRORS_KEPT) this.#errors.push(cut(bad));
  }

  /** Counts a value that a record kept cannot hold. */
  addLarge(value: BadField): void {
    this.#large++;
    if (this.#largeValues.length < ERRORS_KEPT) {
      this.#largeValues.push(cut(value));
    }
  }

  finish(): StreamReport {
    return Object.freeze({
      logType: this.logType,
      format: this.format,
      records: this.#records,
      skipped: this.#skipped,
      firstTs: this.#firstTs,
      lastTs: this.#lastTs,
      errors: this.#errors,
      skippedByReason: Object.fromEntries(this.#reasons),
      large: this.#large,
      largeValues: this.#largeValues,
    });
  }
}

function cut(bad: BadField): BadField {
  return { ...bad, value: bad.value.slice(0, VALUE_CHARS) };
}
