import type { LogType } from "../log_type.ts";
import { fields, IDENTITY } from "./common.ts";

/** Zeek's conn.log: one record per connection (base/protocols/conn). */
export const conn: LogType = {
  schema: {
    path: "conn",
    fields: [
      ...IDENTITY,
      ...fields({
        proto: "enum",
        service: "string",
        duration: "interval",
        orig_bytes: "count",
        resp_bytes: "count",
        conn_state: "string",
        local_orig: "bool",
        local_resp: "bool",
        missed_bytes: "count",
        history: "string",
        orig_pkts: "count",
        orig_ip_bytes: "count",
        resp_pkts: "count",
        resp_ip_bytes: "count",
        label: "string",
      }),
    ],
  },
  looksLike: (names) => names.has("proto") && names.has("conn_state"),
};
