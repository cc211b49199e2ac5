import type { LogType } from "../log_type.ts";
import { fields, IDENTITY } from "./common.ts";

/**
 * Zeek's dns.log: one record per query and its answers (base/protocols/dns).
 * `qtype` is kept for logs that have no `qtype_name`.
 */
export const dns: LogType = {
  schema: {
    path: "dns",
    fields: [
      ...IDENTITY,
      ...fields({
        proto: "enum",
        query: "string",
        qclass_name: "string",
        qtype: "count",
        qtype_name: "string",
        rcode_name: "string",
        AA: "bool",
        RD: "bool",
        RA: "bool",
        answers: "vector[string]",
        TTLs: "vector[interval]",
        rtt: "interval",
      }),
    ],
  },
  looksLike: (names) =>
    names.has("trans_id") &&
    ["query", "qtype", "rcode", "rcode_name"].some((name) => names.has(name)),
};
