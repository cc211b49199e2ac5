import { GROUP_KEYS, type GroupKey } from "../features/pair.ts";
import type { Finding } from "../finding.ts";
import { plural } from "../wording.ts";

/** A key explains a rhythm that is hardly more regular by another one. */
const CLEARER = 0.2;
/** Keys that a finding lists under it, and the rest as a number. */
const LISTED = 20;

/**
 * One rhythm is one finding, by the most specific key that explains it: a pair
 * before its domain, its address, its TLS fingerprint, its user agent. What
 * the other keys see of the same contacts is told under it, as `alsoSeenAs`;
 * where a pair's own rhythm is only a part, the pair goes under the group,
 * unless it is worse for other reasons.
 */
export function nestedByKey(findings: readonly Finding[]): Finding[] {
  const parents = new Map<Finding, Finding>();
  for (const family of familiesOf(findings)) {
    for (const one of family) {
      const parent = family.find((other) => other !== one && goes(one, other));
      if (parent) parents.set(one, parent);
    }
  }
  const under = new Map<Finding, Finding[]>();
  for (const one of parents.keys()) {
    const root = rootOf(one, parents);
    under.set(root, [...under.get(root) ?? [], one]);
  }
  return findings.filter((one) => !parents.has(one)).map((one) => {
    const others = under.get(one);
    return others ? withOthers(one, others) : one;
  });
}

/** Findings that may be about the same contacts, the most specific key first. */
function familiesOf(findings: readonly Finding[]): Finding[][] {
  const groupSources = new Set(
    findings.filter((f) => keyOf(f) !== null).map(familyKey),
  );
  const families = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = familyKey(finding);
    if (!groupSources.has(key)) continue;
    const family = families.get(key);
    if (family) family.push(finding);
    else families.set(key, [finding]);
  }
  return Array.from(
    families.values(),
    (family) => family.sort((a, b) => rankOf(a) - rankOf(b)),
  );
}

const familyKey = ({ detector, src, port, proto, sensor }: Finding) =>
  [detector, src, port, proto, sensor].join(" ");

const keyOf = ({ evidence }: Finding) =>
  (evidence.groupedBy ?? null) as GroupKey | null;

/** 0 for a pair; the larger, the less specific. */
function rankOf(finding: Finding): number {
  const key = keyOf(finding);
  return key === null ? 0 : 1 + GROUP_KEYS.indexOf(key);
}

const regularity = ({ evidence }: Finding) => Number(evidence.timingScore ?? 0);

/** Whether one finding is told under the other. */
function goes(one: Finding, other: Finding): boolean {
  const a = rankOf(one), b = rankOf(other);
  if (a === b || !overlap(one, other)) return false;
  return a > b
    ? explains(other, one)
    : !explains(one, other) && one.score <= other.score;
}

const explains = (specific: Finding, general: Finding) =>
  regularity(specific) > regularity(general) - CLEARER;

/** Whether half of the smaller one's destinations are the other's, too. */
function overlap(one: Finding, other: Finding): boolean {
  const a = membersOf(one), b = new Set(membersOf(other));
  const shared = a.filter((member) => b.has(member)).length;
  return shared > 0 && 2 * shared >= Math.min(a.length, b.size);
}

function membersOf({ evidence, name, dst }: Finding): readonly string[] {
  return Array.isArray(evidence.members)
    ? evidence.members.map(String)
    : [name ?? dst];
}

function rootOf(
  finding: Finding,
  parents: ReadonlyMap<Finding, Finding>,
): Finding {
  let root = finding;
  for (let up = parents.get(root); up; up = parents.get(root)) root = up;
  return root;
}

function withOthers(finding: Finding, others: readonly Finding[]): Finding {
  const sorted = others.toSorted((a, b) =>
    rankOf(a) - rankOf(b) || b.score - a.score || (a.id < b.id ? -1 : 1)
  );
  const listed = sorted.slice(0, LISTED).map(keyText);
  const more = sorted.length - listed.length;
  return {
    ...finding,
    evidence: {
      ...finding.evidence,
      alsoSeenAs: more > 0 ? [...listed, `${more} more`] : listed,
    },
  };
}

const KEY_WORDS: Readonly<Record<GroupKey, string>> = {
  domain: "names under",
  address: "names at",
  ja3: "TLS fingerprint",
  "user-agent": "user agent",
};

function keyText(finding: Finding): string {
  const { evidence, name, dst, count, score } = finding;
  const key = keyOf(finding);
  const what = key === null
    ? name ?? dst
    : `${KEY_WORDS[key]} ${evidence.group}`;
  return `${what} (${plural(count, "contact")}, score ${score.toFixed(2)})`;
}
