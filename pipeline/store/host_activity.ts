import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { ready } from "./imports.ts";
import type { Dataset, HostOverview } from "./session_store.ts";
import { textOrNull } from "./sql.ts";

const HOUR = 3600;

/** Whole numbers divide alike in both engines only this way. */
const IN_HOURS = `(ts_us - ts_us % ${HOUR}000000) / ${HOUR}000000`;

/**
 * When a host began its connections, and which sensors saw them. Its records
 * lie together, those that it is the destination of do not: they are not
 * counted.
 */
export async function activity(
  engine: Engine,
  dataset: Dataset,
  key: Uint8Array,
  { signal }: RunOptions,
): Promise<Pick<HostOverview, "hours" | "sensors">> {
  const rows = await engine.aside<
    { hour: number; sensor: string | Uint8Array | null; nrows: number }
  >(
    `SELECT ${IN_HOURS} AS hour, system_name AS sensor, count(*) AS nrows
      FROM conn
      WHERE ${await ready(engine, dataset)} AND orig_h = ? AND log_type = 'conn'
      GROUP BY 1, 2`,
    [key],
    signal,
  );
  const hours = new Map<number, number>();
  const sensors = new Map<string | null, number>();
  for (const { hour, sensor, nrows } of rows) {
    hours.set(Number(hour), (hours.get(Number(hour)) ?? 0) + nrows);
    const name = textOrNull(sensor);
    sensors.set(name, (sensors.get(name) ?? 0) + nrows);
  }
  return {
    hours: Array.from(
      hours,
      ([hour, records]) => ({ ts: hour * HOUR, records }),
    )
      .sort((a, b) => a.ts - b.ts),
    sensors: Array.from(sensors, ([sensor, records]) => ({ sensor, records }))
      .sort((a, b) =>
        b.records - a.records ||
        ((a.sensor ?? "") < (b.sensor ?? "") ? -1 : 1)
      ),
  };
}
