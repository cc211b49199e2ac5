import { closedType } from "../log_type_name.ts";
import { type Field, isNumeric, type Schema } from "../record_batch.ts";

/** How a field lies in its column. */
export type ColumnKind =
  | "time"
  | "address"
  | "port"
  | "number"
  | "text"
  | "few";

export interface Column extends Field {
  /** Its name in SQL: `orig_h` for "id.orig_h". */
  readonly sql: string;
  readonly kind: ColumnKind;
}

/** A table of records; "open_conn" lies in the same one as "conn". */
export interface RecordTable {
  readonly name: string;
  /** Its name in SQL: SSL is a word of MySQL's. */
  readonly sql: string;
  /** In Zeek's order. */
  readonly columns: readonly Column[];
}

/** Fields with a column in every table of records. */
const OF_EVERY = [
  "ts time",
  "uid string",
  "id.orig_h addr",
  "id.orig_p port",
  "id.resp_h addr",
  "id.resp_p port",
];

/**
 * The fields that have a column of their own, as "name type" (Zeek's
 * `#fields` and `#types`). "few" marks texts of which a log holds few different
 * ones: they are read together, see {@link fewOf}. A new one needs a migration
 * too; any other field of a batch is kept in the JSON column `more`.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  conn: [
    ...OF_EVERY,
    "proto enum few",
    "service string few",
    "duration interval",
    "orig_bytes count",
    "resp_bytes count",
    "conn_state string few",
    "local_orig bool few",
    "local_resp bool few",
    "missed_bytes count",
    "history string few",
    "orig_pkts count",
    "orig_ip_bytes count",
    "resp_pkts count",
    "resp_ip_bytes count",
    "label string few",
    "_system_name string few",
  ],
  http: [
    ...OF_EVERY,
    "trans_depth count",
    "method string few",
    "host string",
    "uri string",
    "referrer string",
    "version string few",
    "user_agent string",
    "request_body_len count",
    "response_body_len count",
    "status_code count",
    "resp_mime_types vector[string] few",
    "tags set[enum] few",
    "proxied set[string] few",
    "beacon string few",
    "label string few",
    "cat string few",
    "_system_name string few",
  ],
  dns: [
    ...OF_EVERY,
    "proto enum few",
    "query string",
    "qclass_name string few",
    "qtype count",
    "qtype_name string few",
    "rcode_name string few",
    "AA bool few",
    "RD bool few",
    "RA bool few",
    "answers vector[string]",
    "TTLs vector[interval]",
    "rtt interval",
    "_system_name string few",
  ],
  ssl: [
    ...OF_EVERY,
    "version string few",
    "cipher string few",
    "server_name string",
    "resumed bool few",
    "established bool few",
    "ja3 string",
    "ja3s string few",
    "ja4 string",
    "subject string",
    "issuer string",
    "validation_status string few",
    "cert_chain_fps vector[string]",
    "next_protocol string few",
    "_system_name string few",
  ],
  // All other logs together; what they have besides is in `more`.
  records: [
    ...OF_EVERY,
    "_system_name string few",
  ],
};

export const RECORD_TABLES: readonly RecordTable[] = Object.entries(FIELDS)
  .map(([name, fields]) => ({
    name,
    sql: `\`${name}\``,
    columns: fields.map(columnOf),
  }));

/** Where every log lies that has no table of its own: x509, notice, dhcp, … */
export const RECORDS: RecordTable = RECORD_TABLES.find(({ name }) =>
  name === "records"
)!;

/** Tables of one log type each, and of its "open_" form where it has one. */
export const TYPED_TABLES: readonly RecordTable[] = RECORD_TABLES.filter(
  (table) => table !== RECORDS,
);

const BY_NAME = new Map(TYPED_TABLES.map((table) => [table.name, table]));

/** The table of "conn" or "open_conn"; {@link RECORDS} of what has none. */
export function tableOf(logType: string): RecordTable {
  return BY_NAME.get(closedType(logType)) ?? RECORDS;
}

/**
 * Columns that are read as one JSON array: half the time of reading goes into
 * handing texts over one by one, and few different arrays come.
 */
export function fewOf({ columns }: RecordTable): Column[] {
  return columns.filter(({ kind }) => kind === "few");
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
  const [name, type, few] = field.split(" ");
  const kind = few ? "few" : kindOf(name, type);
  return { name, type, sql: sqlName(name), kind };
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
