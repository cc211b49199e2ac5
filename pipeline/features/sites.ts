import { addressBytes } from "../address.ts";
import type { Flows } from "./flows.ts";
import { isReused } from "./networks.ts";

/** Which sensors watch one network, and so see the same hosts. */
export interface Sites {
  /** By code of the sensor plus one, as {@link sensorIndex}: number of its site. */
  readonly of: Uint32Array;
  readonly count: number;
}

/** A place for the sensor that records do not name, too. */
export function sensorIndex(code: number | undefined): number {
  return (code ?? -1) + 1;
}

/** The site of a sensor by its name; "" and null stand for none named. */
export function siteNamed(
  { sensors }: Flows,
  { of, count }: Sites,
  name: string | null,
): number {
  if (count < 2) return of[0];
  const code = name ? sensors.values.indexOf(name) : -1;
  return of[sensorIndex(code)];
}

/**
 * The sensors of the site that a sensor watches; none where there is one site
 * only, or where records of the sensor do not name it.
 */
export function sensorsBeside(
  flows: Flows,
  sites: Sites,
  name: string | null,
): string[] {
  if (sites.count < 2 || name === null) return [];
  const site = siteNamed(flows, sites, name);
  return flows.sensors.values.filter((_, code) =>
    sites.of[sensorIndex(code)] === site
  );
}

/**
 * Makes the same private address at two sites two hosts: each gets a code of
 * its own in `flows.addresses`, with the same text. Public addresses are
 * those of one host wherever they are seen. Run it after all flows are known.
 */
export function separateSites(flows: Flows, sites: Sites): void {
  if (sites.count < 2) return;
  const A = flows.applications;
  const codes = new SiteCodes(flows);
  for (let f = 0; f < flows.length; f++) {
    const site = sites.of[sensorIndex(flows.sensor.at(f))];
    flows.src.set(f, codes.at(site, flows.src.at(f)));
    flows.dst.set(f, codes.at(site, flows.dst.at(f)));
  }
  const { lookups } = flows;
  for (let row = 0; row < lookups.length; row++) {
    const site = sites.of[sensorIndex(lookups.sensor[row])];
    lookups.src[row] = codes.at(site, lookups.src[row]);
    lookups.server[row] = codes.at(site, lookups.server[row]);
  }
  for (let a = 0; a < A.length; a++) {
    if (A.client[a] < 0) continue;
    const site = sites.of[sensorIndex(A.sensor[a])];
    A.client[a] = codes.at(site, A.client[a]);
  }
}

/** Codes of addresses by site; the first site that has one keeps its code. */
class SiteCodes {
  readonly #flows: Flows;
  readonly #reused: readonly boolean[];
  /** By code of the address: its first site, and its codes at the others. */
  readonly #first = new Map<number, number>();
  readonly #others = new Map<string, number>();

  constructor(flows: Flows) {
    this.#flows = flows;
    this.#reused = flows.addresses.values.map((text) => {
      const bytes = addressBytes(text);
      return bytes !== null && isReused(bytes);
    });
  }

  at(site: number, code: number): number {
    if (!this.#reused[code]) return code;
    const first = this.#first.get(code);
    if (first === undefined) this.#first.set(code, site);
    if (first === undefined || first === site) return code;
    const key = `${site} ${code}`;
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    const { addresses, local } = this.#flows;
    const own = addresses.values.push(addresses.values[code]) - 1;
    if (local[code] !== undefined) local[own] = local[code];
    this.#others.set(key, own);
    return own;
  }
}
