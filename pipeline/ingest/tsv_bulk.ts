import {
  CELL_KINDS,
  type CellKind,
  type Parsers,
  SPARE_BYTES,
  STOPS,
} from "../parser_kernels.ts";
import { BATCH_ROWS } from "../record_batch.ts";
import type { BulkReader } from "./block_scanner.ts";
import { cellKind, KernelColumns } from "./kernel_columns.ts";
import type { RecordStream, RecordStreams } from "./record_streams.ts";
import type { TsvHeader } from "./zeek_tsv_header.ts";

/** A field that is kept: where it stands in a line, where it goes. */
export interface TsvField {
  readonly name: string;
  readonly type: string;
  /** Index of its cell in a line. */
  readonly cell: number;
  /** Index of its field in the schema. */
  readonly f: number;
  readonly required: boolean;
}

/** Cells that one plan holds, and bytes of each of its markers. */
const MOST_CELLS = 1024, MOST_MARKER = 256;
const PLANNED_BYTES = 20;

/**
 * Bytes that mean something else at the start or end of a line; a minus or a
 * digit would do so within one.
 */
const TAKEN = new Set([..."\n\r #\\"].map((c) => c.charCodeAt(0)));

/** Where the plan of a file lies in the memory of its parsers. */
export class TsvPlan {
  readonly parsers: Parsers;
  readonly at: number;
  readonly unset: number;
  readonly empty: number;

  constructor(parsers: Parsers) {
    this.parsers = parsers;
    this.at = parsers.alloc(MOST_CELLS * PLANNED_BYTES);
    this.unset = parsers.alloc(MOST_MARKER + SPARE_BYTES);
    this.empty = parsers.alloc(MOST_MARKER + SPARE_BYTES);
  }

  /**
   * What reads records of such a header in bulk; null where its separators or
   * markers are ones that the kernel does not know.
   */
  reader(
    header: TsvHeader,
    width: number,
    streams: RecordStreams,
    stream: RecordStream,
    fields: readonly TsvField[],
  ): BulkReader | null {
    const { builder } = stream, { separator, unsetField } = header;
    if (
      !(builder instanceof KernelColumns) || !isPlain(header) ||
      fields.length === 0 || fields.length > MOST_CELLS
    ) return null;
    const { run } = this.parsers;
    const empty = Uint8Array.from(
      header.emptyField,
      (c) => c.charCodeAt(0),
    );
    this.parsers.u8(this.unset, MOST_MARKER).set(unsetField);
    this.parsers.u8(this.empty, MOST_MARKER).set(empty);
    run.planTsv(
      this.at,
      fields.length,
      fields.findIndex(({ name }) => name === "ts"),
      width,
      this.unset,
      unsetField.length,
      this.empty,
      empty.length,
    );
    fields.forEach(({ cell, type, f, required }, i) => {
      const { at, dictionary } = builder.place(f);
      const kind = CELL_KINDS[kindOf(type, header)];
      run.planCell(i, cell, kind, Number(required), at, dictionary);
    });
    return new TsvBulk(
      this.parsers,
      separator[0],
      width,
      streams,
      stream,
      builder,
      fields.map(({ f }) => f),
    );
  }

  /** What counts the records of a log type that is not kept. */
  counter(
    header: TsvHeader,
    logType: string,
    streams: RecordStreams,
  ): BulkReader | null {
    if (!isPlain(header)) return null;
    this.parsers.run.planTsv(
      this.at,
      0,
      -1,
      0,
      this.unset,
      0,
      this.empty,
      0,
    );
    return new TsvCount(this.parsers, header.separator[0], logType, streams);
  }
}

function isPlain({ separator, emptyField, unsetField }: TsvHeader): boolean {
  return separator.length === 1 && !TAKEN.has(separator[0]) &&
    emptyField.length <= MOST_MARKER && unsetField.length <= MOST_MARKER;
}

/** Lists are joined by "," and "-"; where the log has others, the host reads. */
function kindOf(type: string, header: TsvHeader): CellKind {
  const kind = cellKind(type);
  const { setSeparator, unsetField } = header;
  const plain = setSeparator === "," && unsetField.length === 1 &&
    unsetField[0] === 45;
  return plain || (kind !== "list" && kind !== "reals") ? kind : "foreign";
}

/** Reads the records of one header into the columns of one stream. */
class TsvBulk implements BulkReader {
  readonly separator: number;
  readonly width: number;
  readonly #parsers: Parsers;
  readonly #streams: RecordStreams;
  readonly #stream: RecordStream;
  readonly #columns: KernelColumns;
  readonly #fields: readonly number[];

  constructor(
    parsers: Parsers,
    separator: number,
    width: number,
    streams: RecordStreams,
    stream: RecordStream,
    columns: KernelColumns,
    fields: readonly number[],
  ) {
    this.#parsers = parsers;
    this.separator = separator;
    this.width = width;
    this.#streams = streams;
    this.#stream = stream;
    this.#columns = columns;
    this.#fields = fields;
  }

  read(line: number, start: number, number: number): number {
    const { run } = this.#parsers;
    const stop = run.parseTsv(line, start, this.#columns.length, BATCH_ROWS);
    const rows = run.rowsMade.value;
    if (rows > 0) {
      this.#streams.lines += rows;
      this.#columns.made(rows, this.#fields, number);
      this.#stream.made(rows, run.firstTs.value, run.lastTs.value);
    }
    if (stop === STOPS.full) this.#stream.takeBatch();
    return stop;
  }
}

/** Counts records of a log type that is not kept. */
class TsvCount implements BulkReader {
  readonly separator: number;
  readonly width = 0;
  readonly #parsers: Parsers;
  readonly #logType: string;
  readonly #streams: RecordStreams;

  constructor(
    parsers: Parsers,
    separator: number,
    logType: string,
    streams: RecordStreams,
  ) {
    this.#parsers = parsers;
    this.separator = separator;
    this.#logType = logType;
    this.#streams = streams;
  }

  read(line: number, start: number): number {
    const { run } = this.#parsers;
    const stop = run.parseTsv(line, start, 0, 2 ** 31 - 1);
    this.#streams.lines += run.rowsMade.value;
    this.#streams.countOther(this.#logType, run.rowsMade.value);
    return stop;
  }
}
