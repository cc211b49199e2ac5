import type { Buffer } from "node:buffer";
import { SkerryError } from "../../errors.ts";
import type { Load } from "../engine.ts";
import type { LoadColumn, RecordRows } from "../record_rows.ts";
import type { SqlValue } from "../sql.ts";
import { codesOf } from "./refusal.ts";
import { cellWriter, RowBytes } from "./row_bytes.ts";
import type { Connection } from "./server.ts";

/** Bytes that the server is handed at once, and the most in one packet. */
const CHUNK_BYTES = 1 << 18, PACKET_BYTES = 1 << 22;

/** Of a prepared statement: 65,535 parameters are the most there can be. */
const ROWS_PER_STATEMENT = 100;

/** What a server says that lets no client hand in a file. */
const NO_LOCAL = [
  "ER_NOT_ALLOWED_COMMAND",
  "ER_CLIENT_LOCAL_FILES_DISABLED",
  "1148",
  "3948",
  "ER_LOAD_INFILE_CAPABILITY_DISABLED",
  "4166",
];

/** Whether the server refuses LOAD DATA LOCAL, so that rows must be inserted. */
export function refusesLocal(error: unknown): boolean {
  const cause = error instanceof SkerryError ? error.cause : error;
  const codes = codesOf(cause);
  return NO_LOCAL.some((code) => codes.includes(code));
}

/**
 * LOAD DATA LOCAL from memory. It turns errors into warnings and passes over
 * duplicates even in strict mode, so the outcome is compared with what was
 * meant.
 */
export async function loadData(
  connection: Connection,
  location: string,
  rows: RecordRows,
  load: Load,
): Promise<void> {
  const columns = ["import_id", "log_type", "seq"];
  columns.push(...rows.columns.map(({ sql }) => sql));
  // Binary: addresses are bytes, and texts are the bytes of utf8mb4 already.
  const sql = `LOAD DATA LOCAL INFILE 'records' INTO TABLE ${load.table.sql}
    CHARACTER SET binary FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\'
    LINES TERMINATED BY '\\n' (${columns.join(", ")})`;
  const { affectedRows, warningStatus } = await connection.loadData(
    sql,
    chunksOf(rows, load),
  );
  load.signal.throwIfAborted();
  if (affectedRows === rows.order.length && warningStatus === 0) return;
  const [warning] = await connection.all<{ Message: string }>(
    "SHOW WARNINGS LIMIT 1",
  );
  throw new SkerryError(
    `Cannot write the store ${location}: the server took ${affectedRows} of ${rows.order.length} ${load.logType} records${
      warning ? ` and says: ${warning.Message}` : ""
    }`,
    { hint: "Nothing of this part was kept; report this as a defect." },
  );
}

/**
 * Rows as LOAD DATA reads them, in the order of their key; none any more once
 * the load is stopped, so that the server ends its statement at once.
 */
function* chunksOf(rows: RecordRows, load: Load): Generator<Buffer> {
  const to = new RowBytes();
  const begin = new TextEncoder().encode(`${load.importId}\t${load.logType}\t`);
  const cells = rows.columns.map(cellWriter);
  let seq = load.seq;
  for (const i of rows.order) {
    to.raw(begin);
    to.number(seq++);
    for (const cell of cells) {
      to.tab();
      cell(to, i);
    }
    to.newline();
    if (to.length < CHUNK_BYTES) continue;
    if (load.signal.aborted) return;
    yield* packets(to.take());
  }
  yield* packets(to.take());
}

function* packets(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PACKET_BYTES) {
    yield bytes.subarray(at, at + PACKET_BYTES);
  }
}

/** Many rows per prepared statement, where LOAD DATA LOCAL is not allowed. */
export async function insertRows(
  connection: Connection,
  rows: RecordRows,
  load: Load,
): Promise<void> {
  const names = rows.columns.map(({ sql }) => sql).join(", ");
  const row = `(?, ?, ?${", ?".repeat(rows.columns.length)})`;
  const begin =
    `INSERT INTO ${load.table.sql} (import_id, log_type, seq, ${names}) VALUES `;
  const values = rows.columns.map(valueOf);
  for (let at = 0; at < rows.order.length; at += ROWS_PER_STATEMENT) {
    const some = rows.order.subarray(at, at + ROWS_PER_STATEMENT);
    const params: SqlValue[] = [];
    some.forEach((i, k) => {
      params.push(load.importId, load.logType, load.seq + at + k);
      for (const value of values) params.push(value(i));
    });
    const sql = begin + new Array(some.length).fill(row).join(", ");
    await connection.runPrepared(sql, params);
    load.signal.throwIfAborted();
  }
}

function valueOf(column: LoadColumn): (i: number) => SqlValue {
  if (column.kind === "numbers") {
    const { values } = column;
    return (i) => Number.isFinite(values[i]) ? values[i] : null;
  }
  if (column.kind === "computed") return column.value;
  return (i) => column.values[column.codes[i]];
}
