import type { JitterLaw } from "../../pipeline/mod.ts";
import { pct } from "./axis.tsx";

interface Props {
  readonly law: JitterLaw;
  /** Waits that the law is about. */
  readonly waits: number;
  /** Seconds of one bar. */
  readonly width: number;
  readonly x: (seconds: number) => number;
  readonly y: (count: number) => number;
  readonly floor: number;
}

/** Seconds between which the law lets a wait be. */
export function lawRange(
  { kind, sleep, share }: JitterLaw,
): readonly [number, number] | null {
  switch (kind) {
    case "constant":
    case "two-sided":
      return [sleep * (1 - share), sleep * (1 + share)];
    case "shortened":
      return [sleep * (1 - share), sleep];
    case "none":
      return null;
  }
}

/**
 * What the fitted law expects in each bar: a sleep with jitter is drawn evenly
 * from its range, so its density is a box; of a constant one, a bar wide.
 */
export function LawCurve({ law, waits, width, x, y, floor }: Props) {
  const range = lawRange(law);
  if (range === null) return null;
  const middle = (range[0] + range[1]) / 2;
  const half = Math.max((range[1] - range[0]) / 2, width / 2);
  const top = y(waits * Math.min(1, width / (2 * half)));
  const left = pct(Math.max(0, x(middle - half)));
  const right = pct(Math.min(100, x(middle + half)));
  return (
    <g class="law">
      <line x1={left} x2={left} y1={floor} y2={top} />
      <line x1={left} x2={right} y1={top} y2={top} />
      <line x1={right} x2={right} y1={top} y2={floor} />
    </g>
  );
}

/** "fitted: 300 s, shortened by up to 20 %". */
export function lawText(
  { kind, sleep, share }: JitterLaw,
  duration: (seconds: number) => string,
): string | null {
  const percent = `${Math.round(100 * share)}\u00a0%`;
  switch (kind) {
    case "constant":
      return `fitted: always ${duration(sleep)}`;
    case "shortened":
      return `fitted: ${duration(sleep)}, shortened by up to ${percent}`;
    case "two-sided":
      return `fitted: ${duration(sleep)} ± ${percent}`;
    case "none":
      return null;
  }
}
