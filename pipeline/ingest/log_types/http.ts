import type { LogType } from "../log_type.ts";
import { fields, IDENTITY } from "./common.ts";

/** Only SIP's requests have these next to a method, a uri and a status. */
const SIP = ["call_id", "seq", "request_from", "response_from"];

/**
 * Zeek's http.log: one record per request (base/protocols/http). `beacon`,
 * `label` and `cat` are columns that labelled data sets add.
 */
export const http: LogType = {
  schema: {
    path: "http",
    fields: [
      ...IDENTITY,
      ...fields({
        trans_depth: "count",
        method: "string",
        host: "string",
        uri: "string",
        referrer: "string",
        version: "string",
        user_agent: "string",
        request_body_len: "count",
        response_body_len: "count",
        status_code: "count",
        resp_mime_types: "vector[string]",
        tags: "set[enum]",
        proxied: "set[string]",
        beacon: "string",
        label: "string",
        cat: "string",
      }),
    ],
  },
  looksLike: (names) =>
    names.has("trans_depth") &&
    (names.has("method") || names.has("status_code")) &&
    !SIP.some((name) => names.has(name)),
};
