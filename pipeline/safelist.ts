import {
  addressBytes,
  addressText,
  contains,
  parseNetwork,
} from "./address.ts";
import type { Finding, Organisation, Subject } from "./finding.ts";
import { patternTest } from "./pattern.ts";
import type { SafelistKind } from "./store/session_store.ts";

/** What a safelist entry can be compared with, and how its value is written. */
export const SAFELIST_KINDS: Readonly<Record<SafelistKind, string>> = {
  address: "an address, source or destination: 192.0.2.7",
  network: "source or destination in a block of addresses: 10.9.0.0/16",
  name: "a destination's name, * for any characters: '*.example.org'",
  pair: "one source and one destination address: '10.0.0.5 -> 192.0.2.7'",
  "source-name": "one source and a name: '10.0.0.5 -> *.example.org'",
  organisation:
    "whoever a destination belongs to: 'Example Corp', 'Example*' or AS64500",
  ja3: "a TLS client's fingerprint: 32 hexadecimal digits",
  ja4: "a TLS client's fingerprint: t13d1516h2_8daaf6152771_02713d6af862",
  port: "a destination port: 123, or with its protocol 123/udp",
};

/** Names under which anybody can have one: hiding them all hides attackers, too. */
const SHARED_SUFFIXES = [
  "cloudfront.net",
  "azureedge.net",
  "azurewebsites.net",
  "azurefd.net",
  "windows.net",
  "cloudapp.net",
  "cloudapp.azure.com",
  "trafficmanager.net",
  "amazonaws.com",
  "elasticbeanstalk.com",
  "awsglobalaccelerator.com",
  "googleusercontent.com",
  "appspot.com",
  "run.app",
  "web.app",
  "firebaseapp.com",
  "cloudfunctions.net",
  "akamaiedge.net",
  "akamaized.net",
  "edgekey.net",
  "edgesuite.net",
  "fastly.net",
  "fastlylb.net",
  "cloudflare.net",
  "workers.dev",
  "pages.dev",
  "trycloudflare.com",
  "r2.dev",
  "herokuapp.com",
  "github.io",
  "githubusercontent.com",
  "gitlab.io",
  "netlify.app",
  "vercel.app",
  "onrender.com",
  "fly.dev",
  "ngrok.io",
  "ngrok-free.app",
  "ngrok.app",
  "digitaloceanspaces.com",
  "ondigitalocean.app",
  "backblazeb2.com",
  "dropboxusercontent.com",
  "sharepoint.com",
  "duckdns.org",
  "no-ip.org",
  "ddns.net",
  "dyndns.org",
];

/**
 * The value as it is kept and compared.
 *
 * ```ts
 * import { safelistValue } from "./safelist.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(safelistValue("pair", "10.0.0.5→192.0.2.7"), "10.0.0.5 -> 192.0.2.7");
 * assert.throws(() => safelistValue("port", "99999"), SyntaxError);
 * ```
 * @throws SyntaxError "Cannot safelist the port 99999: …".
 */
export function safelistValue(kind: SafelistKind, text: string): string {
  const value = text.trim();
  const fail = (why: string): never => {
    throw new SyntaxError(
      `Cannot safelist the ${kind} ${JSON.stringify(text)}: ${why}`,
    );
  };
  switch (kind) {
    case "address":
      return address(value) ?? fail("it is no address");
    case "network":
      return network(value, fail);
    case "name":
      return namePattern(value, fail);
    case "pair":
    case "source-name":
      return pairOf(kind, value, fail);
    case "organisation":
      if (value === "" || value.length > 200) {
        fail("it must have 1 to 200 characters");
      }
      return /[^*\s]/.test(value) ? value : fail("it fits every organisation");
    case "ja3":
      return /^[0-9a-f]{32}$/i.test(value)
        ? value.toLowerCase()
        : fail("it must be 32 hexadecimal digits");
    case "ja4":
      return /^[tqd](?:\d\d|s\d)[di]\d{4}[a-z0-9]{2}(?:_[0-9a-f]{12}){2}$/
          .test(value)
        ? value
        : fail("it must look like t13d1516h2_8daaf6152771_02713d6af862");
    case "port":
      return portValue(value) ??
        fail("it must be an integer in [0, 65535], as 123 or 123/udp");
  }
}

type Fail = (why: string) => never;

function address(text: string): string | null {
  const bytes = addressBytes(text);
  return bytes && addressText(bytes);
}

function network(text: string, fail: Fail): string {
  let prefix: number;
  try {
    ({ prefix } = parseNetwork(text));
  } catch {
    return fail("write it as 10.9.0.0/16");
  }
  // 96 of the 128 bits say that it is IPv4.
  const least = text.includes(":") ? 1 : 97;
  return prefix < least ? fail("it holds every address") : text;
}

function namePattern(text: string, fail: Fail): string {
  const name = text.toLowerCase().replace(/\.$/, "");
  if (!/^[^\s/:@]{1,253}$/.test(name)) {
    fail("it must be a name such as www.example.org or *.example.org");
  }
  if (name.replace(/[*.]/g, "").length < 2) fail("it fits every name");
  return name;
}

function pairOf(
  kind: "pair" | "source-name",
  text: string,
  fail: Fail,
): string {
  const [from, to, ...more] = text.split(/\s*(?:->|→)\s*/);
  if (!to || more.length > 0) {
    fail(`write it as '10.0.0.5 -> ${kind === "pair" ? "192.0.2.7" : "NAME"}'`);
  }
  const src = address(from) ?? fail(`${from} is no address`);
  const dst = kind === "pair"
    ? address(to) ?? fail(`${to} is no address; for a name: source-name`)
    : namePattern(to, fail);
  return `${src} -> ${dst}`;
}

function portValue(text: string): string | null {
  const [, port, proto] = text.match(/^(\d{1,5})(?:\/(tcp|udp|icmp))?$/) ?? [];
  if (port === undefined || Number(port) > 65_535) return null;
  return Number(port) + (proto ? `/${proto}` : "");
}

/** What of a finding an entry may be compared with. */
export interface Hideable extends Subject {
  readonly fingerprints?: readonly string[];
  readonly evidence?: Finding["evidence"];
  readonly organisation?: Organisation | null;
}

/** Whether an entry hides a finding; null where the finding does not tell. */
export type Hider = (finding: Hideable) => boolean | null;

/** As {@link hiderOf}, for one finding. */
export function hides(
  kind: SafelistKind,
  value: string,
  finding: Hideable,
): boolean | null {
  return hiderOf(kind, value)(finding);
}

/**
 * The test of one entry, its value read once.
 *
 * @param value as {@link safelistValue} gives it.
 */
export function hiderOf(kind: SafelistKind, value: string): Hider {
  const [from, to] = value.split(" -> ");
  switch (kind) {
    case "address":
      return ({ src, dst }) => address(src) === value || address(dst) === value;
    case "network": {
      const block = parseNetwork(value);
      const within = (text: string) => {
        const bytes = addressBytes(text);
        return bytes !== null && contains(block, bytes);
      };
      return ({ src, dst }) => within(src) || within(dst);
    }
    case "name": {
      const fits = patternTest(value);
      return ({ name }) => name !== null && fits(name);
    }
    case "pair":
      return ({ src, dst }) => address(src) === from && address(dst) === to;
    case "source-name": {
      const fits = patternTest(to);
      return ({ src, name }) =>
        name !== null && address(src) === from && fits(name);
    }
    case "port":
      return ({ port, proto }) =>
        value === String(port) || value === `${port}/${proto}`;
    case "ja3":
    case "ja4":
      return (finding) => fingerprintsOf(finding)?.includes(value) ?? null;
    case "organisation":
      return organisationHider(value);
  }
}

/** By its name, a pattern of it, or its AS number; null where none is known. */
function organisationHider(value: string): Hider {
  const fits = patternTest(value);
  const isNumber = /^AS\d+$/i.test(value);
  return ({ organisation }) => {
    if (!organisation) return null;
    const { asn, name } = organisation;
    return isNumber && asn !== null ? fits(`AS${asn}`) : fits(name);
  };
}

/** Null for findings of detectors that look at no TLS. */
function fingerprintsOf(
  { fingerprints, evidence }: Hideable,
): readonly (string | number)[] | null {
  const found = fingerprints ?? evidence?.tlsFingerprints;
  return Array.isArray(found) ? found : null;
}

/**
 * The suffix under which anybody can have a name, where the entry hides more
 * than one name of it; null where it does not.
 */
export function sharedSuffix(
  kind: SafelistKind,
  value: string,
): string | null {
  if (kind !== "name" && kind !== "source-name") return null;
  const pattern = value.split(" -> ").at(-1)!;
  if (!pattern.includes("*")) return null;
  const tail = pattern.slice(pattern.lastIndexOf("*") + 1).replace(/^\./, "");
  const under = (name: string, of: string) =>
    name === of || name.endsWith("." + of);
  return SHARED_SUFFIXES.find((suffix) =>
    under(tail, suffix) || under(suffix, tail)
  ) ?? null;
}
