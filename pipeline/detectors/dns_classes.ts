import type { LookupFacts } from "../features/lookup_groups.ts";
import type { Severity } from "../finding.ts";

/** What look-ups under a domain do, measured; independent of the name. */
export const SIGNAL_DOCS = {
  "reversed": "the names begin with an address turned around (RFC 5782)",
  "verdicts": "answers in 127.0.0.0/8, or none: yes or no, not a place",
  "contacted": "half of the addresses that are answered are contacted",
  "shared": "three sources or more ask",
  "short-answers": "the answers carry little beside addresses",
} as const;

export type LookupSignal = keyof typeof SIGNAL_DOCS;

/**
 * Benign look-ups that resemble a tunnel. Like {@link BenignClass}: at least
 * two signals, so that no name alone clears a domain.
 */
export interface LookupClass {
  readonly name: string;
  /** A sentence without a full stop. */
  readonly doc: string;
  readonly names: readonly string[];
  /** Signals without which it is something else. */
  readonly must: readonly ("name" | LookupSignal)[];
  /** Signals of which there must be one. */
  readonly oneOf: readonly ("name" | LookupSignal)[];
  readonly effect: number;
  readonly cap: Severity;
}

export const LOOKUP_CLASSES: readonly LookupClass[] = [
  {
    name: "DNS blocklist",
    doc: "mail servers ask blocklists for addresses turned around (RFC 5782)",
    names: [
      "spamhaus.org",
      "spamhaus.net",
      "spamcop.net",
      "barracudacentral.org",
      "sorbs.net",
      "surbl.org",
      "uribl.com",
      "dnswl.org",
      "mailspike.net",
      "senderscore.com",
      "abuseat.org",
    ],
    must: ["reversed"],
    oneOf: ["name", "verdicts"],
    effect: -3,
    cap: "low",
  },
  {
    name: "endpoint protection",
    doc: "antivirus agents look up fingerprints of files and sites",
    names: [
      "sophosxl.net",
      "sophosxl.com",
      "mcafee.com",
      "trellix.com",
      "trendmicro.com",
      "e5.sk",
      "eset.com",
      "kaspersky-labs.com",
      "fortiguard.net",
      "barracuda.com",
      "cymru.com",
      "avira.com",
    ],
    must: ["name", "short-answers"],
    oneOf: ["verdicts", "shared", "contacted"],
    effect: -3,
    cap: "low",
  },
  {
    name: "CDN",
    doc: "content networks give each customer or object a name of its own",
    names: [
      "cloudfront.net",
      "akamaiedge.net",
      "akamai.net",
      "akadns.net",
      "edgekey.net",
      "edgesuite.net",
      "fastly.net",
      "fbcdn.net",
      "googlevideo.com",
      "googleusercontent.com",
      "gvt1.com",
      "amazonaws.com",
      "azureedge.net",
      "azure.com",
      "windows.net",
      "trafficmanager.net",
      "cdn77.org",
      "nflxvideo.net",
    ],
    must: ["name", "short-answers"],
    oneOf: ["contacted", "shared"],
    effect: -2,
    cap: "low",
  },
];

/** Types that carry data, with answers this long, are no look-up of a place. */
const LONG_ANSWER = 100;

/** The signals that the look-ups give, beside their name. */
export function signalsOf(
  facts: LookupFacts,
  sources: number,
): Set<"name" | LookupSignal> {
  const out = new Set<"name" | LookupSignal>();
  if (facts.reversed >= 0.8) out.add("reversed");
  if (facts.verdicts >= 0.8 || facts.refused >= 0.8) out.add("verdicts");
  if (facts.contacted >= 0.5) out.add("contacted");
  if (sources >= 3) out.add("shared");
  if (facts.answerBytes < LONG_ANSWER && !facts.types[0]?.startsWith("NULL")) {
    out.add("short-answers");
  }
  return out;
}
