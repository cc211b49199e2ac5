// The list of suffixes takes 25 ms and 15 MB: only where a name is looked at.
import defer * as tldts from "tldts";
import { addressBytes } from "../address.ts";

/**
 * A host name as it is compared: without port, brackets, case or final dot.
 *
 * ```ts
 * import { hostName } from "./names.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(hostName("WWW.Example.org.:443"), "www.example.org");
 * assert.equal(hostName("[2001:db8::1]:80"), "2001:db8::1");
 * ```
 */
export function hostName(text: string): string {
  let name = text.trim().toLowerCase();
  const bracketed = name.match(/^\[([^\]]*)\](?::\d+)?$/);
  if (bracketed) name = bracketed[1];
  else if (name.indexOf(":") === name.lastIndexOf(":")) {
    name = name.replace(/:\d*$/, "");
  }
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

/** Whether a host name is an address written out. */
export function isLiteral(name: string): boolean {
  return addressBytes(name) !== null;
}

/** Public resolvers that answer over HTTPS (RFC 8484). */
const DOH = new Set([
  "dns.google",
  "dns.google.com",
  "cloudflare-dns.com",
  "one.one.one.one",
  "quad9.net",
  "opendns.com",
  "adguard.com",
  "adguard-dns.com",
  "cleanbrowsing.org",
  "nextdns.io",
  "mullvad.net",
  "dns.sb",
]);

/** Whether a name is that of a public resolver over HTTPS. */
export function isDnsOverHttps(name: string): boolean {
  if (DOH.has(name)) return true;
  const labels = name.split(".");
  return /(^|\.)(dns|doh)/.test(name) &&
    labels.some((_, i) => DOH.has(labels.slice(i).join(".")));
}

/**
 * The registrable domain of a name (public suffix plus one label; Mozilla's
 * Public Suffix List, ICANN part); the name itself where it has none.
 */
export function registrableDomain(name: string): string {
  return tldts.getDomain(name) ?? name;
}
