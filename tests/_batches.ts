import { schemas } from "../pipeline/ingest/mod.ts";
import {
  BatchBuilder,
  isNumeric,
  type RecordBatch,
} from "../pipeline/record_batch.ts";

/** A record under Zeek's field names; what is left out is unset. */
export type Row = Readonly<Record<string, string | number>>;

/** A batch of a log type that Skerry keeps. */
export function batchOf(path: string, rows: readonly Row[]): RecordBatch {
  const schema = schemas.get(path);
  if (!schema) {
    throw new RangeError(`Cannot make a batch: there is no log type ${path}`);
  }
  const builder = new BatchBuilder(schema);
  for (const row of rows) {
    schema.fields.forEach(({ name, type }, f) => {
      const value = row[name];
      if (value === undefined) return;
      if (isNumeric(type)) builder.setNumber(f, Number(value));
      else builder.setText(f, String(value));
    });
    builder.endRow();
  }
  return builder.finish();
}

let serial = 0;

/** A conn record; TCP to port 443 that was answered, unless told otherwise. */
export function connRow(
  ts: number,
  src: string,
  dst: string,
  more: Row = {},
): Row {
  return {
    ts,
    uid: `C${++serial}`,
    "id.orig_h": src,
    "id.orig_p": 40_000 + serial % 20_000,
    "id.resp_h": dst,
    "id.resp_p": 443,
    proto: "tcp",
    duration: 0.5,
    orig_bytes: 500,
    resp_bytes: 900,
    conn_state: "SF",
    history: "ShADadFf",
    ...more,
  };
}

/** The http or ssl record of a connection. */
export function ofConn(conn: Row, more: Row): Row {
  const { ts, uid } = conn;
  const ends = ["id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"] as const;
  return {
    ts,
    uid,
    ...Object.fromEntries(ends.map((name) => [name, conn[name]])),
    ...more,
  };
}
