import { duration } from "../../islands/_format.ts";
import { linear, roundTicks } from "../../islands/_scale.ts";
import { across, XAxis, YAxis } from "./axis.tsx";

const HEIGHT = 260, FLOOR = 224, TOP = 10, GRID = 1000;

/** Each check-in by its second within the period, time running down. */
export function PhasePlot(
  { ts, period }: { ts: Float64Array; period: number },
) {
  const from = ts[0], length = Math.max(ts[ts.length - 1] - from, 1);
  const x = across(0, period);
  const y = linear([0, length], [TOP, FLOOR - 4]);
  const dots = new Set<string>();
  for (const t of ts) {
    const phase = ((t - from) % period) / period;
    dots.add(`M${Math.round(phase * GRID)} ${Math.round(y(t - from))}h0`);
  }
  return (
    <div class="chart strip">
      <svg
        height={HEIGHT}
        role="img"
        aria-label={`check-ins folded at a period of ${duration(period)}`}
      >
        <YAxis ticks={y.ticks(5)} y={y} format={duration} />
        <svg
          class="stretched"
          width="100%"
          height={FLOOR}
          viewBox={`0 0 ${GRID} ${FLOOR}`}
          preserveAspectRatio="none"
        >
          <path class="dots" d={[...dots].join("")} />
        </svg>
        <XAxis
          ticks={roundTicks(0, period, 5).map((at) => ({
            at,
            label: duration(at),
          }))}
          x={x}
          y={FLOOR}
        />
        <text x="100%" y={HEIGHT - 2} text-anchor="end">
          time into a period of {duration(period)}
        </text>
      </svg>
    </div>
  );
}

/**
 * Mean resultant length of the phases, in [0, 1]: 1 where all fall on one.
 * Mardia & Jupp, Directional Statistics (2000), section 2.3.
 */
export function resultant(ts: Float64Array, period: number): number {
  let c = 0, s = 0;
  for (const t of ts) {
    const angle = 2 * Math.PI * (((t - ts[0]) % period) / period);
    c += Math.cos(angle), s += Math.sin(angle);
  }
  return Math.hypot(c, s) / ts.length;
}
