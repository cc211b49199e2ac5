import { number, span, time, zoneName } from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { PairSummary } from "../../pipeline/mod.ts";
import { across, pct, timeTicks, XAxis } from "./axis.tsx";

const TOP = 4, ROW = 18, BAR = 8;

/** Rows of the chart. */
const LISTED = 20;

interface Props {
  readonly pairs: readonly PairSummary[];
  /** Whose peers they are. */
  readonly own: string;
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
}

/** A bar per peer, from the first to the last record. */
export function Spans({ pairs, own, from, to }: Props) {
  const x = across(from, to);
  const shown = pairs.slice(0, LISTED);
  const floor = TOP + shown.length * ROW;
  return (
    <div class="chart spans">
      <svg
        height={floor + 26}
        role="img"
        aria-label={`${number(shown.length)} peers on a time axis, ${
          span(from, to)
        } ${zoneName()}`}
      >
        <XAxis ticks={timeTicks(from, to)} x={x} y={floor} top={TOP} />
        {shown.map((pair, i) => {
          const y = TOP + i * ROW;
          const left = x(pair.firstTs), right = x(pair.lastTs);
          const peer = pair.src === own ? pair.dst : pair.src;
          return (
            <g key={i}>
              <title>
                {`${visible(peer)}: ${number(pair.count)} records, ${
                  time(pair.firstTs)
                } to ${time(pair.lastTs)}`}
              </title>
              <text class="k" x="-8" y={y + 12} text-anchor="end">
                {cut(visible(peer), 24)}
                {pair.port === null ? "" : ` :${pair.port}`}
              </text>
              <rect
                class="m"
                x={pct(left)}
                width={pct(Math.max(0.25, right - left))}
                y={y + 5}
                height={BAR}
              />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Ports by their share of the records, most first. */
export function portsOf(
  pairs: readonly PairSummary[],
): { readonly port: number; readonly share: number }[] {
  const counts = new Map<number, number>();
  let all = 0;
  for (const { port, count } of pairs) {
    if (port === null) continue;
    counts.set(port, (counts.get(port) ?? 0) + count);
    all += count;
  }
  return [...counts].sort((a, b) => b[1] - a[1])
    .map(([port, count]) => ({ port, share: count / all }));
}
