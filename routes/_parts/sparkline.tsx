import type { Window } from "../../pipeline/mod.ts";

const BINS = 48;
const WIDTH = 192, HEIGHT = 28;
const STEP = WIDTH / BINS;

/** Check-ins in each of 48 equal parts of the window. */
export function binned(
  ts: ArrayLike<number>,
  from: number,
  to: number,
): Uint32Array {
  const counts = new Uint32Array(BINS);
  const scale = BINS / Math.max(to - from, 1e-6);
  for (let i = 0; i < ts.length; i++) {
    const bin = Math.floor((ts[i] - from) * scale);
    if (bin >= 0 && bin <= BINS) counts[Math.min(bin, BINS - 1)]++;
  }
  return counts;
}

/** Activity over the window: the same axis in every row of the list. */
export function Sparkline(
  { ts, window }: { ts: ArrayLike<number>; window: Window },
) {
  const { from, to } = window;
  if (from === null || to === null) return null;
  const counts = binned(ts, from, to);
  const active = counts.reduce((n, c) => n + (c > 0 ? 1 : 0), 0);
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`active in ${active} of ${BINS} parts of the window`}
    >
      <path class="base" d={`M0 26.5h${WIDTH}v1h-${WIDTH}z`} />
      <path class="gap" d={gapPath(window, from, to)} />
      <path class="bars" d={barPath(counts)} />
    </svg>
  );
}

/** One path: a list of a thousand rows stays light. */
function barPath(counts: Uint32Array): string {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  let d = "";
  counts.forEach((count, i) => {
    if (count === 0) return;
    const height = Math.max(2, 24 * count / most).toFixed(1);
    d += `M${i * STEP} 26v-${height}h${STEP - 1}v${height}z`;
  });
  return d;
}

function gapPath(window: Window, from: number, to: number): string {
  const x = (ts: number) => (ts - from) / Math.max(to - from, 1e-6) * WIDTH;
  return window.gaps.map((gap) => {
    const a = x(gap.from), width = x(gap.to) - a;
    return `M${a.toFixed(1)} 2h${width.toFixed(1)}v24h-${width.toFixed(1)}z`;
  }).join("");
}
