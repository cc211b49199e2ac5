import type { Hash } from "node:crypto";
import defer * as nodeCrypto from "node:crypto";
import { Pacer, type RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { marks, type Sql, type SqlValue, textOf } from "./sql.ts";
import { RECORD_TABLES } from "./tables.ts";

/** A table and its key, by which it is read bit by bit. */
export interface CopyTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/** Rows per query; a finding's row may well be a megabyte. */
const ROWS = 1000, LARGE_ROWS = 20;

const RECORD_KEY = ["import_id", "orig_h", "resp_h", "resp_p", "ts_us", "seq"];

/**
 * Every table, those first that others name. `uids` is left out: it is made
 * anew when it is asked for.
 */
export const TABLES: readonly CopyTable[] = [
  table("datasets", "id", "name created_at"),
  table(
    "imports",
    "id",
    "dataset_id state step started_at nrows",
  ),
  table(
    "import_files",
    "dataset_id file_no import_id",
    "hash path size modified_at continues content reports other_records notes tail",
  ),
  table(
    "import_records",
    "import_id log_type",
    "nrows first_us last_us more_fields",
  ),
  ...RECORD_TABLES.map(({ sql, columns }): CopyTable => ({
    name: sql,
    key: RECORD_KEY,
    columns: [
      ...new Set([
        ...RECORD_KEY,
        "log_type",
        "file_no",
        "line_no",
        ...columns.map((column) => column.sql),
        "more",
      ]),
    ],
  })),
  table(
    "pairs",
    "import_id log_type orig_h resp_h resp_p seq",
    "name nrows first_us last_us",
  ),
  table("hosts", "import_id log_type orig_h", "nrows first_us last_us"),
  table("bins", "import_id log_type bin", "nrows"),
  table("labels", "dataset_id uid source", "value"),
  table("runs", "id", "dataset_id started_at finding_count report"),
  table(
    "findings",
    "run_id `rank`",
    "finding_id score severity detector src dst name document series_ts series_bytes",
  ),
  table("opinions", "finding_id", "verdict regular tags owner"),
  table("notes", "id", "finding_id at text"),
  table("decisions", "id", "finding_id at who why about value"),
  table("host_notes", "id", "dataset_id address at who text removed"),
  table("host_tags", "dataset_id address tag", ""),
  table("safelist", "id", "kind value reason author created_at expires_at"),
  table("models", "id", "name kind created_at dataset model"),
  table("cluster_members", "model_id label n", "uid"),
];

export async function count(sql: Sql, { name }: CopyTable): Promise<number> {
  return (await sql.get<{ n: number }>(`SELECT count(*) AS n FROM ${name}`))!.n;
}

export type Values = SqlValue[];

/**
 * The rows of a table in the order of its key, some at a time.
 *
 * @param within only those where a column of the key has this value.
 */
export async function* rowsOf(
  engine: Engine,
  { name, key: whole, columns }: CopyTable,
  { signal }: RunOptions,
  within?: { readonly column: string; readonly value: number },
): AsyncGenerator<Values[]> {
  const key = whole.filter((column) => column !== within?.column);
  const pacer = new Pacer(signal);
  const limit = name === "findings" || name === "models" ? LARGE_ROWS : ROWS;
  const places = key.map((column) => columns.indexOf(column));
  let after: Values | null = null;
  while (true) {
    const terms = [
      ...(within ? [`${within.column} = ?`] : []),
      ...(after ? [behind(key)] : []),
    ];
    const where = terms.length > 0 ? `WHERE ${terms.join(" AND ")}` : "";
    const rows: Values[] = await engine.arrays(
      `SELECT ${columns.join(", ")} FROM ${name} ${where}
        ORDER BY ${key.join(", ")} LIMIT ${limit}`,
      [...(within ? [within.value] : []), ...(after ? twice(after) : [])],
    );
    // The key as the engine gave it: a place in its own order.
    const last = rows.at(-1);
    if (last) yield rows.map((row) => row.map((v, c) => plain(v, columns[c])));
    if (!last || rows.length < limit) return;
    after = places.map((place) => last[place]);
    if (pacer.due) await pacer.rest();
  }
}

/** Columns of bytes; in any other one bytes are a text's. */
const BYTES = new Set([
  ...["orig_h", "resp_h", "address", "series_ts", "series_bytes"],
]);

/** A value as the other engine takes it. */
export function plain(value: SqlValue, column: string): SqlValue {
  return value instanceof Uint8Array && !BYTES.has(column)
    ? textOf(value)
    : value;
}

/** (a > ? OR (a = ? AND (b > ? …))): a range of the key in either engine. */
function behind([first, ...rest]: readonly string[]): string {
  if (rest.length === 0) return `${first} > ?`;
  return `(${first} > ? OR (${first} = ? AND ${behind(rest)}))`;
}

/** Each value of the key as often as {@link behind} has a mark for it. */
function twice(key: Values): Values {
  return key.flatMap((value, i) =>
    i === key.length - 1 ? [value] : [value, value]
  );
}

export async function insert(
  engine: Engine,
  { name, columns }: CopyTable,
  rows: readonly Values[],
): Promise<void> {
  // SQLite takes 32,766 parameters at most.
  const most = Math.floor(30_000 / columns.length);
  await engine.transaction(async (sql) => {
    for (let at = 0; at < rows.length; at += most) {
      const some = rows.slice(at, at + most);
      const values = some.map(() => marks(columns.length)).join(", ");
      await sql.run(
        `INSERT INTO ${name} (${columns.join(", ")}) VALUES ${values}`,
        ...some.flat(),
      );
    }
  });
}

/** Alike for values that the engines show differently. */
export class Checksum {
  readonly #hash: Hash = nodeCrypto.createHash("sha256");
  rows = 0;

  add(rows: readonly Values[]): void {
    for (const row of rows) this.#hash.update(JSON.stringify(row.map(shown)));
    this.rows += rows.length;
  }

  finish(): string {
    return this.#hash.digest("hex");
  }
}

/** Bytes are of one kind here and of another there. */
function shown(value: SqlValue): unknown {
  return value instanceof Uint8Array ? [new Uint8Array(value).toHex()] : value;
}

function table(name: string, key: string, others: string): CopyTable {
  const keys = key.split(" ");
  return {
    name,
    key: keys,
    columns: [...keys, ...others.split(" ").filter(Boolean)],
  };
}
