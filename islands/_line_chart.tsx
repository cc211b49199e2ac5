// Lines against one axis. Everything is placed in percent of the width, which
// the server does not know; the paths alone are stretched, so that text keeps
// its 11 px.

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  /** Equal ratios are equally long; `from` is then above 0. */
  readonly log?: boolean;
  /** Variable and unit, once, at the end of the axis. */
  readonly name: string;
}

export type Point = readonly [x: number, y: number];

export interface Line {
  readonly points: readonly Point[];
  /** A class that colours it: "l0" … "l7", "dash". */
  readonly tone: string;
  /** Stands at its end; "" for none. */
  readonly label: string;
}

interface Props {
  /** The conclusion, for those who do not see it. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  /** One is named at its end, several in a legend. */
  readonly lines: readonly Line[];
  /** A level to compare with, dashed. */
  readonly rule?: { readonly y: number; readonly label: string };
  /** The point that is looked at. */
  readonly mark?: { readonly at: Point; readonly label: string };
  /** Where there is nothing to draw yet. */
  readonly empty?: string;
}

const HEIGHT = 214, TOP = 14, BOTTOM = HEIGHT - 38;

export function LineChart(p: Props) {
  const across = (x: number) => share(x, p.x) * 100;
  const up = (y: number) => round(BOTTOM - share(y, p.y) * (BOTTOM - TOP));
  return (
    <div class="chart lines">
      <svg height={HEIGHT} role="img" aria-label={p.label}>
        {p.y.ticks.map((tick) => (
          <g key={tick}>
            <line class="gr" x1="0" x2="100%" y1={up(tick)} y2={up(tick)} />
            <text x="-6" y={up(tick) + 4} text-anchor="end">
              {p.y.format(tick)}
            </text>
          </g>
        ))}
        <text class="k" x="0" y={TOP - 4}>{p.y.name}</text>
        {p.x.ticks.map((tick) => (
          <g key={tick}>
            <line
              class="ax"
              x1={percent(across(tick))}
              x2={percent(across(tick))}
              y1={BOTTOM}
              y2={BOTTOM + 4}
            />
            <text
              x={percent(across(tick))}
              y={BOTTOM + 17}
              text-anchor="middle"
            >
              {p.x.format(tick)}
            </text>
          </g>
        ))}
        <line class="ax" x1="0" x2="100%" y1={BOTTOM} y2={BOTTOM} />
        <text class="k" x="100%" y={BOTTOM + 33} text-anchor="end">
          {p.x.name}
        </text>
        {p.rule ? <Rule y={up(p.rule.y)} label={p.rule.label} /> : null}
        <svg
          class="stretched"
          width="100%"
          height={HEIGHT}
          viewBox={`0 0 1000 ${HEIGHT}`}
          preserveAspectRatio="none"
        >
          {p.lines.map(({ points, tone }, i) => (
            <path
              key={i}
              class={`mh ${tone}`}
              d={pathOf(points.map(([x, y]) => [across(x) * 10, up(y)]))}
            />
          ))}
        </svg>
        {p.lines.length === 1
          ? <End line={p.lines[0]} across={across} up={up} />
          : null}
        {p.mark
          ? (
            <Mark
              x={across(p.mark.at[0])}
              y={up(p.mark.at[1])}
              label={p.mark.label}
            />
          )
          : null}
        {p.empty
          ? (
            <text x="50%" y={(TOP + BOTTOM) / 2} text-anchor="middle">
              {p.empty}
            </text>
          )
          : null}
      </svg>
      {p.lines.length > 1 ? <Legend lines={p.lines} /> : null}
    </div>
  );
}

function Rule({ y, label }: { y: number; label: string }) {
  return (
    <g>
      <line class="mh dash" x1="0" x2="100%" y1={y} y2={y} />
      <text class="halo" x="4" y={y - 5}>{label}</text>
    </g>
  );
}

function End(
  { line: { points, label }, across, up }: {
    line: Line;
    across: (x: number) => number;
    up: (y: number) => number;
  },
) {
  const last = points.at(-1);
  if (!last || label === "") return null;
  return (
    <text
      class="k halo"
      x={percent(across(last[0]))}
      dx="6"
      y={round(up(last[1]) + 4)}
    >
      {label}
    </text>
  );
}

function Legend({ lines }: { lines: readonly Line[] }) {
  return (
    <ul class="legend">
      {lines.map(({ label, tone }, i) => (
        <li key={i}>
          <svg width="18" height="8" aria-hidden="true">
            <line class={`mh ${tone}`} x1="0" x2="18" y1="4" y2="4" />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

function Mark({ x, y, label }: { x: number; y: number; label: string }) {
  const left = x > 60;
  return (
    <g>
      <circle class="at" cx={percent(x)} cy={round(y)} r="4.5" />
      <text
        class="a halo"
        x={percent(x)}
        dx={left ? -8 : 8}
        y={round(Math.max(TOP + 10, y - 8))}
        text-anchor={left ? "end" : "start"}
      >
        {label}
      </text>
    </g>
  );
}

function share(value: number, { from, to, log }: Axis): number {
  if (to === from) return 0;
  return log
    ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
    : (value - from) / (to - from);
}

function pathOf(points: readonly Point[]): string {
  return points.map(([x, y], i) =>
    `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`
  ).join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function percent(value: number): string {
  return `${round(value)}%`;
}
