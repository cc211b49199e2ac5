import { type Reason, type Severity, stateOf } from "./finding.ts";
import type { RankedFinding } from "./run_report.ts";
import { hiderOf } from "./safelist.ts";
import type { Mark, SafelistEntry } from "./store/session_store.ts";

/** What of a finding a list shows, filters and sorts: small enough for 100,000. */
export interface ListedFinding extends
  Omit<
    RankedFinding,
    "series" | "uids" | "evidence" | "reasons" | "firstSeen" | "verdict"
  > {
  /** Epoch seconds, in the whole history. */
  readonly firstSeenTs: number;
  /** Seconds between check-ins, and from the first to the last; null unknown. */
  readonly period: number | null;
  readonly jitter: number | null;
  readonly duration: number;
  readonly userAgents: readonly string[];
  /** JA4, or JA3 where there is none. */
  readonly fingerprints: readonly string[];
  /** The server's: subject, issuer, fingerprint, as far as the logs have them. */
  readonly certificates: readonly string[];
  /** Other keys that see the same contacts: "names under example.com, …". */
  readonly alsoSeenAs: readonly string[];
  /** The kind of benign traffic that lowers its score; null without one. */
  readonly benignClass: string | null;
  /** Internal hosts that contact the destination, of all; null unknown. */
  readonly prevalence: string | null;
  /** The strongest reason for it; "" without one. */
  readonly because: string;
  readonly mark: Mark;
  /** Which safelist entry hides it; null where it is shown. */
  readonly hiddenBy: number | null;
  /** Would be hidden, but does more than when the entry was made. */
  readonly returned: boolean;
}

export const NO_MARK: Mark = {
  verdict: null,
  regular: null,
  tags: [],
  owner: null,
};

/** @param finding whose series may be left out. */
export function listed(finding: RankedFinding): ListedFinding {
  const {
    series: _series,
    uids: _uids,
    evidence,
    reasons,
    firstSeen,
    verdict,
    ...rest
  } = finding;
  return {
    ...rest,
    firstSeenTs: firstSeen?.ts ?? finding.firstTs,
    period: numberIn(evidence.period ?? evidence.heartbeatPeriod),
    jitter: numberIn(evidence.jitter ?? evidence.heartbeatJitter),
    duration: finding.lastTs - finding.firstTs,
    userAgents: textsIn(evidence.userAgents),
    fingerprints: textsIn(evidence.tlsFingerprints),
    certificates: textsIn(evidence.certificates),
    alsoSeenAs: textsIn(evidence.alsoSeenAs),
    benignClass: benignClassOf(reasons),
    prevalence: prevalenceOf(reasons),
    because: (reasons.find(({ effect }) => effect > 0) ?? reasons[0])?.text ??
      "",
    mark: { ...NO_MARK, verdict },
    hiddenBy: null,
    returned: false,
  };
}

const numberIn = (value: unknown) => typeof value === "number" ? value : null;

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((v) => typeof v === "string") : [];

function benignClassOf(reasons: readonly Reason[]): string | null {
  const reason = reasons.find(({ name, effect }) =>
    name === "class" && effect < 0
  );
  return reason ? String(reason.value) : null;
}

/** "1/412": how many of the internal hosts contact the destination. */
function prevalenceOf(reasons: readonly Reason[]): string | null {
  const reason = reasons.find(({ name }) => name === "prevalence");
  const match = reason?.text.match(/^(\d[\d,]*) of (\d[\d,]*) /);
  return match ? `${match[1]}/${match[2]}` : null;
}

/** How much one entry of the safelist hides. */
export interface HiddenCount {
  readonly entry: SafelistEntry;
  readonly findings: number;
  /** Of these, high or critical. */
  readonly severe: number;
}

export interface SafelistOptions {
  /** Epoch seconds: entries that expire before count no more. */
  readonly now: number;
  /**
   * Scores by finding of the last run before the time at which an entry was
   * made; null where there is no such run.
   */
  readonly scoresAt?: (ts: number) => ReadonlyMap<string, number> | null;
}

/**
 * Findings with what hides them. A finding whose score has risen by more than
 * 0.05 since an entry was made is shown again: somebody has decided not to
 * see what it did then, not whatever it may do.
 *
 * @returns the findings in their order, and what each valid entry hides.
 */
export function applySafelist(
  findings: readonly ListedFinding[],
  entries: readonly SafelistEntry[],
  { now, scoresAt = () => null }: SafelistOptions,
): { findings: ListedFinding[]; hidden: HiddenCount[] } {
  const valid = entries.filter(({ expiresAt }) =>
    expiresAt === null || expiresAt > now
  );
  const hiders = valid.map((entry) => ({
    entry,
    hides: hiderOf(entry.kind, entry.value),
    before: scoresAt(entry.createdAt),
    findings: 0,
    severe: 0,
  }));
  if (hiders.length === 0 && findings.every(isShown)) {
    return { findings: [...findings], hidden: [] };
  }
  const out = findings.map((finding): ListedFinding => {
    const fitting = hiders.filter(({ hides }) => hides(finding) === true);
    const hider = fitting.find(({ before }) => !hasRisen(finding, before));
    if (!hider) {
      // Most of 100,000: what changes nothing costs no copy.
      if (fitting.length === 0 && isShown(finding)) return finding;
      return { ...finding, hiddenBy: null, returned: fitting.length > 0 };
    }
    hider.findings++;
    if (isSevere(finding)) hider.severe++;
    return { ...finding, hiddenBy: hider.entry.id, returned: false };
  });
  return {
    findings: out,
    hidden: hiders.map(({ entry, findings, severe }) => ({
      entry,
      findings,
      severe,
    })),
  };
}

const isShown = ({ hiddenBy, returned }: ListedFinding) =>
  hiddenBy === null && !returned;

function hasRisen(
  { id, score }: ListedFinding,
  before: ReadonlyMap<string, number> | null,
): boolean {
  const then = before?.get(id);
  return then !== undefined && stateOf(then, score) === "raised";
}

export function isSevere(
  { severity }: { readonly severity: Severity },
): boolean {
  return severity === "critical" || severity === "high";
}
