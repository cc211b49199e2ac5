import type { LogType } from "../log_type.ts";
import { fields, IDENTITY } from "./common.ts";

/**
 * Zeek's ssl.log: one record per TLS handshake (base/protocols/ssl). `ja3`,
 * `ja3s` and `ja4` come from the packages of those names.
 */
export const ssl: LogType = {
  schema: {
    path: "ssl",
    fields: [
      ...IDENTITY,
      ...fields({
        version: "string",
        cipher: "string",
        server_name: "string",
        resumed: "bool",
        established: "bool",
        ja3: "string",
        ja3s: "string",
        ja4: "string",
        subject: "string",
        issuer: "string",
        validation_status: "string",
        sni_matches_cert: "bool",
        cert_chain_fps: "vector[string]",
        next_protocol: "string",
      }),
    ],
  },
  looksLike: (names) =>
    names.has("uid") &&
    ["resumed", "established", "ssl_history", "ja3", "cert_chain_fps"]
      .some((name) => names.has(name)),
};
