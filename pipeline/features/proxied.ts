import { addressBytes } from "../address.ts";
import type { Flows } from "./flows.ts";
import type { InternalHosts } from "./networks.ts";

/** `Applications.client` where the requests of one connection differ. */
export const SEVERAL_CLIENTS = -2;

/**
 * Zeek writes "HEADER -> value" for the headers that proxies add
 * (base/protocols/http, `proxy_headers`).
 */
const CLIENT = /(?:X-FORWARDED-FOR|X-FORWARDED-FROM|CLIENT-IP) -> *([^,\s]+)/i;
const FORWARDED = /\bFORWARDED -> .*?\bfor="?\[?([0-9a-f:.]+)/i;

/**
 * The address for which a proxy asks, by `proxied` of http.log; the first where
 * it lists several proxies, null where it tells none.
 *
 * ```ts
 * import { clientOf } from "./proxied.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(clientOf("X-FORWARDED-FOR -> 10.1.2.3, 10.0.0.8"), "10.1.2.3");
 * assert.equal(clientOf("VIA -> 1.1 squid"), null);
 * ```
 */
export function clientOf(proxied: string): string | null {
  const told = (proxied.match(CLIENT) ?? proxied.match(FORWARDED))?.[1];
  if (told === undefined) return null;
  const address = told.replace(/^\[|\](?::\d+)?$/g, "");
  // IPv4 comes with a port from some.
  const bare = /^[\d.]+:\d+$/.test(address) ? address.split(":")[0] : address;
  return addressBytes(bare) === null ? null : bare;
}

/**
 * Gives connections of an internal proxy the source that it asks for. A header
 * from outside proves nothing, nor does one that tells of an outside client:
 * these keep the source that the sensor saw.
 *
 * @returns by uid the address of the proxy.
 */
export function realSources(
  flows: Flows,
  internal: InternalHosts,
): ReadonlyMap<string, string> {
  const A = flows.applications;
  const proxies = new Map<string, string>();
  for (let f = 0; f < flows.length; f++) {
    const a = flows.application.at(f), src = flows.src.at(f);
    const client = a < 0 ? -1 : A.client[a];
    if (client < 0 || client === src) continue;
    if (!internal.has(src) || !internal.has(client)) continue;
    flows.src.set(f, client);
    proxies.set(flows.uid.at(f), flows.addresses.values[src]);
  }
  return proxies;
}
