import type { Flows } from "./flows.ts";
import { sensorIndex, type Sites } from "./sites.ts";

/** When an address was a device's, as the hosts' MACs say. */
export interface DeviceStretch {
  readonly mac: string;
  /** Epoch seconds, from ≤ ts ≤ to. */
  readonly from: number;
  readonly to: number;
}

export type StretchesOf = (
  address: string,
  site: number,
) => readonly DeviceStretch[];

/** A host that had several addresses. */
export interface JoinedDevice {
  readonly mac: string;
  readonly site: number;
  /** The one that stands for all, by its code and as text. */
  readonly code: number;
  readonly address: string;
  readonly others: readonly string[];
}

/**
 * Makes the addresses of one device one host: connections of all addresses that
 * its MAC had get the address with the most of them. Where that one stands for
 * another device already, the next does; a device that has no address for
 * itself alone stays as it is, for nothing could tell its findings apart.
 *
 * @returns the devices that had several addresses.
 */
export function joinDevices(
  flows: Flows,
  sites: Sites,
  stretchesOf: StretchesOf,
): readonly JoinedDevice[] {
  const owners = new Owners(flows, sites, stretchesOf);
  const counts = new Map<string, Map<number, number>>();
  for (let f = 0; f < flows.length; f++) {
    for (const code of [flows.src.at(f), flows.dst.at(f)]) {
      const device = owners.of(code, f);
      if (device === null) continue;
      const own = counts.get(device) ?? new Map<number, number>();
      counts.set(device, own.set(code, (own.get(code) ?? 0) + 1));
    }
  }
  const joined = chosen(flows, counts);
  if (joined.size > 0) {
    for (let f = 0; f < flows.length; f++) {
      for (const column of [flows.src, flows.dst]) {
        const device = owners.of(column.at(f), f);
        const code = joined.get(device ?? "")?.code;
        if (code !== undefined) column.set(f, code);
      }
    }
  }
  return [...joined.values()];
}

/** Whose a code is at the time of a flow: site and MAC, or null. */
class Owners {
  readonly #flows: Flows;
  readonly #sites: Sites;
  readonly #stretchesOf: StretchesOf;
  readonly #known: (readonly DeviceStretch[] | undefined)[] = [];

  constructor(flows: Flows, sites: Sites, stretchesOf: StretchesOf) {
    this.#flows = flows;
    this.#sites = sites;
    this.#stretchesOf = stretchesOf;
  }

  of(code: number, f: number): string | null {
    const site = this.#sites.of[sensorIndex(this.#flows.sensor.at(f))];
    this.#known[code] ??= this.#stretchesOf(
      this.#flows.addresses.values[code],
      site,
    );
    const ts = this.#flows.ts.at(f);
    let mac: string | null = null;
    for (const stretch of this.#known[code]!) {
      if (ts < stretch.from || ts > stretch.to) continue;
      if (mac !== null && mac !== stretch.mac) return null;
      mac = stretch.mac;
    }
    return mac === null ? null : `${site} ${mac}`;
  }
}

function chosen(
  flows: Flows,
  counts: ReadonlyMap<string, ReadonlyMap<number, number>>,
): Map<string, JoinedDevice> {
  const joined = new Map<string, JoinedDevice>();
  const users = new Map<number, number>();
  for (const own of counts.values()) {
    for (const code of own.keys()) users.set(code, (users.get(code) ?? 0) + 1);
  }
  const text = (code: number) => flows.addresses.values[code];
  for (const [device, own] of counts) {
    if (own.size < 2) continue;
    const codes = [...own].sort(([a, n], [b, m]) =>
      m - n || (text(a) < text(b) ? -1 : 1)
    ).map(([code]) => code);
    const code = codes.find((code) => users.get(code) === 1);
    if (code === undefined) continue;
    joined.set(device, {
      mac: device.slice(device.indexOf(" ") + 1),
      site: Number(device.slice(0, device.indexOf(" "))),
      code,
      address: text(code),
      others: codes.filter((other) => other !== code).map(text).sort(),
    });
  }
  return joined;
}
