import type { BenignList } from "./detectors/mod.ts";
import {
  type Bands,
  type Finding,
  SEVERITIES,
  type Severity,
  severityOf,
} from "./finding.ts";

/**
 * A finding in other bands than RITA's. The cap of a benign class holds
 * whatever the bands are: it names a severity, not a score.
 */
export function banded<T extends Finding>(
  finding: T,
  bands: Bands,
  benign: BenignList,
): T {
  const own = severityOf(finding.score, bands);
  const cap = capOf(finding, benign);
  const severity = cap !== null && isAbove(own, cap) ? cap : own;
  return severity === finding.severity ? finding : { ...finding, severity };
}

/** The highest severity that the finding's benign class allows; null without one. */
export function capOf(
  { detector, reasons }: Pick<Finding, "detector" | "reasons">,
  { pairs, lookups }: BenignList,
): Severity | null {
  const reason = reasons.find(({ name, effect }) =>
    name === "class" && effect < 0
  );
  if (!reason) return null;
  const classes = detector === "c2-over-dns" ? lookups : pairs;
  return classes.find(({ name }) => name === reason.value)?.cap ?? null;
}

/** The list begins with the worst. */
const isAbove = (a: Severity, b: Severity) =>
  SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b);
