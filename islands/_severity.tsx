import type { Severity } from "../pipeline/finding.ts";

const BARS: Readonly<Record<Severity, number>> = {
  critical: 4,
  high: 3,
  medium: 2,
  low: 1,
  none: 0,
};

/** A number, four bars and a word; never a hue. */
export function SeverityMark(
  { finding: { score, severity } }: {
    finding: { readonly score: number; readonly severity: Severity };
  },
) {
  return (
    <span class={`sev ${severity}`}>
      <span class="val">{score.toFixed(2)}</span>
      <svg width="26" height="16" viewBox="0 0 26 16" aria-hidden="true">
        {[0, 1, 2, 3].map((i) => (
          <rect
            key={i}
            class={i < BARS[severity] ? "on" : "off"}
            x={i * 6.5}
            y={9 - i * 3}
            width="5"
            height={7 + i * 3}
          />
        ))}
      </svg>
      <span class="lab">{severity}</span>
    </span>
  );
}
