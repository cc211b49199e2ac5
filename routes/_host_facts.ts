import { hostFacts, placeFacts, type RankedFinding } from "../pipeline/mod.ts";

/** What the last run knew of a host besides what it does. */
export interface KnownFact {
  /** "host", "owner", "organisation". */
  readonly label: string;
  /** With its source: "lab-pc (dhcp)". */
  readonly text: string;
}

/** Each fact as the best finding that knows it says it. */
export function knownOf(
  address: string,
  findings: readonly RankedFinding[],
): KnownFact[] {
  const known = new Map<string, string>();
  for (const finding of findings) {
    const isDestination = finding.dst === address;
    const host = isDestination ? finding.dstHost : finding.srcHost;
    const facts = hostFacts(host);
    if (isDestination) {
      const { organisation } = finding;
      facts.push(...placeFacts({ organisation, sensor: null }));
    }
    for (const [label, text] of facts) {
      if (!known.has(label)) known.set(label, text);
    }
  }
  return Array.from(known, ([label, text]) => ({ label, text }));
}
