import type { DistanceCurve } from "./_cluster_meta.ts";
import { number, short } from "./_format.ts";

const WIDTH = 560, HEIGHT = 200;
const MARGIN = { top: 8, right: 12, bottom: 34, left: 52 };

/** How far the minSamples-th neighbour is: eps belongs where the curve bends. */
export function Distances(
  { curve, onUse, onClose }: {
    curve: DistanceCurve;
    onUse: (eps: number) => void;
    onClose: () => void;
  },
) {
  return (
    <section class="panel w12" aria-label="Help with eps">
      <header>
        <h2>How far is the {curve.minSamples}th neighbour?</h2>
        <span class="small soft">
          {number(curve.sampled)} sessions, farthest first · log
        </span>
      </header>
      <div class="row top">
        <div class="chart curve">
          <Curve curve={curve} />
        </div>
        <div class="aside">
          <p>
            The curve bends at eps{" "}
            <b>{short(curve.eps)}</b>: sessions left of the bend would be noise.
          </p>
          <div class="row">
            <button type="button" onClick={() => onUse(curve.eps)}>
              Use {short(curve.eps)}
            </button>
            <button type="button" onClick={onClose}>Close</button>
          </div>
        </div>
      </div>
    </section>
  );
}

function Curve({ curve }: { curve: DistanceCurve }) {
  const { distances, eps } = curve;
  const seen = distances.filter((d) => d > 0);
  if (seen.length < 2) return <p class="note">All distances are 0.</p>;
  const low = Math.floor(Math.log10(Math.min(...seen)));
  const high = Math.ceil(Math.log10(Math.max(...seen)));
  const w = WIDTH - MARGIN.left - MARGIN.right;
  const h = HEIGHT - MARGIN.top - MARGIN.bottom;
  const x = (i: number) => MARGIN.left + w * i / (distances.length - 1);
  const y = (d: number) =>
    MARGIN.top +
    h * (high - Math.max(low, Math.log10(d || 10 ** low))) /
      Math.max(1, high - low);
  const path = distances.map((d, i) => `${x(i).toFixed(1)},${y(d).toFixed(1)}`)
    .join("L");
  const decades = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Distances to the ${curve.minSamples}th neighbour fall from ${
        short(distances[0])
      } to ${short(distances.at(-1)!)}; the knee is at ${short(eps)}`}
    >
      {decades.map((e) => (
        <g key={e}>
          <path class="gr" d={`M${MARGIN.left} ${y(10 ** e)}h${w}`} />
          <text x={MARGIN.left - 6} y={y(10 ** e) + 4} text-anchor="end">
            {short(10 ** e)}
          </text>
        </g>
      ))}
      <path class="mline" d={`M${path}`} />
      <path class="al" d={`M${MARGIN.left} ${y(eps).toFixed(1)}h${w}`} />
      <text class="a" x={WIDTH - MARGIN.right} y={y(eps) - 5} text-anchor="end">
        eps {short(eps)}
      </text>
      <path class="ax" d={`M${MARGIN.left} ${HEIGHT - MARGIN.bottom}h${w}`} />
      <text x={WIDTH - MARGIN.right} y={HEIGHT - 12} text-anchor="end">
        share of sessions, 0 to 100 %
      </text>
    </svg>
  );
}
