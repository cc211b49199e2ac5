import { type BatchBuilder, isNumeric, type Schema } from "../record_batch.ts";
import { type SqlValue, textOf } from "./database.ts";
import { addressOfHex, NO_ADDRESS, NO_PORT, seconds } from "./keys.ts";
import type { Column, RecordTable } from "./tables.ts";

/** Before the columns of the table stand the key and what is left over. */
const SEQ = 4, MORE = 5, FIRST_COLUMN = 6;

/** Sets one field of the row being built from its SQL value, never null. */
type Setter = (builder: BatchBuilder, value: SqlValue) => void;

/** Rows of a record table, as arrays, back into columns. */
export class RowDecoder {
  /** Sorts before every key. */
  static readonly FIRST_KEY: readonly SqlValue[] = [
    NO_ADDRESS,
    NO_ADDRESS,
    NO_PORT,
    Number.MIN_SAFE_INTEGER,
    -1,
  ];

  /** One setter per column; null for those that the key holds. */
  readonly #setters: readonly Setter[];
  readonly #fields: ReadonlyMap<string, Setter>;

  constructor(schema: Schema, table: RecordTable) {
    this.#setters = table.columns.map(columnSetter);
    this.#fields = new Map(
      schema.fields.map(({ name, type }, f) => [
        name,
        isNumeric(type) ? numberSetter(f) : textSetter(f),
      ]),
    );
  }

  /** What to select, in the order that {@link decode} expects. */
  static columns(table: RecordTable): string {
    const columns = table.columns.map(({ sql, kind }) =>
      kind === "address" ? `hex(${sql})` : sql
    );
    return [
      "hex(orig_h)",
      "hex(resp_h)",
      "resp_p",
      "ts_us",
      "seq",
      "more",
      ...columns,
    ].join(", ");
  }

  /** The key of a row, to continue after it. */
  static keyOf(row: readonly SqlValue[]): SqlValue[] {
    const [orig, resp] = row as string[];
    return [
      Uint8Array.fromHex(orig),
      Uint8Array.fromHex(resp),
      ...row.slice(2, SEQ + 1),
    ];
  }

  /** Adds one record. */
  decode(row: readonly SqlValue[], builder: BatchBuilder): void {
    for (let c = 0; c < this.#setters.length; c++) {
      const value = row[FIRST_COLUMN + c];
      if (value !== null) this.#setters[c](builder, value);
    }
    const more = row[MORE];
    if (more !== null) this.#decodeMore(textOf(more), builder);
    builder.endRow();
  }

  #decodeMore(json: string, builder: BatchBuilder): void {
    for (const [name, value] of Object.entries(JSON.parse(json))) {
      if (value !== null) this.#fields.get(name)?.(builder, value as SqlValue);
    }
  }
}

function columnSetter({ kind }: Column, f: number): Setter {
  if (kind === "time") return (b, us) => b.setNumber(f, seconds(us as number));
  if (kind === "port") return portSetter(f);
  if (kind === "address") return addressSetter(f);
  return kind === "number" ? numberSetter(f) : textSetter(f);
}

function numberSetter(f: number): Setter {
  return (builder, value) => builder.setNumber(f, value as number);
}

function textSetter(f: number): Setter {
  return (builder, value) =>
    builder.setText(f, typeof value === "string" ? value : textOf(value));
}

function portSetter(f: number): Setter {
  return (builder, port) => {
    if (port !== NO_PORT) builder.setNumber(f, port as number);
  };
}

/** Rows are clustered by address: mostly it is the one before. */
function addressSetter(f: number): Setter {
  let lastHex = "", lastText: string | undefined;
  return (builder, value) => {
    if (value !== lastHex) lastText = addressOfHex(lastHex = value as string);
    if (lastText !== undefined) builder.setText(f, lastText);
  };
}
