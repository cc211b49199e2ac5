import {
  type RankedFinding,
  SEVERITIES,
  type Severity,
} from "../../pipeline/mod.ts";
import { number } from "../../islands/_format.ts";

const BARS: Readonly<Record<Severity, number>> = {
  critical: 4,
  high: 3,
  medium: 2,
  low: 1,
  none: 0,
};

/** A number, four bars and a word; never a hue. */
export function SeverityMark({ finding }: { finding: RankedFinding }) {
  const { score, severity } = finding;
  return (
    <span class={`sev ${severity}`}>
      <span class="val">{score.toFixed(2)}</span>
      <SeverityBars severity={severity} />
      <span class="lab">{severity}</span>
    </span>
  );
}

function SeverityBars({ severity }: { severity: Severity }) {
  return (
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
  );
}

/** How many of the listed are of each severity; "none" only where it is. */
export function SeverityCounts(
  { findings }: { findings: readonly RankedFinding[] },
) {
  const count = (severity: Severity) =>
    findings.filter((f) => f.severity === severity).length;
  const shown = SEVERITIES.filter((s) => s !== "none" || count(s) > 0);
  return (
    <ul class="counts" aria-label="Findings by severity">
      {shown.map((severity) => (
        <li key={severity}>
          <SeverityBars severity={severity} />
          <b>{number(count(severity))}</b> {severity}
        </li>
      ))}
    </ul>
  );
}
