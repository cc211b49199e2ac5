import { bins, linear, roundTicks } from "../../islands/_scale.ts";
import { number } from "../../islands/_format.ts";
import { across, pct, XAxis, YAxis } from "./axis.tsx";

const HEIGHT = 200, FLOOR = 164, TOP = 30;

interface Props {
  readonly values: Float64Array;
  readonly range: readonly [number, number];
  readonly label: string;
  readonly unit: string;
  readonly format: (value: number) => string;
  /** A line of its own: what was observed. */
  readonly mark?: { readonly at: number; readonly text: string };
}

/** How values are distributed; those outside the range are left out. */
export function PlainHistogram(p: Props) {
  const x = across(...p.range);
  const shown = bins(p.values, p.range, 24);
  const most = Math.max(...shown.map(({ count }) => count), 1);
  const y = linear([0, most], [FLOOR, TOP]);
  const labels = roundTicks(...p.range, 5)
    .map((at) => ({ at, label: p.format(at) }));
  return (
    <div class="chart hist">
      <svg height={HEIGHT} role="img" aria-label={p.label}>
        <YAxis
          ticks={y.ticks(4).filter(Number.isInteger)}
          y={y}
          format={number}
        />
        {shown.filter(({ count }) => count > 0).map((b) => (
          <rect
            key={b.from}
            class="m"
            x={pct(x(b.from))}
            width={pct(Math.max(x(b.to) - x(b.from) - 0.25, 0.3))}
            y={y(b.count)}
            height={FLOOR - y(b.count)}
          />
        ))}
        <XAxis ticks={labels} x={x} y={FLOOR} />
        {p.mark ? <Marked x={x(p.mark.at)} text={p.mark.text} /> : null}
        <text x="100%" y={HEIGHT - 3} text-anchor="end">{p.unit}</text>
      </svg>
    </div>
  );
}

function Marked({ x, text }: { x: number; text: string }) {
  return (
    <>
      <line class="al" x1={pct(x)} x2={pct(x)} y1={TOP - 10} y2={FLOOR} />
      <text
        class="a halo"
        x={pct(x)}
        y={TOP - 16}
        text-anchor={x < 25 ? "start" : x > 75 ? "end" : "middle"}
      >
        {text}
      </text>
    </>
  );
}
