import { addressBytes, isMapped } from "../address.ts";

/** When an address was a device's. Epoch seconds, from ≤ ts ≤ to. */
export interface Stretch {
  readonly mac: string;
  readonly from: number;
  readonly to: number;
}

interface Lease {
  readonly sensor: string;
  readonly address: string;
  readonly mac: string;
  readonly ts: number;
  /** Seconds; NaN where the log does not say. */
  readonly lasts: number;
  /** "" where the client tells none. */
  readonly name: string;
}

/** Seconds of a lease that does not say how long it lasts (RFC 2131 has none). */
const LEASE = 86_400;

/**
 * More IPv6 addresses at one time than a host with privacy addresses has
 * (RFC 8981: a new one each day, seven kept), so the MAC is a router's.
 */
const MOST_IPV6 = 8;

/** Which MAC had which address when: `addLease`, `addSeen`, then `finish`. */
export class Devices {
  readonly #leases: Lease[] = [];
  /** By sensor, MAC and address: the first and last record that showed both. */
  readonly #seen = new Map<string, {
    readonly sensor: string;
    readonly address: string;
    readonly mac: string;
    from: number;
    to: number;
  }>();
  readonly #stretches = new Map<string, Stretch[]>();
  /** By site and MAC: what the newest lease calls it. */
  readonly #names = new Map<string, { readonly ts: number; name: string }>();
  readonly #macs = new Set<string>();

  get isEmpty(): boolean {
    return this.#macs.size === 0;
  }

  addLease(lease: Lease): void {
    this.#leases.push(lease);
  }

  addSeen(sensor: string, address: string, mac: string, ts: number): void {
    const key = `${sensor} ${mac} ${address}`;
    const known = this.#seen.get(key);
    if (!known) {
      this.#seen.set(key, { sensor, address, mac, from: ts, to: ts });
    } else {
      known.from = Math.min(known.from, ts);
      known.to = Math.max(known.to, ts);
    }
  }

  /** @param siteOf the number of the site that a sensor watches. */
  finish(siteOf: (sensor: string) => number): this {
    this.#finishLeases(siteOf);
    this.#finishSeen(siteOf);
    return this;
  }

  stretchesOf(address: string, site: number): readonly Stretch[] {
    const known = this.#stretches.get(`${site} ${address}`);
    if (known) return known;
    const mac = macOfEui64(address);
    return mac !== null && this.#macs.has(`${site} ${mac}`)
      ? [{ mac, from: -Infinity, to: Infinity }]
      : [];
  }

  /** The one MAC that had the address in a stretch of time; null for several. */
  macAt(
    address: string,
    { from, to, site }: { from: number; to: number; site: number },
  ): string | null {
    const macs = new Set(
      this.stretchesOf(address, site)
        .filter((stretch) => stretch.from <= to && stretch.to >= from)
        .map(({ mac }) => mac),
    );
    const [mac] = macs;
    return macs.size === 1 ? mac : null;
  }

  /** What DHCP calls a device; "" where it does not. */
  nameOf(mac: string | null, site: number): string {
    return this.#names.get(`${site} ${mac}`)?.name ?? "";
  }

  /** A lease ends when another device gets the address, at the latest. */
  #finishLeases(siteOf: (sensor: string) => number): void {
    const byAddress = new Map<string, Lease[]>();
    for (const lease of this.#leases.splice(0)) {
      const site = siteOf(lease.sensor);
      const key = `${site} ${lease.address}`;
      const known = byAddress.get(key);
      if (known) known.push(lease);
      else byAddress.set(key, [lease]);
      this.#note(site, lease);
    }
    for (const leases of byAddress.values()) {
      leases.sort((a, b) => a.ts - b.ts);
      leases.forEach(({ sensor, address, mac, ts, lasts }, i) => {
        const next = leases.slice(i + 1).find((other) => other.mac !== mac);
        const end = ts + (lasts > 0 ? lasts : LEASE);
        const to = Math.min(end, next?.ts ?? Infinity);
        this.#put(siteOf(sensor), address, { mac, from: ts, to });
      });
    }
  }

  #note(site: number, { mac, ts, name }: Lease): void {
    const key = `${site} ${mac}`;
    this.#macs.add(key);
    if (name !== "" && ts >= (this.#names.get(key)?.ts ?? -Infinity)) {
      this.#names.set(key, { ts, name });
    }
  }

  /** Frames carry the MAC of the last router, which has many addresses. */
  #finishSeen(siteOf: (sensor: string) => number): void {
    const byMac = Map.groupBy(
      this.#seen.values(),
      ({ sensor, mac }) => `${siteOf(sensor)} ${mac}`,
    );
    for (const [key, seen] of byMac) {
      if (isRouter(seen)) continue;
      this.#macs.add(key);
      for (const { sensor, address, mac, from, to } of seen) {
        this.#put(siteOf(sensor), address, { mac, from, to });
      }
    }
    this.#seen.clear();
  }

  #put(site: number, address: string, stretch: Stretch): void {
    const key = `${site} ${address}`;
    const known = this.#stretches.get(key) ?? [];
    this.#stretches.set(key, known);
    const last = known.at(-1);
    if (last?.mac === stretch.mac && stretch.from <= last.to) {
      known[known.length - 1] = {
        ...last,
        to: Math.max(last.to, stretch.to),
      };
    } else known.push(stretch);
  }
}

/** Two IPv4 addresses, or many of IPv6, at one time are not one host's. */
function isRouter(
  seen: readonly { address: string; from: number; to: number }[],
): boolean {
  const isIpv4 = ({ address }: { address: string }) => !address.includes(":");
  return mostAtOnce(seen.filter(isIpv4)) > 1 ||
    mostAtOnce(seen.filter((one) => !isIpv4(one))) > MOST_IPV6;
}

function mostAtOnce(
  seen: readonly { address: string; from: number; to: number }[],
): number {
  // Two taps of a site show one address twice.
  const stretches = Map.groupBy(seen, ({ address }) => address).values()
    .map((own) => ({
      from: Math.min(...own.map(({ from }) => from)),
      to: Math.max(...own.map(({ to }) => to)),
    })).toArray();
  const steps = stretches.flatMap(({ from, to }) => [
    { ts: from, step: 1 },
    { ts: to, step: -1 },
  ]);
  // At one moment the begins come first: who touch are there together.
  steps.sort((a, b) => a.ts - b.ts || b.step - a.step);
  let now = 0, most = 0;
  for (const { step } of steps) most = Math.max(most, now += step);
  return most;
}

/** The MAC in an IPv6 interface identifier (RFC 4291, appendix A), or null. */
export function macOfEui64(address: string): string | null {
  const bytes = addressBytes(address);
  if (bytes === null || isMapped(bytes)) return null;
  if (bytes[11] !== 0xff || bytes[12] !== 0xfe) return null;
  const mac = [bytes[8] ^ 2, ...bytes.subarray(9, 11), ...bytes.subarray(13)];
  return mac.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
