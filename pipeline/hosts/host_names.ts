import { addressBytes, addressText, isMapped } from "../address.ts";
import type { HostInfo, HostSource } from "../finding.ts";
import type { RecordBatch, TextColumn } from "../record_batch.ts";
import { Devices, type Stretch } from "./devices.ts";
import { entryFor, type HostEntry } from "./hosts_file.ts";

/** Logs that tell names of hosts or whose MAC an address had. */
export const HOST_LOG_TYPES: readonly string[] = ["dhcp", "ntlm", "kerberos"];

/** Other addresses of the same name that are suggested. */
const MOST_SUGGESTED = 5;

interface Claim {
  readonly sensor: string;
  readonly address: string;
  readonly ts: number;
  readonly name: string;
  readonly source: HostSource;
}

/** When a finding was, and where. */
export interface Seen {
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly site: number;
}

/**
 * What the logs and the user's file call the hosts: `add` the batches of
 * {@link HOST_LOG_TYPES} and of conn, then `finish`.
 *
 * Names come from the hosts file, else from the DHCP lease of the time
 * (base/protocols/dhcp), else from the machine account in kerberos.log
 * ("PC7$/CORP"), else from ntlm.log. An address is the device of its MAC by
 * DHCP, by `orig_l2_addr` and `resp_l2_addr` of conn.log, or by an EUI-64.
 */
export class HostNames {
  readonly #entries: readonly HostEntry[];
  readonly #devices = new Devices();
  /** By sensor and address, until {@link finish}: then by site and address. */
  #claims = new Map<string, Claim[]>();
  /** By site and name in lower case: the addresses that bore it. */
  readonly #addresses = new Map<string, Set<string>>();

  constructor(entries: readonly HostEntry[] = []) {
    this.#entries = entries;
  }

  add(batch: RecordBatch): void {
    const { path } = batch.schema;
    if (path === "dhcp") this.#addDhcp(batch);
    else if (path === "ntlm") this.#addNtlm(batch);
    else if (path === "kerberos") this.#addKerberos(batch);
    else if (path === "conn" || path === "open_conn") this.#addMacs(batch);
  }

  /**
   * @param siteOf the number of the site that a sensor watches; "" is the
   * sensor that records do not name.
   */
  finish(siteOf: (sensor: string) => number): this {
    this.#devices.finish(siteOf);
    const before = this.#claims;
    this.#claims = new Map();
    for (const claims of before.values()) {
      for (const claim of claims) this.#place(siteOf(claim.sensor), claim);
    }
    return this;
  }

  #place(site: number, claim: Claim): void {
    const key = keyOf(site, claim.address);
    this.#claims.set(key, [...this.#claims.get(key) ?? [], claim]);
    const name = keyOf(site, claim.name.toLowerCase());
    const bearers = this.#addresses.get(name) ?? new Set();
    this.#addresses.set(name, bearers.add(claim.address));
  }

  /** Whether anything is known of any host. */
  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.#claims.size === 0 &&
      this.#devices.isEmpty;
  }

  /** When the address was which MAC's. */
  stretchesOf(address: string, site: number): readonly Stretch[] {
    return this.#devices.stretchesOf(canonical(address), site);
  }

  /**
   * @param mac of the device, where flows of several addresses were joined.
   * @param addresses what else the device was called.
   */
  infoOf(
    address: string,
    seen: Seen,
    mac: string | null = null,
    addresses: readonly string[] = [],
  ): HostInfo | null {
    const own = canonical(address);
    const known = mac ?? this.#devices.macAt(own, seen);
    const entry = entryFor(this.#entries, own, seen.from, seen.to);
    const told = this.#nameOf(own, seen, known);
    if (!entry && !told && known === null) return null;
    const name = entry?.name || told?.name || "";
    const maybe = this.#maybe(told?.name ?? "", seen.site, [own, ...addresses]);
    return {
      name,
      source: entry?.name || (entry && !told)
        ? "hosts file"
        : told?.source ?? "mac",
      ...(entry?.owner ? { owner: entry.owner } : {}),
      ...(entry?.role ? { role: entry.role } : {}),
      ...(known === null ? {} : { mac: known }),
      ...(addresses.length === 0 ? {} : { addresses }),
      ...(maybe.length === 0 ? {} : { maybe }),
    };
  }

  #nameOf(
    address: string,
    seen: Seen,
    mac: string | null,
  ): { name: string; source: HostSource } | null {
    const leased = this.#devices.nameOf(mac, seen.site);
    if (leased !== "") return { name: leased, source: "dhcp" };
    const claims = this.#claims.get(keyOf(seen.site, address)) ?? [];
    for (const source of ["dhcp", "kerberos", "ntlm"] as const) {
      const near = claims.filter((claim) => claim.source === source)
        .sort((a, b) => distance(a.ts, seen) - distance(b.ts, seen));
      if (near.length > 0) return { name: near[0].name, source };
    }
    return null;
  }

  #maybe(name: string, site: number, own: readonly string[]): string[] {
    const all = this.#addresses.get(keyOf(site, name.toLowerCase())) ?? [];
    return [...all].filter((address) => !own.includes(address)).sort()
      .slice(0, MOST_SUGGESTED);
  }

  #addDhcp(batch: RecordBatch): void {
    const row = new Row(batch);
    for (let i = 0; i < batch.length; i++) {
      const address = row.address(i, "assigned_addr") ||
        row.address(i, "assigned_ip") || row.address(i, "client_addr");
      if (address === "") continue;
      const ts = row.number(i, "ts"), sensor = row.sensor(i);
      const name = row.text(i, "host_name") || row.text(i, "client_fqdn");
      const mac = row.text(i, "mac").toLowerCase();
      if (mac !== "") {
        const lasts = row.number(i, "lease_time");
        this.#devices.addLease({ sensor, address, mac, ts, lasts, name });
      }
      this.#claim({ sensor, address, ts, name, source: "dhcp" });
    }
  }

  #addNtlm(batch: RecordBatch): void {
    const row = new Row(batch);
    for (let i = 0; i < batch.length; i++) {
      const ts = row.number(i, "ts"), sensor = row.sensor(i);
      const server = row.text(i, "server_dns_computer_name") ||
        row.text(i, "server_nb_computer_name");
      for (
        const [end, name] of [
          ["id.orig_h", row.text(i, "hostname")],
          ["id.resp_h", server],
        ]
      ) {
        const address = row.address(i, end);
        this.#claim({ sensor, address, ts, name, source: "ntlm" });
      }
    }
  }

  /** Only machine accounts, whose names end in $, are names of hosts. */
  #addKerberos(batch: RecordBatch): void {
    const row = new Row(batch);
    for (let i = 0; i < batch.length; i++) {
      const name = row.text(i, "client").match(/^([^$/@]+)\$(?:[/@]|$)/)?.[1];
      if (name === undefined) continue;
      this.#claim({
        sensor: row.sensor(i),
        address: row.address(i, "id.orig_h"),
        ts: row.number(i, "ts"),
        name,
        source: "kerberos",
      });
    }
  }

  #addMacs(batch: RecordBatch): void {
    for (const end of ["orig", "resp"]) {
      if (!batch.has(`${end}_l2_addr`)) continue;
      const macs = batch.texts(`${end}_l2_addr`);
      const row = new Row(batch);
      for (let i = 0; i < batch.length; i++) {
        const mac = macs.values[macs.codes[i]].toLowerCase();
        const address = mac && row.address(i, `id.${end}_h`);
        if (!address) continue;
        this.#devices.addSeen(row.sensor(i), address, mac, row.number(i, "ts"));
      }
    }
  }

  #claim(claim: Claim): void {
    if (claim.address === "" || claim.name === "") return;
    const key = `${claim.sensor} ${claim.address}`;
    const known = this.#claims.get(key) ?? [];
    this.#claims.set(key, known);
    // A server is named in every record: the last of its kind is enough.
    const last = known.findLastIndex(({ name, source }) =>
      name === claim.name && source === claim.source
    );
    if (last < 0) known.push(claim);
    else if (claim.ts > known[last].ts) known[last] = claim;
  }
}

/** Fields of a batch by row, whatever the log had them as. */
class Row {
  readonly #batch: RecordBatch;
  /** A batch makes the column that it lacks anew each time it is asked. */
  readonly #texts = new Map<string, TextColumn>();
  readonly #numbers = new Map<string, Float64Array>();

  constructor(batch: RecordBatch) {
    this.#batch = batch;
  }

  text(i: number, name: string): string {
    let column = this.#texts.get(name);
    if (!column) this.#texts.set(name, column = this.#batch.texts(name));
    return column.values[column.codes[i]];
  }

  /** In its shortest form; "" where there is none. */
  address(i: number, name: string): string {
    return canonical(this.text(i, name));
  }

  number(i: number, name: string): number {
    let column = this.#numbers.get(name);
    if (!column) this.#numbers.set(name, column = this.#batch.numbers(name));
    const value = column[i];
    return Number.isNaN(value) ? Number(this.text(i, name) || NaN) : value;
  }

  sensor(i: number): string {
    return this.text(i, "_system_name");
  }
}

function keyOf(site: number, text: string): string {
  return `${site} ${text}`;
}

function canonical(text: string): string {
  if (text === "") return "";
  const bytes = addressBytes(text);
  if (bytes === null) return "";
  return isMapped(bytes) && !text.includes(":") ? text : addressText(bytes);
}

/** Seconds from a moment to a stretch of time; 0 within it. */
function distance(ts: number, { from, to }: Seen): number {
  return ts < from ? from - ts : Math.max(0, ts - to);
}
