import {
  FEATURE_SETS,
  type Flag,
  parseSize,
  PART_DOCS,
  RECORDS_KEPT,
} from "../mod.ts";

/** Flags of every command. */
export const COMMON: readonly Flag[] = [
  {
    name: "store",
    value: "FILE|mysql://USER@HOST:PORT/DB",
    doc:
      "where sessions live (default: SKERRY_STORE, else the user's data folder); a server's password is SKERRY_DB_PASSWORD or asked for; ?socket=/path, ?tls=on|off|/path/ca.pem",
  },
  {
    name: "tz",
    value: "ZONE",
    doc: "time zone of what is shown, as Europe/Berlin (default UTC)",
  },
  { name: "no-color", doc: "no colours (as NO_COLOR and TERM=dumb)" },
  { name: "help", short: "h", doc: "this text" },
];

export const JSON_OUT: Flag = {
  name: "json",
  value: "FILE|-",
  doc: "write JSON; with - nothing else goes to stdout",
};

export const OUTPUT: readonly Flag[] = [
  JSON_OUT,
  { name: "csv", value: "FILE|-", doc: "write CSV" },
];

export const DATASET: Flag = {
  name: "dataset",
  value: "NAME",
  doc:
    "the dataset (default: the folder's absolute path, or the last one hunted in)",
};

export const SENSOR: Flag = {
  name: "sensor",
  value: "NAME",
  doc:
    'the sensor of records that name none, "" for none (default: their folder, where several stand side by side)',
};

export const RECORDS: Flag = {
  name: "records",
  value: RECORDS_KEPT.join("|"),
  doc:
    "other logs to keep besides conn, http, dns and ssl: known (default: Zeek's logs of files, hosts and protocols, as x509, notice, dhcp), all with a time, or none (then no host has a name from them)",
};

export const INTERNAL: Flag = {
  name: "internal",
  value: "CIDR,…",
  doc: "networks that count as internal (default: found from the traffic)",
};

export const WITHOUT: Flag = {
  name: "without",
  value: "A,B",
  doc: `parts of the score that shall not count: ${
    Object.keys(PART_DOCS).join(", ")
  }`,
};

export const BENIGN: Flag = {
  name: "benign",
  value: "FILE",
  doc:
    "your own kinds of benign traffic, over the shipped ones; see skerry benign --help",
};

/** What is known besides the logs: of hosts, and of what is benign. */
export const KNOWLEDGE: readonly Flag[] = [
  BENIGN,
  {
    name: "hosts",
    value: "FILE",
    doc:
      "CSV of what you call your hosts: address (or CIDR), from, to, name, owner, role",
  },
  {
    name: "asn",
    value: "FILE",
    doc:
      "whose addresses are whose: mmdb (GeoLite2 ASN), ip2asn's TSV or CSV, also .gz",
  },
];

/** For who hunts; {@link parseMemory} reads it. */
export const MEMORY: Flag = {
  name: "memory",
  value: "2GB",
  doc:
    "how much of the connections is held in memory; the rest goes to a file beside the store, which is gone at the end (default: half of RAM, at most 3 GiB)",
};

/** Less than the pages that one step looks at would be read again and again. */
const LEAST_MEMORY = 16e6;

/** @throws RangeError for less than a hunt takes. */
export function parseMemory(text: string): number {
  const bytes = parseSize(text);
  if (bytes >= LEAST_MEMORY) return bytes;
  throw new RangeError(`Cannot hunt in ${text} of memory: it takes 16MB`);
}

export const LIMIT: Flag = {
  name: "limit",
  value: "N",
  doc: "list at most N (default 10)",
};

export const PAGE: readonly Flag[] = [
  { name: "port", value: "N", doc: "port on 127.0.0.1 (default 8000)" },
  {
    name: "allow-import",
    value: "DIR",
    many: true,
    doc: "a folder whose logs the pages may import; may be given several times",
  },
];

export const FEATURES: Flag = {
  name: "features",
  value: FEATURE_SETS.map((set) => set.name).join("|"),
  doc: "the numbers made of a record (default session, for the net http)",
};

export const MODEL: readonly Flag[] = [
  {
    name: "save-model",
    value: "FILE|@NAME",
    doc: "keep the fitted model with its scaler; @NAME keeps it in the store",
  },
  {
    name: "load-model",
    value: "FILE|@NAME",
    doc: "use a kept model instead of fitting one; skerry models lists them",
  },
];
