import { duration, number } from "../../islands/_format.ts";
import { bins, linear, roundTicks } from "../../islands/_scale.ts";
import { across, pct, XAxis, YAxis } from "./axis.tsx";
import type { JitterLaw } from "../../pipeline/mod.ts";
import { type Intervals, widened } from "./intervals.ts";
import { LawCurve, lawRange } from "./law_curve.tsx";

const HEIGHT = 220, FLOOR = 184, TOP = 34;

/** The bulk in detail; a few waits of several cycles would flatten it. */
function rangeOf(intervals: Intervals): readonly [number, number] {
  return widened(intervals.bulk, 0.3);
}

/** With fewer values than this, a bar would claim too much. */
const FEW = 20;

/** How long the waits are, with the median and the law that fits them. */
export function IntervalHistogram(
  { intervals, law }: { intervals: Intervals; law: JitterLaw | null },
) {
  const [low, high] = rangeOf(intervals);
  const x = across(low, high);
  const few = intervals.waits.length < FEW;
  const labels = roundTicks(low, high, 6)
    .map((at) => ({ at, label: plain(at, high - low) }));
  const median = pct(x(intervals.median));
  return (
    <div class="chart hist">
      <svg height={HEIGHT} role="img" aria-label={labelOf(intervals)}>
        {few
          ? <Marks intervals={intervals} x={x} />
          : <Bars intervals={intervals} law={law} x={x} />}
        <XAxis ticks={labels} x={x} y={FLOOR} />
        <line class="al" x1={median} x2={median} y1={TOP - 10} y2={FLOOR} />
        <text
          class="a halo"
          x={median}
          y={TOP - 16}
          text-anchor={anchor(x(intervals.median))}
        >
          median {duration(intervals.median)}
        </text>
        <text x="100%" y={HEIGHT - 3} text-anchor="end">
          wait between check-ins, s
        </text>
      </svg>
    </div>
  );
}

/** Labels near an edge lean inwards. */
function anchor(at: number): "start" | "middle" | "end" {
  return at < 15 ? "start" : at > 85 ? "end" : "middle";
}

/** Seconds with as many decimals as the range needs. */
function plain(value: number, range: number): string {
  return number(value, Math.max(0, 2 - Math.floor(Math.log10(range))));
}

function labelOf(v: Intervals): string {
  return `${number(v.waits.length)} waits between ${
    duration(v.sorted[0])
  } and ${duration(v.sorted[v.sorted.length - 1])}, median ${
    duration(v.median)
  }`;
}

function Marks(
  { intervals, x }: { intervals: Intervals; x: (v: number) => number },
) {
  return (
    <>
      {Array.from(intervals.sorted, (wait, i) => (
        <line
          key={i}
          class="mh"
          x1={pct(x(wait))}
          x2={pct(x(wait))}
          y1={FLOOR - 60}
          y2={FLOOR}
        />
      ))}
    </>
  );
}

const BARS = 24;

function Bars(
  { intervals, law, x }: {
    intervals: Intervals;
    law: JitterLaw | null;
    x: (v: number) => number;
  },
) {
  const shown = bins(intervals.sorted, rangeOf(intervals), BARS);
  const most = Math.max(...shown.map((b) => b.count), 1);
  const y = linear([0, most], [FLOOR, TOP]);
  const counts = y.ticks(4).filter(Number.isInteger);
  return (
    <>
      <YAxis ticks={counts} y={y} format={number} />
      {shown.filter((b) => b.count > 0).map((b) => (
        <rect
          key={b.from}
          class="m"
          x={pct(x(b.from))}
          width={pct(Math.max(x(b.to) - x(b.from) - 0.25, 0.3))}
          y={y(b.count)}
          height={FLOOR - y(b.count)}
        />
      ))}
      {law === null ? null : (
        <LawCurve
          law={law}
          waits={withinLaw(intervals.sorted, law)}
          width={Math.max(...shown.map((b) => b.to - b.from))}
          x={x}
          y={(count) => Math.max(TOP - 8, y(count))}
          floor={FLOOR}
        />
      )}
    </>
  );
}

/** Waits of one period, which the law is about; others span several. */
function withinLaw(sorted: Float64Array, law: JitterLaw): number {
  const [low, high] = lawRange(law) ?? [NaN, NaN];
  return sorted.filter((w) => w >= 0.97 * low && w <= 1.03 * high).length;
}

/** How many waits the picture leaves out, as a sentence. */
export function beyond(intervals: Intervals): string {
  const [low, high] = rangeOf(intervals);
  const out = intervals.waits.filter((w) => w < low || w > high).length;
  if (out === 0) return "Every wait is shown.";
  const longest = duration(intervals.sorted[intervals.sorted.length - 1]);
  return `${number(out)} of ${number(intervals.waits.length)} ` +
    `lie outside the picture; the longest is ${longest}.`;
}
