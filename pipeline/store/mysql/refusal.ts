import { messageOf, SkerryError } from "../../errors.ts";
import { PasswordNeeded } from "../password_needed.ts";

/** What mysql2, the server or Deno says → why in plain words, and what to do. */
interface Reason {
  /** Names or numbers of errors, or the beginning of a message. */
  readonly codes: readonly string[];
  readonly why: string;
  readonly hint: string;
}

const REASONS: readonly Reason[] = [
  {
    codes: ["ECONNREFUSED", "ENOENT"],
    why: "no server listens there",
    hint: "Start the server, or check host, port and socket.",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN"],
    why: "there is no such host",
    hint: "Check the spelling of the host.",
  },
  {
    codes: ["ETIMEDOUT"],
    why: "the server does not answer",
    hint: "Check host and port, and whether a firewall is between.",
  },
  {
    codes: [
      "PROTOCOL_CONNECTION_LOST",
      "ECONNRESET",
      "EPIPE",
      "ER_SERVER_SHUTDOWN",
      "ER_NORMAL_SHUTDOWN",
      "ER_CONNECTION_KILLED",
      "1927",
      "Can't add new command when connection is in closed state",
    ],
    why: "the connection to the server was lost",
    hint: "Run it again: what was imported is kept, and goes on from there.",
  },
  {
    codes: ["HANDSHAKE_NO_SSL_SUPPORT", "3159"],
    why: "the server offers no encrypted connection (TLS)",
    hint:
      "Turn TLS on in the server, or reach it through a tunnel to loopback.",
  },
  {
    codes: [
      "HANDSHAKE_SSL_ERROR",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "invalid peer certificate",
    ],
    why: "its certificate cannot be trusted",
    hint:
      "Name the authority's certificate, ?tls=/path/ca.pem, and the host as the server's certificate does.",
  },
  {
    codes: [
      "ER_DISK_FULL",
      "ER_RECORD_FILE_FULL",
      "1021",
      "1114",
      "No more room in record file",
    ],
    why: "the server's disk is full",
    hint: "Free some space there, then run it again: nothing is lost.",
  },
  {
    codes: ["ER_LOCK_WAIT_TIMEOUT", "ER_LOCK_DEADLOCK"],
    why: "another program is using it",
    hint: "Wait until the other run has finished, then try again.",
  },
  {
    codes: ["ER_NET_PACKET_TOO_LARGE", "ER_DATA_TOO_LONG"],
    why: "a value is larger than the server takes",
    hint: "Raise max_allowed_packet in the server.",
  },
  {
    codes: [
      "ER_OPTION_PREVENTS_STATEMENT",
      "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
      "1792",
      "1290",
    ],
    why: "it may only be read",
    hint: "Name another store, or ask for the right to write.",
  },
  {
    codes: ["Requires net access to"],
    why: "this program may not reach the server",
    hint: "Deno's --allow-net must name it, as --allow-net=HOST:PORT.",
  },
];

const DENIED = [
  "ER_TABLEACCESS_DENIED_ERROR",
  "ER_DBACCESS_DENIED_ERROR",
  "ER_SPECIFIC_ACCESS_DENIED_ERROR",
  "ER_COLUMNACCESS_DENIED_ERROR",
];

/** "Cannot write the store mysql://…: why". */
export function refusal(
  action: "open" | "read" | "write",
  location: string,
  cause: unknown,
): SkerryError {
  if (cause instanceof SkerryError) return cause;
  const codes = codesOf(cause), message = messageOf(cause);
  const begin = `Cannot ${action} the store ${location}`;
  if (codes.includes("ER_ACCESS_DENIED_ERROR")) {
    return new PasswordNeeded(
      `${begin}: the server refuses this user or password`,
      {
        hint:
          "Set SKERRY_DB_PASSWORD, or name a file with ?password-file=PATH.",
        cause,
      },
    );
  }
  if (DENIED.some((code) => codes.includes(code))) {
    return new SkerryError(`${begin}: ${message}`, {
      hint: "Ask an administrator for the rights on this database.",
      cause,
    });
  }
  const known = REASONS.find((reason) =>
    reason.codes.some((code) => codes.includes(code) || message.includes(code))
  );
  return new SkerryError(`${begin}: ${known?.why ?? message}`, {
    hint: known?.hint ?? "Name another store with --store.",
    cause,
  });
}

/** Whether the error says that rights are missing. */
export function isDenied(cause: unknown): boolean {
  const codes = codesOf(cause);
  return DENIED.some((code) => codes.includes(code));
}

/** Names and numbers of an error, and of those it collects. */
export function codesOf(cause: unknown): string[] {
  if (typeof cause !== "object" || cause === null) return [];
  const { code, errno, errors } = cause as {
    code?: unknown;
    errno?: unknown;
    errors?: unknown;
  };
  const inner = Array.isArray(errors) ? errors.flatMap(codesOf) : [];
  return [String(code), String(errno), ...inner];
}
