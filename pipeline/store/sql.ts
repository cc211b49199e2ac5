export type SqlValue = string | number | null | Uint8Array;

/**
 * What the two engines have in common: SQL with `?` for parameters. Every
 * error leaves it as a SkerryError that names the store.
 */
export interface Sql {
  /** All rows as objects; texts may come as bytes, see {@link textOf}. */
  all<Row>(sql: string, ...params: SqlValue[]): Promise<Row[]>;
  get<Row>(sql: string, ...params: SqlValue[]): Promise<Row | null>;
  /** @returns how many rows changed. */
  run(sql: string, ...params: SqlValue[]): Promise<number>;
  /** As {@link run}, for an INSERT. @returns the id of the new row. */
  insert(sql: string, ...params: SqlValue[]): Promise<number>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * node:sqlite cuts a text at its first NUL when it reads (Deno 2.9.5), so such
 * a text is kept as its UTF-8 bytes.
 */
export function bindable(value: SqlValue): SqlValue {
  return typeof value === "string" && value.includes("\0")
    ? encoder.encode(value)
    : value;
}

/** The opposite of {@link bindable}, where a text is expected. */
export function textOf(value: SqlValue): string {
  return value instanceof Uint8Array ? decoder.decode(value) : String(value);
}

/** As {@link textOf}, null where unset. */
export function textOrNull(value: SqlValue): string | null {
  return value === null ? null : textOf(value);
}

/** `(?, ?, ?)`. */
export function marks(n: number): string {
  return `(${new Array(n).fill("?").join(", ")})`;
}
