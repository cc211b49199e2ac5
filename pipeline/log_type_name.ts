/**
 * Whether a store can keep logs of this name: as Zeek names its own, short
 * enough for a server's index, and no two that a server holds for the same.
 */
export function isLogType(name: string): boolean {
  return /^[\w.:@-]{1,64}$/.test(name);
}

/** Which logs are kept besides conn, http, dns and ssl. */
export const RECORDS_KEPT = ["none", "known", "all"] as const;
export type RecordsKept = typeof RECORDS_KEPT[number];

/** Logs that tell who talked to whom; all others are listed by their type. */
export const PAIR_LOGS = ["conn", "http", "dns", "ssl"] as const;

const OPEN = /^open_(conn|http|ssl)$/;

/** "conn" of "open_conn", and any other as it is. */
export function closedType(logType: string): string {
  return OPEN.exec(logType)?.[1] ?? logType;
}

/** Whether a log is one of {@link PAIR_LOGS}, or what it says of open ones. */
export function tellsPairs(logType: string): boolean {
  return PAIR_LOGS.some((name) => name === closedType(logType));
}
