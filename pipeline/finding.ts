import defer * as nodeCrypto from "node:crypto";

/**
 * Bands of RITA v5: critical > 0.8, high ≥ 0.6, medium ≥ 0.4, low ≥ 0.2. What
 * each promises is how often it may be wrong: see {@link BUDGET}.
 */
export type Severity = "critical" | "high" | "medium" | "low" | "none";

/**
 * Alarm budget: at most so many findings of each severity on benign traffic,
 * per 1,000 hosts per day. Below high there is none: medium is worth a look
 * once nothing is higher, low tells what repeats, none is kept for completeness.
 */
export const BUDGET = { critical: 1, high: 5 } as const;

export const SEVERITIES: readonly Severity[] = [
  "critical",
  "high",
  "medium",
  "low",
  "none",
];

/** Where a pair's traffic crosses the border of the internal networks. */
export type Direction = "egress" | "ingress" | "internal" | "external";

/** Against the previous run of the same dataset. */
export type FindingState = "new" | "raised" | "unchanged" | "lowered";

/** The analyst's answer to: is it malicious? */
export type Verdict = "malicious" | "benign" | "unsure";

/** One part of a score, for or against it. */
export interface Reason {
  /** Short and stable: "timing", "size", "prevalence". */
  readonly name: string;
  /** What was measured; null where it could not be. */
  readonly value: number | string | null;
  /** Unit of `value`: "s", "B", "share", …; "" for a plain number. */
  readonly unit: string;
  /** Log-odds added to the score; negative speaks against it. */
  readonly effect: number;
  /** A plain sentence without a full stop. */
  readonly text: string;
}

/** Whom a finding is about: one source → one destination. */
export interface Subject {
  readonly src: string;
  /** Always an address: the most frequent one where `name` is set. */
  readonly dst: string;
  readonly port: number | null;
  readonly proto: string;
  readonly name: string | null;
  readonly nameSource: "host" | "sni" | "connect" | "dns" | null;
  /** Where it was seen, when the logs say so. */
  readonly sensor: string | null;
}

/** Who told a host's name. */
export type HostSource = "hosts file" | "dhcp" | "kerberos" | "ntlm" | "mac";

/** What is known of the host behind an address, and who says so. */
export interface HostInfo {
  /** "" where only owner, role or MAC are known. */
  readonly name: string;
  readonly source: HostSource;
  readonly owner?: string;
  readonly role?: string;
  readonly mac?: string;
  /** Other addresses that the same MAC had, counted as the same host. */
  readonly addresses?: readonly string[];
  /** Other addresses of the same name: perhaps the same host. */
  readonly maybe?: readonly string[];
}

/** Whose an address is, as the routing tables have it. */
export interface Organisation {
  /** Number of the autonomous system (RFC 1930). */
  readonly asn: number | null;
  readonly name: string;
}

/** "Example, Inc., AS64500"; "" where nobody knows whose it is. */
export function organisationText(
  organisation: Organisation | null | undefined,
): string {
  if (!organisation) return "";
  const { asn, name } = organisation;
  return [name, asn === null ? "" : `AS${asn}`].filter(Boolean).join(", ");
}

/** Check-ins in time order, for the picture of a finding. */
export interface Series {
  /** Epoch seconds, ascending; at most {@link SERIES_LENGTH} values. */
  readonly ts: Float64Array;
  /** Bytes from source to destination; NaN where unset. Same length. */
  readonly bytes: Float64Array;
}

/** Longer series keep their first values. */
export const SERIES_LENGTH = 20_000;

/** What a detector says of one subject. */
export interface Finding extends Subject {
  /** The same in every run; see {@link findingId}. */
  readonly id: string;
  readonly detector: string;
  /** In [0, 1]; the same number means the same urgency in each detector. */
  readonly score: number;
  readonly severity: Severity;
  readonly direction: Direction;
  /** Epoch seconds. */
  readonly firstTs: number;
  readonly lastTs: number;
  /** Connections, or requests where these are what repeats. */
  readonly count: number;
  /** The first 100 in time order; a long connection's longest leads. */
  readonly uids: readonly string[];
  readonly uidCount: number;
  /** In plain units; the detector says which keys. */
  readonly evidence: Readonly<Record<string, Evidence>>;
  /** Strongest effect first, for and against. */
  readonly reasons: readonly Reason[];
  /** One plain sentence. */
  readonly summary: string;
  readonly series: Series;
}

export type Evidence =
  | number
  | string
  | boolean
  | null
  | readonly (number | string)[];

/** What a finding is called in every run: a hash of detector and subject. */
export function findingId(detector: string, subject: Subject): string {
  const key = [
    detector,
    subject.src,
    subject.name ?? subject.dst,
    subject.port ?? "",
    subject.proto,
    subject.sensor ?? "",
  ].join("\u0000");
  return nodeCrypto.createHash("sha256").update(key).digest("hex").slice(0, 16);
}

/** Where each severity begins: above `critical`, at the others; in [0, 1]. */
export interface Bands {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
}

/** RITA's. */
export const BANDS: Bands = { critical: 0.8, high: 0.6, medium: 0.4, low: 0.2 };

export function severityOf(score: number, bands = BANDS): Severity {
  if (score > bands.critical) return "critical";
  if (score >= bands.high) return "high";
  if (score >= bands.medium) return "medium";
  return score >= bands.low ? "low" : "none";
}

/** Smaller changes of a score between two runs are noise. */
const SCORE_STEP = 0.05;

/** @param before the score in the run before; undefined where it was not found. */
export function stateOf(
  before: number | undefined,
  score: number,
): FindingState {
  if (before === undefined) return "new";
  if (score - before > SCORE_STEP) return "raised";
  return before - score > SCORE_STEP ? "lowered" : "unchanged";
}

/** Best first; ties are broken by the subject, so that two runs are identical. */
export function compareFindings(a: Finding, b: Finding): number {
  return b.score - a.score || compareText(a.detector, b.detector) ||
    compareText(a.src, b.src) ||
    compareText(a.name ?? a.dst, b.name ?? b.dst) ||
    compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
