import { organisationText } from "./finding.ts";
import type { ListedFinding } from "./finding_view.ts";

/** By what a list puts findings together. */
export const GROUPINGS = {
  pair: "source and destination",
  destination: "destination",
  name: "name",
  organisation: "organisation",
  ja3: "TLS fingerprint",
  certificate: "certificate",
  agent: "user agent",
  source: "source",
} as const;

export type Grouping = keyof typeof GROUPINGS;

/** Findings that a list shows in one row. */
export interface FindingGroup {
  readonly key: string;
  /** The first in the list's order; it stands for the others. */
  readonly best: ListedFinding;
  readonly findings: readonly ListedFinding[];
  /** "7 hosts, same TLS fingerprint, every 60 s"; "" for one finding. */
  readonly says: string;
}

/** Groups in the order of their first findings. */
export function grouped(
  findings: readonly ListedFinding[],
  by: Grouping = "pair",
): FindingGroup[] {
  const groups = new Map<string, ListedFinding[]>();
  for (const finding of findings) {
    for (const key of keysOf(finding, by)) {
      const group = groups.get(key);
      if (group) group.push(finding);
      else groups.set(key, [finding]);
    }
  }
  return Array.from(groups, ([key, own]) => new Group(key, own, by));
}

class Group implements FindingGroup {
  constructor(
    readonly key: string,
    readonly findings: readonly ListedFinding[],
    readonly by: Grouping,
  ) {}

  get best(): ListedFinding {
    return this.findings[0];
  }

  /** Said of the groups that are shown alone: it looks at every finding. */
  get says(): string {
    const { findings, by } = this;
    return findings.length > 1 && by !== "pair" ? sayingOf(findings, by) : "";
  }
}

/** What has none of it stands alone, under its own id. */
function keysOf(f: ListedFinding, by: Grouping): readonly string[] {
  const destination = f.name ?? f.dst;
  switch (by) {
    case "pair":
      return [`${f.src} ${destination} ${f.port ?? ""} ${f.sensor ?? ""}`];
    case "destination":
      return [f.dst];
    case "name":
      return [f.name ?? f.id];
    case "organisation":
      return [organisationText(f.organisation) || f.id];
    case "ja3":
      return f.fingerprints.length > 0 ? f.fingerprints : [f.id];
    case "certificate":
      return f.certificates.length > 0 ? f.certificates : [f.id];
    case "agent":
      return f.userAgents.length > 0 ? f.userAgents : [f.id];
    case "source":
      return [f.src];
  }
}

/** Periods that differ by less than this share are one. */
const SAME = 0.05;

function sayingOf(findings: readonly ListedFinding[], by: Grouping): string {
  const hosts = new Set(findings.map(({ src }) => src)).size;
  const destinations = new Set(findings.map((f) => f.name ?? f.dst)).size;
  const parts = [
    `${hosts} ${hosts === 1 ? "host" : "hosts"}`,
    `${destinations} ${destinations === 1 ? "destination" : "destinations"}`,
    `same ${GROUPINGS[by]}`,
  ];
  const periods = findings.map(({ period }) => period);
  const [first] = periods;
  const same = first !== null && first > 0 &&
    periods.every((period) =>
      period !== null && Math.abs(period - first) <= SAME * first
    );
  if (same) parts.push("same interval");
  return parts.join(", ");
}
