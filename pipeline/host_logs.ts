import { HOST_LOG_TYPES, type HostNames } from "./hosts/mod.ts";
import {
  type FoundLogs,
  PLACE_FIELDS,
  readLogs,
  sensorsOf,
  withSensor,
} from "./ingest/mod.ts";
import type { RunOptions } from "./progress.ts";

/** Logs that tell what hosts are called, where they are not in the store. */
export interface HostLogs {
  readonly found: FoundLogs;
  /** As {@link sensorsOf} takes it. */
  readonly sensor?: string;
}

/**
 * Adds what dhcp, ntlm and kerberos logs say of hosts. They are read anew in
 * each run: they are small, and a store does not keep them.
 *
 * @returns a sentence for each log that could not be read to its end.
 */
export async function readHostLogs(
  names: HostNames,
  { found, sensor }: HostLogs,
  options: RunOptions,
): Promise<string[]> {
  const sensorOf = sensorsOf(found.logs, sensor);
  const logs = found.logs.filter(({ logType }) =>
    HOST_LOG_TYPES.includes(logType)
  );
  const problems: string[] = [];
  const events = readLogs(logs, {
    signal: options.signal,
    onProgress: options.onProgress,
    logTypes: "all",
    extraFields: PLACE_FIELDS,
  });
  for await (const event of events) {
    if ("batch" in event) {
      names.add(withSensor(event.batch, sensorOf(event.log)));
    } else {
      const skipped = event.report.streams.reduce((n, s) => n + s.skipped, 0);
      const { problem } = event.report;
      if (problem) problems.push(`${event.log.path}: ${problem}`);
      if (skipped > 0) {
        problems.push(
          `${event.log.path}: ${skipped} lines name no host readably`,
        );
      }
    }
  }
  return problems;
}
