import type { ComponentChildren } from "preact";
import { duration, number } from "../../islands/_format.ts";
import { linear } from "../../islands/_scale.ts";
import { across, pct, timeTicks, XAxis, YAxis } from "./axis.tsx";
import { type Intervals, widened } from "./intervals.ts";

const TICKS = 12, DOTS = 60;

/** The time axis lies this high: lower where there are waits to show. */
const FLOOR = 222, FLOOR_ALONE = 46;

/** Room for the labels below the axis. */
const LABELS = 28;

/** Seconds shown on either side of a check-in that is alone. */
const AROUND = 1800;

/** The picture's own grid: what falls on one cell is drawn once. */
const GRID = 2000;

/** A tick for each check-in; below, a dot for the wait before it. */
export function Strip(
  { ts, intervals }: { ts: Float64Array; intervals: Intervals | null },
) {
  const [from, to] = timeRange(ts);
  const x = across(from, to);
  const floor = intervals === null ? FLOOR_ALONE : FLOOR;
  return (
    <div class="chart strip">
      <svg
        height={floor + LABELS}
        role="img"
        aria-label={labelOf(ts, intervals)}
      >
        <XAxis ticks={timeTicks(from, to)} x={x} y={floor} top={TICKS - 6} />
        <text class="k" x="-6" y={TICKS + 15} text-anchor="end">check-in</text>
        <Stretched y={TICKS} height={22}>
          <path class="mh" d={tickPath(ts, from, to)} />
        </Stretched>
        {intervals === null
          ? null
          : <Waits ts={ts} intervals={intervals} from={from} to={to} />}
      </svg>
    </div>
  );
}

function timeRange(ts: Float64Array): readonly [number, number] {
  const from = ts[0] ?? 0, to = ts[ts.length - 1] ?? 1;
  const room = (to - from) * 0.01 || AROUND;
  return [from - room, to + room];
}

function labelOf(ts: Float64Array, intervals: Intervals | null): string {
  const check = `${number(ts.length)} check-ins over ${
    duration(ts.length > 1 ? ts[ts.length - 1] - ts[0] : 0)
  }`;
  return intervals === null
    ? check
    : `${check}; the median wait between two is ${duration(intervals.median)}`;
}

/** A picture of GRID units across, stretched; its strokes keep their width. */
function Stretched(
  p: { y: number; height: number; children: ComponentChildren },
) {
  return (
    <svg
      class="stretched"
      x="0"
      y={p.y}
      width="100%"
      height={p.height}
      viewBox={`0 0 ${GRID} ${p.height}`}
      preserveAspectRatio="none"
    >
      {p.children}
    </svg>
  );
}

export function tickPath(ts: Float64Array, from: number, to: number): string {
  const scale = GRID / (to - from);
  let d = "", last = -1;
  for (const t of ts) {
    const at = Math.round((t - from) * scale);
    if (at !== last) d += `M${at} 0v22`;
    last = at;
  }
  return d;
}

function Waits(
  { ts, intervals, from, to }: {
    ts: Float64Array;
    intervals: Intervals;
    from: number;
    to: number;
  },
) {
  const range = widened(intervals.most, 0.1);
  const y = linear(range, [FLOOR - 8, DOTS]);
  const median = y(intervals.median);
  return (
    <>
      <YAxis ticks={y.ticks(4)} y={y} format={duration} />
      <Stretched y={0} height={FLOOR + LABELS}>
        <path class="dots" d={dotPath(ts, intervals, y, [from, to])} />
      </Stretched>
      <line class="al" x1="0" x2="100%" y1={median} y2={median} />
      <text class="a halo wide" x={pct(100)} y={median - 5} text-anchor="end">
        median {duration(intervals.median)}
      </text>
    </>
  );
}

/** Dots are strokes of no length with round ends. */
function dotPath(
  ts: Float64Array,
  intervals: Intervals,
  y: (wait: number) => number,
  [from, to]: readonly [number, number],
): string {
  const [low, high] = widened(intervals.most, 0.1);
  const scale = GRID / (to - from);
  const drawn = new Set<string>();
  intervals.waits.forEach((wait, i) => {
    if (wait < low || wait > high) return;
    const at = Math.round((ts[i + 1] - from) * scale);
    drawn.add(`M${at} ${Math.round(y(wait))}h0`);
  });
  return [...drawn].join("");
}
