// Server-drawn charts do not know their width. Everything is placed in
// percent of it, so that text keeps its 11 px; letters never shrink. A chart
// leaves room for the y labels by the padding of its box.
import { offsetAt } from "../../islands/_format.ts";

/** A position on a chart's x axis, in percent of its width. */
export type Across = (value: number) => number;

/** Maps [from, to] to [0, 100]. */
export function across(from: number, to: number): Across {
  const scale = 100 / Math.max(to - from, 1e-9);
  return (value) => (value - from) * scale;
}

export function pct(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
  /** Midnight: darker, with the date. */
  readonly strong?: boolean;
}

const DAY = 86_400;

/** Seconds between two ticks: round parts of a minute, an hour, a day. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3600),
  ...[1, 2, 4, 7, 14, 30].map((days) => days * DAY),
];

/** At most twelve ticks at round times by the clocks of the page's zone. */
export function timeTicks(from: number, to: number): Tick[] {
  const step = STEPS.find((s) => (to - from) / s <= 12) ??
    Math.ceil((to - from) / 12 / DAY) * DAY;
  const out: Tick[] = [];
  const first = Math.ceil((from + offsetAt(from)) / step) * step;
  for (let clock = first;; clock += step) {
    // The offset may change on the way; a day later it is the next one's.
    const at = clock - offsetAt(clock - offsetAt(clock));
    if (at > to) return out;
    if (at >= from) out.push(timeTick(at, clock, step < 60));
  }
}

/** @param clock what clocks show at that time, as if they stood in UTC. */
function timeTick(at: number, clock: number, seconds: boolean): Tick {
  const text = new Date(clock * 1000).toISOString();
  const strong = clock % DAY === 0;
  const hours = text.slice(11, seconds ? 19 : 16);
  return { at, label: strong ? text.slice(5, 10) : hours, strong };
}

/** The line below, its ticks and labels; every other label goes when narrow. */
export function XAxis(
  { ticks, x, y, top }: {
    ticks: readonly Tick[];
    x: Across;
    y: number;
    /** Where given, the ticks are grid lines from here. */
    top?: number;
  },
) {
  return (
    <>
      {ticks.map((tick, i) => (
        <g key={tick.at} class={isMinor(ticks, i) ? "minor" : undefined}>
          <line
            class={tick.strong || top === undefined ? "ax" : "gr"}
            x1={pct(x(tick.at))}
            x2={pct(x(tick.at))}
            y1={top ?? y}
            y2={top === undefined ? y + 4 : y}
          />
          <text
            class={tick.strong ? "b" : undefined}
            x={pct(x(tick.at))}
            y={y + 16}
            text-anchor="middle"
          >
            {tick.label}
          </text>
        </g>
      ))}
      <line class="ax" x1="0" x2="100%" y1={y + 0.5} y2={y + 0.5} />
    </>
  );
}

/** Of many labels, those that a narrow chart has no room for. */
function isMinor(ticks: readonly Tick[], i: number): boolean {
  if (ticks.length <= 5) return false;
  return i % Math.ceil(ticks.length / 4) !== 0;
}

/** Hair lines across, with their labels outside. */
export function YAxis(
  { ticks, y, format }: {
    ticks: readonly number[];
    y: (value: number) => number;
    format: (value: number) => string;
  },
) {
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="gr" x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
          <text x="-6" y={y(tick) + 4} text-anchor="end">{format(tick)}</text>
        </g>
      ))}
    </>
  );
}
