import type { Flows } from "./flows.ts";
import { registrableDomain } from "./names.ts";
import type { GroupKey, Pair } from "./pair.ts";

/** Pairs of one source taken together, so that changing destinations show. */
export interface Group {
  readonly by: GroupKey;
  /** Registrable domain, address, fingerprint or user agent. */
  readonly value: string;
  readonly members: readonly Pair[];
  readonly pair: Pair;
}

/** A program that talks to more places than this is a browser. */
const MOST_MEMBERS = 60;

/**
 * Groups of a source's pairs on one port: by registrable domain, by the
 * address that many names lead to, by TLS fingerprint (JA3, JA4), by user
 * agent. A C2 that changes its names or
 * addresses has a rhythm in the group only.
 *
 * @param pairs candidates; a pair is in at most one group of each kind.
 */
export function groupedPairs(flows: Flows, pairs: readonly Pair[]): Group[] {
  const groups = new Map<
    string,
    { by: GroupKey; value: string; members: Pair[] }
  >();
  const domains = flows.names.values.map(registrableDomain);
  for (const pair of pairs) {
    if (pair.direction === "ingress" || pair.direction === "external") continue;
    for (const [by, value] of keysOf(flows, pair, domains)) {
      const { port, proto, sensor } = pair.subject;
      const key = `${by} ${value} ${pair.src} ${port} ${proto} ${sensor ?? ""}`;
      const group = groups.get(key);
      if (group) group.members.push(pair);
      else groups.set(key, { by, value, members: [pair] });
    }
  }
  return [...groups.values()].filter(isSpread).map((group) => ({
    ...group,
    pair: mergedPair(flows, group),
  }));
}

function keysOf(
  flows: Flows,
  pair: Pair,
  domains: readonly string[],
): [GroupKey, string][] {
  const A = flows.applications;
  const keys: [GroupKey, string][] = [];
  if (pair.name >= 0) {
    keys.push(["domain", domains[pair.name]]);
    keys.push(["address", flows.addresses.values[pair.dst]]);
  }
  const a = flows.application.at(pair.flows[0]);
  if (a < 0) return keys;
  if (A.ja3[a] >= 0) keys.push(["ja3", flows.ja3.values[A.ja3[a]]]);
  if (A.agent[a] >= 0) {
    keys.push(["user-agent", flows.agents.values[A.agent[a]]]);
  }
  return keys;
}

/** Three members or more, none of which has most of the connections. */
function isSpread({ members }: { members: readonly Pair[] }): boolean {
  if (members.length < 3 || members.length > MOST_MEMBERS) return false;
  const sizes = members.map(({ flows }) => flows.length);
  const total = sizes.reduce((sum, n) => sum + n, 0);
  return total >= 8 && Math.max(...sizes) <= 0.5 * total;
}

function mergedPair(
  flows: Flows,
  { by, value, members }: {
    by: GroupKey;
    value: string;
    members: readonly Pair[];
  },
): Pair {
  const busiest = members.reduce((a, b) =>
    b.flows.length > a.flows.length ? b : a
  );
  const length = members.reduce((sum, { flows }) => sum + flows.length, 0);
  const ordered = new Uint32Array(length);
  let at = 0;
  for (const member of members) {
    ordered.set(member.flows, at);
    at += member.flows.length;
  }
  ordered.sort((a, b) => flows.ts.at(a) - flows.ts.at(b) || a - b);
  return {
    ...busiest,
    subject: {
      ...busiest.subject,
      name: by === "domain" ? value : null,
      nameSource: by === "domain" ? busiest.subject.nameSource : null,
    },
    name: by === "domain" ? busiest.name : -1,
    flows: ordered,
    group: {
      by,
      value,
      members: members.map(({ subject }) => subject.name ?? subject.dst).sort(),
      pairs: members,
    },
  };
}
