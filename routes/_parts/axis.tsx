// Server-drawn charts do not know their width. Everything is placed in
// percent of it, so that text keeps its 11 px; letters never shrink. A chart
// leaves room for the y labels by the padding of its box.

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

const HOURS = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720];
const MINUTES = [1, 2, 5, 10, 15, 30];

/** Four to twelve ticks at round hours (or minutes) in UTC. */
export function timeTicks(from: number, to: number): Tick[] {
  const steps = [...MINUTES.map((m) => m * 60), ...HOURS.map((h) => h * 3600)];
  const step = steps.find((s) => (to - from) / s <= 12) ?? (to - from) / 6;
  const out: Tick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    out.push(timeTick(at));
  }
  return out;
}

function timeTick(at: number): Tick {
  const text = new Date(at * 1000).toISOString();
  const strong = Math.round(at) % 86_400 === 0;
  return {
    at,
    label: strong ? text.slice(5, 10) : text.slice(11, 16),
    strong,
  };
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
