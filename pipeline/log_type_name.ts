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
