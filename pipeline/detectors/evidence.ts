import { type Series, SERIES_LENGTH, type Subject } from "../finding.ts";
import type { Flows } from "../features/flows.ts";
import type { Pair } from "../features/pair.ts";
import type { PairFacts } from "../features/pair_facts.ts";

/** Most uids that a finding lists. */
export const UIDS = 100;

/** The first hundred uids in time order, and how many there are. */
export function uidsOf(
  flows: Flows,
  pair: Pair,
): { uids: string[]; uidCount: number } {
  const uids: string[] = [];
  let uidCount = 0;
  for (const f of pair.flows) {
    if (flows.uid.isEmpty(f)) continue;
    uidCount++;
    if (uids.length < UIDS) uids.push(flows.uid.at(f));
  }
  return { uids, uidCount };
}

/** Most user agents, fingerprints or certificates that a finding lists. */
const CLIENTS = 10;

/** As what both ends present themselves: user agents, JA4 or JA3, certificates. */
export function clientsOf(
  flows: Flows,
  { agents, ja3, certificates }: PairFacts,
): {
  userAgents: string[];
  tlsFingerprints: string[];
  certificates: string[];
} {
  return {
    userAgents: agents.slice(0, CLIENTS).map((code) =>
      flows.agents.values[code]
    ),
    tlsFingerprints: ja3.slice(0, CLIENTS).map((code) =>
      flows.ja3.values[code]
    ),
    certificates: certificates.slice(0, CLIENTS).map((code) =>
      flows.certificates.values[code]
    ),
  };
}

/** Whom a sentence is about: a name, an address and its port; ICMP has none. */
export function placeOf({ name, dst, port, proto }: Subject): string {
  if (name !== null) return name;
  if (proto === "icmp") return `${dst} by ICMP echo`;
  return port === null ? dst : `${dst} port ${port}`;
}

/** Most series are those of the facts themselves: they are not cut. */
export function seriesOf({ ts, bytes }: PairFacts): Series {
  return {
    ts: ts.length <= SERIES_LENGTH ? ts : ts.slice(0, SERIES_LENGTH),
    bytes: bytes.length <= SERIES_LENGTH
      ? bytes
      : bytes.slice(0, SERIES_LENGTH),
  };
}
