import type { Flows } from "./features/flows.ts";
import type { ImportReport } from "./run_report.ts";
import type { Corrections } from "./scene.ts";
import { plural } from "./wording.ts";

/** What is missed where records of a log are. */
const MISSED: Readonly<Record<string, string>> = {
  conn: "sizes, durations and other protocols are unknown",
  http: "Host, user agent and proxies are unknown",
  ssl: "TLS server names are unknown",
  dns: "tunnels over DNS cannot show, nor addresses be named by answers",
};

/**
 * What cannot show for want of a log, and records that were read twice.
 *
 * @param held what the dataset has of each log, in the window or not.
 */
export function logNotes(
  flows: Flows,
  held: readonly Pick<ImportReport, "logType" | "records">[],
): string[] {
  const has = (type: string) =>
    held.some(({ logType, records }) => logType === type && records > 0);
  const absent = Object.entries(MISSED)
    .filter(([type]) => !flows.records[type])
    .map(([type, missed]) =>
      has(type)
        ? `no ${type} record lies in the window: ${missed}`
        : `no ${type} log: ${missed}`
    );
  const repeated = Object.entries(flows.repeated).map(([type, n]) =>
    `${
      plural(n, `${type} record repeats`, `${type} records repeat`)
    } one that was read before: counted once`
  );
  return [...absent, ...repeated];
}

/** What was put right before the hunt. */
export function correctionNotes(
  { merged, proxies, devices }: Corrections,
): string[] {
  const out: string[] = [];
  if (devices.length > 0) {
    out.push(
      `${plural(devices.length, "device")} had several addresses by the MAC: ` +
        "each is one host",
    );
  }
  if (merged > 0) {
    out.push(
      `${
        plural(merged, "connection")
      } seen by two sensors: counted once, and ` +
        "sensors that see the same go by one name",
    );
  }
  if (proxies.size > 0) {
    const through = [...new Set(proxies.values())].sort().join(", ");
    out.push(
      `${plural(proxies.size, "connection")} of a proxy (${through}) got the ` +
        "source that its headers name",
    );
  }
  return out;
}
