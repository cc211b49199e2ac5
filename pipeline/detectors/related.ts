import { type Finding, type Reason, severityOf } from "../finding.ts";
import { isStrange } from "./context.ts";

/**
 * From this score on a finding says something of its neighbours, if it is
 * strange: a service that is only polled is polled by others, too.
 */
const ANCHOR = 0.5;
const SAME_ENDS = 2;
const SAME_DESTINATION = 1;

/**
 * What one finding says of another: two hosts of which one pair is a beacon
 * have nothing benign between them, and whoever else contacts its destination
 * deserves a look. A name of its own tells the other apart, since many names
 * share an address.
 */
export function withRelated(
  findings: readonly Finding[],
  without: ReadonlySet<string>,
): Finding[] {
  if (without.has("related")) return [...findings];
  const anchors = findings.filter(({ score, reasons }) =>
    score >= ANCHOR && isStrange(reasons)
  );
  return findings.map((finding) => {
    const reasons = anchors
      .filter((anchor) => anchor.id !== finding.id)
      .map((anchor) => relation(finding, anchor))
      .filter((found) => found !== null)
      .sort((a, b) => b.effect - a.effect);
    return reasons.length === 0 ? finding : raised(finding, reasons[0]);
  });
}

function relation(finding: Finding, anchor: Finding): Reason | null {
  if (finding.dst !== anchor.dst || finding.name !== anchor.name) return null;
  // The same contacts seen by two detectors are one piece of evidence.
  if (finding.src === anchor.src && finding.port === anchor.port) return null;
  const same = finding.src === anchor.src;
  // What comes in from outside ends at one's own server: everybody does.
  if (!same && finding.direction === "ingress") return null;
  return {
    name: "related",
    value: anchor.id,
    unit: "",
    effect: (same ? SAME_ENDS : SAME_DESTINATION) * anchor.score,
    text: `${same ? "the same two hosts" : `${anchor.src} and the same host`} ${
      anchor.port === null ? "" : `on port ${anchor.port} `
    }are a finding of ${anchor.score.toFixed(2)} (${anchor.detector})`,
  };
}

/** With the reason added; no higher than its class of benign traffic allows. */
function raised(finding: Finding, reason: Reason): Finding {
  const known = finding.reasons.some(({ name, effect }) =>
    name === "class" && effect < 0
  );
  if (known) return finding;
  const reasons = [...finding.reasons, reason]
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  const logit = reasons.reduce((total, { effect }) => total + effect, 0);
  const score = 1 / (1 + Math.exp(-logit));
  return { ...finding, score, severity: severityOf(score), reasons };
}
