import { type Field, isNumeric, type Schema } from "../record_batch.ts";

/** How a field lies in its column. */
export type ColumnKind = "time" | "address" | "port" | "number" | "text";

export interface Column extends Field {
  /** Its name in SQL: `orig_h` for "id.orig_h". */
  readonly sql: string;
  readonly kind: ColumnKind;
}

/** A typed table; "open_conn" lies in the same one as "conn". */
export interface RecordTable {
  readonly name: string;
  /** In Zeek's order. */
  readonly columns: readonly Column[];
}

/**
 * The fields that have a column of their own, as "name type" (Zeek's
 * `#fields` and `#types`). A new one needs a migration too; any other field of
 * a batch is kept in the JSON column `more`.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  conn: [
    "ts time",
    "uid string",
    "id.orig_h addr",
    "id.orig_p port",
    "id.resp_h addr",
    "id.resp_p port",
    "proto enum",
    "service string",
    "duration interval",
    "orig_bytes count",
    "resp_bytes count",
    "conn_state string",
    "local_orig bool",
    "local_resp bool",
    "missed_bytes count",
    "history string",
    "orig_pkts count",
    "orig_ip_bytes count",
    "resp_pkts count",
    "resp_ip_bytes count",
    "label string",
    "_system_name string",
  ],
  http: [
    "ts time",
    "uid string",
    "id.orig_h addr",
    "id.orig_p port",
    "id.resp_h addr",
    "id.resp_p port",
    "trans_depth count",
    "method string",
    "host string",
    "uri string",
    "referrer string",
    "version string",
    "user_agent string",
    "request_body_len count",
    "response_body_len count",
    "status_code count",
    "resp_mime_types vector[string]",
    "tags set[enum]",
    "proxied set[string]",
    "beacon string",
    "label string",
    "cat string",
    "_system_name string",
  ],
  dns: [
    "ts time",
    "uid string",
    "id.orig_h addr",
    "id.orig_p port",
    "id.resp_h addr",
    "id.resp_p port",
    "proto enum",
    "query string",
    "qclass_name string",
    "qtype count",
    "qtype_name string",
    "rcode_name string",
    "AA bool",
    "RD bool",
    "RA bool",
    "answers vector[string]",
    "TTLs vector[interval]",
    "rtt interval",
    "_system_name string",
  ],
  ssl: [
    "ts time",
    "uid string",
    "id.orig_h addr",
    "id.orig_p port",
    "id.resp_h addr",
    "id.resp_p port",
    "version string",
    "cipher string",
    "server_name string",
    "resumed bool",
    "established bool",
    "ja3 string",
    "ja3s string",
    "ja4 string",
    "subject string",
    "issuer string",
    "validation_status string",
    "cert_chain_fps vector[string]",
    "next_protocol string",
    "_system_name string",
  ],
};

export const RECORD_TABLES: readonly RecordTable[] = Object.entries(FIELDS)
  .map(([name, fields]) => ({ name, columns: fields.map(columnOf) }));

const BY_NAME = new Map(RECORD_TABLES.map((table) => [table.name, table]));

/** The table of "conn" or "open_conn"; undefined where a type is not kept. */
export function tableOf(logType: string): RecordTable | undefined {
  return BY_NAME.get(logType.replace(/^open_/, ""));
}

/** What `batches` gives: every column, then the fields kept in `more`. */
export function schemaOf(
  logType: string,
  table: RecordTable,
  more: readonly Field[],
): Schema {
  const fields = [...table.columns, ...more];
  return {
    path: logType,
    fields: fields.map(({ name, type }) => ({ name, type })),
  };
}

function columnOf(field: string): Column {
  const [name, type] = field.split(" ");
  return { name, type, sql: sqlName(name), kind: kindOf(name, type) };
}

function sqlName(name: string): string {
  if (name === "ts") return "ts_us";
  return name.replace(/^(id\.|_)/, "");
}

function kindOf(name: string, type: string): ColumnKind {
  if (name === "ts") return "time";
  if (type === "addr") return "address";
  if (name === "id.resp_p") return "port";
  return isNumeric(type) ? "number" : "text";
}
