import { number, plural, span, zoneName } from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import type { Histogram } from "../../pipeline/mod.ts";
import { across, pct, timeTicks, XAxis } from "./axis.tsx";

/** When one log type has records. */
export interface CoverageRow {
  readonly name: string;
  readonly histogram: Histogram;
}

const TOP = 6, ROW = 26, BAR = 20;

/**
 * When there are records, a row per log type on one axis of time; what is
 * empty is hatched. Bars grow with the square root, so that a quiet hour shows
 * beside a busy one.
 */
export function Coverage(
  { rows, from, to }: {
    rows: readonly CoverageRow[];
    /** Epoch seconds. */
    from: number;
    to: number;
  },
) {
  const x = across(from, to);
  const floor = TOP + rows.length * ROW;
  return (
    <div class="chart cover">
      <svg height={floor + 26} role="img" aria-label={labelOf(rows, from, to)}>
        <defs>
          <pattern
            id="hatch"
            width="5"
            height="5"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path class="hatch" d="M0 0v5" />
          </pattern>
        </defs>
        <XAxis ticks={timeTicks(from, to)} x={x} y={floor} top={TOP} />
        {rows.map((row, i) => (
          <Row key={row.name} {...row} x={x} bottom={TOP + (i + 1) * ROW - 3} />
        ))}
      </svg>
    </div>
  );
}

function Row(
  { name, histogram, x, bottom }: CoverageRow & {
    x: (value: number) => number;
    bottom: number;
  },
) {
  const { from, width, counts } = histogram;
  const most = Math.sqrt(counts.reduce((a, b) => Math.max(a, b), 1));
  const left = (i: number) => Math.min(100, Math.max(0, x(from + i * width)));
  return (
    <>
      <text class="k" x="-8" y={bottom - 5} text-anchor="end">
        {visible(name)}
      </text>
      {gapsIn(counts).map(([a, b]) => (
        <rect
          key={`gap${a}`}
          fill="url(#hatch)"
          x={pct(left(a))}
          width={pct(left(b) - left(a))}
          y={bottom - BAR}
          height={BAR}
        />
      ))}
      {counts.map((count, i) => {
        if (count === 0) return null;
        const height = Math.max(2, BAR * Math.sqrt(count) / most);
        return (
          <rect
            key={i}
            class="m"
            x={pct(left(i))}
            width={pct(left(i + 1) - left(i))}
            y={bottom - height}
            height={height}
          />
        );
      })}
    </>
  );
}

/** Runs of empty bins, each from a to before b. */
export function gapsIn(counts: readonly number[]): [number, number][] {
  const out: [number, number][] = [];
  counts.forEach((count, i) => {
    if (count > 0) return;
    const last = out.at(-1);
    if (last && last[1] === i) last[1] = i + 1;
    else out.push([i, i + 1]);
  });
  return out;
}

function labelOf(
  rows: readonly CoverageRow[],
  from: number,
  to: number,
): string {
  const each = rows.map(({ name, histogram: { counts } }) => {
    const total = counts.reduce((a, b) => a + b, 0);
    return `${visible(name)} ${number(total)} records, ${
      plural(gapsIn(counts).length, "gap")
    }`;
  });
  return `Records over time, ${span(from, to)} ${zoneName()}: ${
    each.join("; ")
  }`;
}
