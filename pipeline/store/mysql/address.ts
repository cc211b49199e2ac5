import { UsageError } from "../../errors.ts";

/** Where a server is, and as whom and how it is reached. */
export interface ServerAddress {
  /** To show: without anything secret. */
  readonly location: string;
  readonly host: string;
  readonly port: number;
  /** Path of a unix socket, instead of host and port. */
  readonly socketPath?: string;
  readonly user: string;
  readonly database: string;
  /** Whether the connection must be encrypted. */
  readonly tls: boolean;
  /** File with the certificate of the authority that signed the server's. */
  readonly caFile?: string;
  /** File whose first line is the password. */
  readonly passwordFile?: string;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;
const FORM =
  "mysql://USER@HOST:PORT/DATABASE, with ?socket=PATH, ?tls=on|off|CA.pem, ?password-file=PATH";

/**
 * Reads `mysql://user@host:3306/database?tls=on`; `mariadb://` is the same.
 *
 * ```ts
 * import { parseAddress } from "./address.ts";
 * import assert from "node:assert/strict";
 *
 * const { host, port, tls } = parseAddress("mysql://ann@db.example.org/skerry");
 * assert.deepEqual([host, port, tls], ["db.example.org", 3306, true]);
 * ```
 *
 * @throws UsageError for another form, for a password in the address, and for
 * `tls=off` where others could listen.
 */
export function parseAddress(text: string): ServerAddress {
  const url = URL.parse(text.replace(/^mariadb:/i, "mysql:"));
  if (!url) throw refused(text, "it cannot be read");
  if (url.password) {
    throw refused(
      text,
      "a password does not belong there, where others can see it",
      "Set SKERRY_DB_PASSWORD, or name a file: ?password-file=PATH",
    );
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!database || database.includes("/")) {
    throw refused(text, "it names no database");
  }
  if (!url.username) throw refused(text, "it names no user");
  const options = optionsOf(text, url.searchParams);
  const host = url.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1";
  const near = options.socket !== undefined || LOOPBACK.test(host);
  const { tls = near ? "off" : "on" } = options;
  if (tls === "off" && !near) {
    throw refused(text, "without TLS everybody on the way could listen");
  }
  return {
    location: shown(url, options.socket),
    // Deno's permissions for an address do not cover its name.
    host: host === "localhost" ? "127.0.0.1" : host,
    port: url.port ? Number(url.port) : 3306,
    socketPath: options.socket,
    user: decodeURIComponent(url.username),
    database,
    tls: tls !== "off",
    caFile: tls === "on" || tls === "off" ? undefined : tls,
    passwordFile: options["password-file"],
  };
}

/** Whether a store's location is a server's address rather than a file. */
export function isAddress(location: string): boolean {
  return /^(mysql|mariadb):\/\//i.test(location);
}

type Option = "socket" | "tls" | "password-file";

function optionsOf(
  text: string,
  params: URLSearchParams,
): Partial<Record<Option, string>> {
  const known = ["socket", "tls", "password-file"];
  for (const [name, value] of params) {
    if (!known.includes(name)) throw refused(text, `?${name} is unknown`);
    if (!value) throw refused(text, `?${name} needs a value`);
  }
  return Object.fromEntries(params);
}

function shown(url: URL, socket: string | undefined): string {
  const query = socket ? `?socket=${socket}` : "";
  return `mysql://${url.username}@${url.host}${url.pathname}${query}`;
}

function refused(text: string, why: string, hint?: string): UsageError {
  // What stands before the @ may hold a password.
  const known = text.replace(/^(\w+:\/\/)[^@/]*@/, "$1…@");
  return new UsageError(`Cannot open the store ${known}: ${why}`, {
    hint: hint ?? `Write it as ${FORM}`,
  });
}
