import type { Field } from "../../record_batch.ts";

/** A table of names and Zeek types as a list. */
export function fields(types: Readonly<Record<string, string>>): Field[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

/** What every record begins with: when, which sensor, who with whom. */
export const IDENTITY: readonly Field[] = fields({
  ts: "time",
  _system_name: "string",
  uid: "string",
  "id.orig_h": "addr",
  "id.orig_p": "port",
  "id.resp_h": "addr",
  "id.resp_p": "port",
});
