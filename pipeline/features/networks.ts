import {
  addressBytes,
  addressText,
  contains,
  isMapped,
  type Network,
  parseNetwork,
} from "../address.ts";
import type { Direction } from "../finding.ts";
import { eachChunk } from "./column.ts";
import type { Flows } from "./flows.ts";

/** RFC 1918, RFC 6598 (behind a provider's NAT), RFC 4193, RFC 4291. */
export const PRIVATE_NETWORKS: readonly Network[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
  "fe80::/10",
].map(parseNetwork);

const MULTICAST = ["224.0.0.0/4", "ff00::/8"].map(parseNetwork);
const LINK_LOCAL = ["169.254.0.0/16", "fe80::/10"].map(parseNetwork);
const UNSPECIFIED = ["0.0.0.0/32", "::/128"].map(parseNetwork);
const LOOPBACK = ["127.0.0.0/8", "::1/128"].map(parseNetwork);
const BROADCAST = parseNetwork("255.255.255.255/32");

const inAny = (networks: readonly Network[], bytes: Uint8Array) =>
  networks.some((network) => contains(network, bytes));

/** Whether the address may be another host's at another site. */
export function isReused(bytes: Uint8Array): boolean {
  return [PRIVATE_NETWORKS, LINK_LOCAL, LOOPBACK, UNSPECIFIED].some((kind) =>
    inAny(kind, bytes)
  );
}

/** Kinds of address that are never one end of a beacon. */
export type Unicastness =
  | "unicast"
  | "multicast"
  | "broadcast"
  | "link-local"
  | "unspecified"
  | "loopback";

export function kindOfAddress(address: string): Unicastness {
  const bytes = addressBytes(address);
  if (!bytes) return "unicast";
  if (inAny(MULTICAST, bytes)) return "multicast";
  if (contains(BROADCAST, bytes)) return "broadcast";
  if (inAny(LINK_LOCAL, bytes)) return "link-local";
  if (inAny(UNSPECIFIED, bytes)) return "unspecified";
  return inAny(LOOPBACK, bytes) ? "loopback" : "unicast";
}

/** The networks that count as one's own, and how that was found. */
export class InternalHosts {
  readonly #internal: Uint8Array;

  private constructor(
    readonly networks: readonly string[],
    /** A sentence without a full stop. */
    readonly foundBy: string,
    flows: Flows,
    isInternal: (bytes: Uint8Array, code: number) => boolean,
  ) {
    this.#internal = Uint8Array.from(
      flows.addresses.values,
      (address, code) => {
        const bytes = addressBytes(address);
        return bytes && isInternal(bytes, code) ? 1 : 0;
      },
    );
  }

  /**
   * As given; else the private networks and what `local_orig` and `local_resp`
   * of the conn log call local. Where no record calls anything local: the
   * private networks, and where these touch less than half
   * of the connections (a sensor on a server, or public addressing) also every
   * address in a fifth or more of them; and any IPv6 source of 2 % or more.
   *
   * @throws SyntaxError for a network that cannot be read.
   */
  static find(flows: Flows, given?: readonly string[]): InternalHosts {
    if (given && given.length > 0) {
      const networks = given.map(parseNetwork);
      return new InternalHosts(
        given,
        "given on the command line",
        flows,
        (bytes) => inAny(networks, bytes),
      );
    }
    const networks = [...PRIVATE_NETWORKS];
    if (flows.local.some((votes) => votes > 0)) {
      const local = localAddresses(flows);
      return new InternalHosts(
        [...networks.map((n) => n.text), ...blocksOf(local)],
        local.length === 0
          ? "private address ranges; local_orig and local_resp name no public address"
          : `private address ranges, and ${
            shortList(local)
          } by local_orig and local_resp of the conn log`,
        flows,
        (bytes, code) => flows.local[code] > 0 || inAny(networks, bytes),
      );
    }
    const busy = busyAddresses(flows);
    networks.push(...busy.map(parseNetwork));
    const foundBy = busy.length === 0
      ? "private address ranges (RFC 1918, RFC 6598, RFC 4193)"
      : `private address ranges, and ${
        busy.join(", ")
      } because so much of the traffic is theirs`;
    return new InternalHosts(
      networks.map((n) => n.text),
      foundBy,
      flows,
      (bytes) => inAny(networks, bytes),
    );
  }

  /** By code in `flows.addresses`. */
  has(code: number): boolean {
    return this.#internal[code] === 1;
  }

  direction(src: number, dst: number): Direction {
    if (this.has(src)) return this.has(dst) ? "internal" : "egress";
    return this.has(dst) ? "ingress" : "external";
  }
}

/** What is called local oftener than not and lies in no private network. */
function localAddresses({ addresses, local }: Flows): string[] {
  return addresses.values.filter((text, code) => {
    if (!(local[code] > 0) || kindOfAddress(text) !== "unicast") return false;
    const bytes = addressBytes(text);
    return bytes !== null && !inAny(PRIVATE_NETWORKS, bytes);
  }).sort();
}

/** Addresses or blocks that one sentence, and one list, names. */
const LISTED = 5, MOST_BLOCKS = 16;

function shortList(addresses: readonly string[]): string {
  const more = addresses.length - LISTED;
  const shown = addresses.slice(0, LISTED).join(", ");
  return more > 0 ? `${shown} and ${more} more public addresses` : shown;
}

/** The addresses, or the /24 (IPv6: /64) of each where they are many. */
function blocksOf(addresses: readonly string[]): string[] {
  if (addresses.length <= MOST_BLOCKS) return [...addresses];
  const blocks = addresses.map((address) => {
    const bytes = addressBytes(address)!.slice();
    const prefix = isMapped(bytes) ? 24 : 64;
    bytes.fill(0, isMapped(bytes) ? 15 : 8);
    return `${addressText(bytes)}/${prefix}`;
  });
  return [...new Set(blocks)];
}

function busyAddresses(flows: Flows): string[] {
  const n = flows.length;
  if (n === 0) return [];
  const addresses = flows.addresses.values.map((text) => ({
    text,
    bytes: addressBytes(text),
  }));
  const isPrivate = addresses.map(({ bytes }) =>
    bytes !== null && inAny(PRIVATE_NETWORKS, bytes)
  );
  const asEither = new Float64Array(addresses.length);
  const asSource = new Float64Array(addresses.length);
  let touched = 0;
  eachChunk([flows.src, flows.dst], ([sources, destinations], _, length) => {
    for (let i = 0; i < length; i++) {
      const src = sources[i], dst = destinations[i];
      if (isPrivate[src] || isPrivate[dst]) touched++;
      asSource[src]++;
      asEither[src]++;
      if (dst !== src) asEither[dst]++;
    }
  });
  const mostlyPublic = touched < n / 2;
  return addresses.filter(({ text }, a) => {
    if (isPrivate[a] || kindOfAddress(text) !== "unicast") return false;
    if (mostlyPublic && asEither[a] >= n / 5) return true;
    return text.includes(":") && asSource[a] >= n / 50;
  }).map(({ text }) => text).sort();
}
