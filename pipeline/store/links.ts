// By what records are found, and which others they name. Zeek's logs of files
// and certificates name connections and each other in fields of their own
// (base/frameworks/files, base/files/x509, policy/protocols/ssl).
import { type Field } from "../record_batch.ts";
import type { StoredRecord } from "./session_store.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Logs whose `id` is that of a file. */
const OF_FILES: ReadonlySet<string> = new Set(["x509", "ocsp", "pe"]);

/** Fields by which a record is found, besides `uid`. */
const FOUND_BY = ["uids", "conn_uids", "fuid", "fingerprint"];

/** Of one file or certificate, or of several: fuid, cert_chain_fps, … */
const NAMES_FILE = /(^|_)(fuids?|fps)$/;

/** Files and certificates whose records are looked for at a time. */
const MOST_FILES = 200;

/** What a record is found by: uids, the id of its file, a fingerprint. */
export function keysOf(logType: string, fields: Fields): string[] {
  const names = ["uid", ...FOUND_BY];
  if (OF_FILES.has(logType)) names.push("id");
  return [...new Set(names.flatMap((name) => textsIn(fields[name])))];
}

/** Files and certificates that the records name; the first ones of many. */
export function filesOf(records: readonly StoredRecord[]): string[] {
  const out = new Set<string>();
  for (const { fields } of records) {
    for (const [name, value] of Object.entries(fields)) {
      if (!NAMES_FILE.test(name)) continue;
      for (const id of textsIn(value)) out.add(id);
    }
  }
  return [...out].slice(0, MOST_FILES);
}

/** Whether records of such a log are found by more than their `uid`. */
export function hasKeys(logType: string, fields: readonly Field[]): boolean {
  return fields.some(({ name }) =>
    FOUND_BY.includes(name) || (name === "id" && OF_FILES.has(logType))
  );
}

/** A list is an array in the store, and joined by "," in a batch. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === "string"
    ? value.split(",").filter((text) => text !== "" && text !== "-")
    : [];
}
