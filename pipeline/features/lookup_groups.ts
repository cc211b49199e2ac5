import type { Flows } from "./flows.ts";
import { registrableDomain } from "./names.ts";

/** What one source asked for under one registrable domain. */
export interface LookupGroup {
  /** Codes in `flows.addresses`; the server is the one asked most often. */
  readonly src: number;
  readonly server: number;
  readonly domain: string;
  /** Code in `flows.sensors` of the sensor that saw most of it, or −1. */
  readonly sensor: number;
  /** Sources that ask for anything under the domain. */
  readonly sources: number;
  /** Rows of `flows.lookups`, in time order. */
  readonly rows: Uint32Array;
}

export interface LookupFacts {
  /** Epoch seconds of each look-up, ascending. */
  readonly ts: Float64Array;
  /** Characters before the domain, of each look-up. */
  readonly lengths: Float64Array;
  /** Distinct names. */
  readonly names: number;
  /**
   * Bytes that the labels before the domain can carry: Shannon's entropy of
   * the characters of each label times its length, each label once, since one
   * that was seen before says nothing new.
   */
  readonly carried: number;
  /** Characters before the domain, mean over the distinct names. */
  readonly meanLength: number;
  /** Shares of the look-ups, in [0, 1]. */
  readonly dataTypes: number;
  readonly refused: number;
  /** Of the look-ups with an address as answer: one that some host contacts. */
  readonly contacted: number;
  /** Look-ups with an address as answer. */
  readonly addressed: number;
  /** Share of those addresses that lie in 127.0.0.0/8: a verdict, no place. */
  readonly verdicts: number;
  /** Share of the distinct names that begin with an IPv4 address, turned around. */
  readonly reversed: number;
  /** Bytes of the answers that are no addresses, mean over the look-ups. */
  readonly answerBytes: number;
  /** "TXT 120", most frequent first. */
  readonly types: readonly string[];
}

/** Fewer look-ups of a domain than this are neither a tunnel nor a rhythm. */
const MIN_LOOKUPS = 10;
/** Types that carry data of any kind, rather than where a service is. */
const DATA_TYPES = new Set(["TXT", "NULL", "CNAME", "MX", "KEY", "DNSKEY"]);
/** Names that no server outside is asked for. */
const LOCAL =
  /(^|\.)(local|localdomain|localhost|lan|home|internal|corp|intranet|wpad|isatap)$/;

/** Reverse zones (RFC 1035, 3.5; RFC 3596), and what else is under arpa. */
const REVERSE = /^(?:(.*)\.)?(in-addr|ip6)\.arpa$/;
/** A part of an address, or of a delegated range (RFC 2317). */
const ADDRESS_LABEL = {
  "in-addr": /^\d{1,3}([/-]\d{1,3})?$/,
  "ip6": /^[0-9a-f]$/,
};

/**
 * The zone of a name under arpa that is no address turned around, as far as it
 * is one; null for addresses, for service discovery (RFC 6763) and for what is
 * no reverse zone. Whoever is delegated a range can serve anything there.
 */
function reverseZone(name: string): string | null {
  const match = REVERSE.exec(name);
  if (!match || match[1] === undefined) return null;
  const kind = match[2] as keyof typeof ADDRESS_LABEL;
  const labels = match[1].split(".");
  if (labels.some((label) => label.startsWith("_"))) return null;
  const last = labels.findLastIndex((label) =>
    !ADDRESS_LABEL[kind].test(label)
  );
  return last < 0 ? null : [...labels.slice(last + 1), kind, "arpa"].join(".");
}

/**
 * Look-ups by source and registrable domain; local names and the
 * addresses of reverse look-ups are left out.
 */
export function lookupGroups({ lookups }: Flows): LookupGroup[] {
  const domains = lookups.queries.values.map(domainOf);
  const groups = new Map<string, number[]>();
  const sources = new Map<string, number>();
  for (let row = 0; row < lookups.length; row++) {
    const domain = domains[lookups.query[row]];
    if (domain === null) continue;
    const key = `${lookups.src[row]} ${domain}`;
    const rows = groups.get(key);
    if (rows) rows.push(row);
    else {
      groups.set(key, [row]);
      sources.set(domain, (sources.get(domain) ?? 0) + 1);
    }
  }
  return [...groups.values()]
    .filter((rows) => rows.length >= MIN_LOOKUPS)
    .map((rows) => {
      const ordered = Uint32Array.from(rows).sort((a, b) =>
        lookups.ts[a] - lookups.ts[b] || lookups.query[a] - lookups.query[b]
      );
      const domain = domains[lookups.query[rows[0]]]!;
      return {
        src: lookups.src[rows[0]],
        server: mostFrequent(rows.map((row) => lookups.server[row])),
        domain,
        sensor: mostFrequent(rows.map((row) => lookups.sensor[row])),
        sources: sources.get(domain)!,
        rows: ordered,
      };
    });
}

function domainOf(name: string): string | null {
  if (!name.includes(".") || LOCAL.test(name)) return null;
  if (name.endsWith(".arpa")) return reverseZone(name);
  return registrableDomain(name);
}

function mostFrequent(codes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0];
}

/** @param contacted 1 by code in `lookups.answers` where a host contacts it. */
export function lookupFactsOf(
  { lookups }: Flows,
  { domain, rows }: LookupGroup,
  contacted: Uint8Array,
): LookupFacts {
  const queries = new Set<number>(), types = new Map<string, number>();
  let dataTypes = 0, refused = 0, addressed = 0, met = 0, verdicts = 0;
  let text = 0;
  for (const row of rows) {
    queries.add(lookups.query[row]);
    const type = lookups.types.values[lookups.type[row]] ?? "unknown";
    types.set(type, (types.get(type) ?? 0) + 1);
    if (DATA_TYPES.has(type)) dataTypes++;
    refused += lookups.refused[row];
    text += lookups.text[row];
    const answer = lookups.answer[row];
    if (answer < 0) continue;
    addressed++;
    met += contacted[answer];
    if (lookups.answers.values[answer].startsWith("127.")) verdicts++;
  }
  const n = rows.length;
  return {
    ts: Float64Array.from(rows, (row) => lookups.ts[row]),
    lengths: Float64Array.from(
      rows,
      (row) =>
        before(lookups.queries.values[lookups.query[row]], domain).length,
    ),
    names: queries.size,
    ...namesFacts(lookups.queries.values, queries, domain),
    dataTypes: dataTypes / n,
    refused: refused / n,
    contacted: addressed > 0 ? met / addressed : 0,
    addressed,
    verdicts: addressed > 0 ? verdicts / addressed : 0,
    answerBytes: text / n,
    types: [...types].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([type, count]) => `${type} ${count}`),
  };
}

/** Four numbers up to 255, as blocklists are asked (RFC 5782). */
const REVERSED = /^(\d{1,3}\.){3}\d{1,3}($|\.)/;

function namesFacts(
  values: readonly string[],
  queries: ReadonlySet<number>,
  domain: string,
) {
  const labels = new Set<string>();
  let length = 0, reversed = 0, bits = 0;
  for (const query of queries) {
    const front = before(values[query], domain);
    length += front.length;
    if (REVERSED.test(front)) reversed++;
    for (const label of front.split(".")) {
      if (labels.has(label)) continue;
      labels.add(label);
      bits += label.length * entropy(label);
    }
  }
  return {
    carried: bits / 8,
    meanLength: length / queries.size,
    reversed: reversed / queries.size,
  };
}

/** What stands before the domain, without the dot. */
function before(name: string, domain: string): string {
  return name.slice(0, Math.max(0, name.length - domain.length - 1));
}

/**
 * Shannon's entropy of the characters of a text, bits per character.
 *
 * ```ts
 * import { entropy } from "./lookup_groups.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(entropy("aaaa"), 0);
 * assert.equal(entropy("0123456789abcdef"), 4);
 * ```
 */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) {
    bits -= n / text.length * Math.log2(n / text.length);
  }
  return bits;
}
