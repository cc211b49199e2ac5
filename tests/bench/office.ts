import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";
import { FLOW_LOG_TYPES } from "../../pipeline/features/flows.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";

/** Uniform on [0, 1). */
export type Uniform = () => number;

export const between = (u: Uniform, low: number, high: number) =>
  low + (high - low) * u();
export const oneOf = <T>(u: Uniform, list: readonly T[]): T =>
  list[Math.floor(u() * list.length)];
const normal = (u: Uniform) =>
  Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
export const lognormal = (u: Uniform, median: number, sigma: number) =>
  median * Math.exp(sigma * normal(u));
/** Log-uniform, as periods and sizes are. */
export const about = (u: Uniform, low: number, high: number) =>
  low * (high / low) ** u();

const SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo zu xe".split(" ");

/** A name that nobody has, told by its number: "kale-mino.example". */
export function madeUp(u: Uniform, tld = "example"): string {
  const word = () =>
    Array.from({ length: 2 + Math.floor(2 * u()) }, () => oneOf(u, SYLLABLES))
      .join("");
  return `${word()}${word()}.${tld}`;
}

/** A public address for a name and a number, the same each time. */
export function addressOf(name: string, k = 0): string {
  let hash = 0x811c9dc5;
  for (const char of `${name} ${k}`) {
    hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  }
  const bits = hash >>> 0;
  return `${20 + bits % 80}.${(bits >>> 8) & 255}.${(bits >>> 16) & 255}.${
    1 + (bits >>> 24) % 250
  }`;
}

/** A destination by name: how it is met. */
export interface Service {
  readonly name: string;
  /** Addresses that it has; a content network has many. */
  readonly addresses?: number;
  readonly port?: number;
  /** TLS 1.2 shows its certificate, TLS 1.3 does not. */
  readonly certificate?: boolean;
  readonly ja3?: string;
  readonly agent?: string;
  readonly up?: number;
  readonly down?: number;
  /** Seconds that a connection stays open. */
  readonly lasts?: number;
}

/**
 * What a sensor at the edge of an office writes, in Zeek's fields. Every
 * number comes from `u`, so that a seed tells the whole office.
 */
export class Sensor {
  readonly #rows = new Map<string, Row[]>();
  /** When a host last asked for a name; its resolver keeps it for an hour. */
  readonly #asked = new Map<string, number>();

  /** @param logs log types that the sensor writes beside conn. */
  constructor(
    readonly u: Uniform,
    readonly resolver: string,
    readonly logs: ReadonlySet<string> = new Set(["ssl", "http", "dns"]),
  ) {}

  connect(ts: number, src: string, dst: string, more: Row = {}): Row {
    const row = connRow(ts, src, dst, more);
    this.#add("conn", row);
    return row;
  }

  /** TLS to a named service, looked up where it was not of late. */
  tls(ts: number, src: string, service: Service, more: Row = {}): Row {
    const row = this.#meet(ts, src, service, 443);
    const { name, ja3 = "browser" } = service;
    this.#add(
      "ssl",
      ofConn(row, {
        server_name: name,
        established: "T",
        ja3,
        ...(service.certificate
          ? {
            subject: `CN=${name}`,
            issuer: "CN=Some CA,O=Trust",
            sni_matches_cert: "T",
          }
          : {}),
        ...more,
      }),
    );
    return row;
  }

  request(ts: number, src: string, service: Service, more: Row = {}): Row {
    const row = this.#meet(ts, src, service, 80);
    this.#add(
      "http",
      ofConn(row, {
        trans_depth: 1,
        method: "GET",
        host: service.name,
        uri: "/",
        user_agent: service.agent ?? "Mozilla/5.0",
        request_body_len: 0,
        response_body_len: service.down ?? 900,
        status_code: 200,
        ...more,
      }),
    );
    return row;
  }

  /** Adds a record of another log to a connection. */
  tell(log: string, row: Row, more: Row): void {
    this.#add(log, ofConn(row, more));
  }

  lookUp(ts: number, src: string, name: string, answer: string): void {
    const key = `${src} ${name}`;
    if (ts - (this.#asked.get(key) ?? -Infinity) < 3600) return;
    this.#asked.set(key, ts);
    const row = this.connect(ts, src, this.resolver, {
      "id.resp_p": 53,
      proto: "udp",
      duration: 0.02,
      orig_bytes: 40,
      resp_bytes: 120,
      history: "Dd",
    });
    this.#add(
      "dns",
      ofConn(row, {
        query: name,
        qtype_name: "A",
        rcode_name: "NOERROR",
        answers: answer,
      }),
    );
  }

  #meet(ts: number, src: string, service: Service, port: number): Row {
    const { u } = this;
    const dst = addressOf(
      service.name,
      Math.floor(u() * (service.addresses ?? 1)),
    );
    this.lookUp(ts - 0.05, src, service.name, dst);
    return this.connect(ts, src, dst, {
      "id.resp_p": service.port ?? port,
      duration: service.lasts ?? lognormal(u, 0.4, 0.6),
      orig_bytes: Math.round((service.up ?? 700) * between(u, 0.97, 1.03)),
      resp_bytes: Math.round((service.down ?? 3000) * between(u, 0.9, 1.1)),
    });
  }

  #add(log: string, row: Row): void {
    if (log !== "conn" && !this.logs.has(log)) return;
    const known = this.#rows.get(log);
    if (known) known.push(row);
    else this.#rows.set(log, [row]);
  }

  /** How many connections it has written; see {@link uidsSince}. */
  mark(): number {
    return this.#rows.get("conn")?.length ?? 0;
  }

  uidsSince(mark: number): Set<string> {
    const rows = this.#rows.get("conn") ?? [];
    return new Set(rows.slice(mark).map(({ uid }) => String(uid)));
  }

  /** What it wrote, in time order. */
  finish(): Map<string, RecordBatch[]> {
    return new Map(FLOW_LOG_TYPES.map((log) => {
      const rows = (this.#rows.get(log) ?? [])
        .sort((a, b) => Number(a.ts) - Number(b.ts));
      return [log, rows.length > 0 ? [batchOf(log, rows)] : []];
    }));
  }
}

/** Hours in which somebody, or something, is there; epoch seconds. */
export type Hours = readonly (readonly [from: number, to: number])[];

/** Times in `hours` with a period and a jitter of a share of it either way. */
export function* beats(
  u: Uniform,
  hours: Hours,
  period: number,
  jitter = 0.02,
): Generator<number> {
  for (const [from, to] of hours) {
    for (
      let t = from + period * u();
      t < to;
      t += period * between(u, 1 - jitter, 1 + jitter)
    ) yield t;
  }
}

/** Times without memory, so many an hour. */
export function* visits(
  u: Uniform,
  hours: Hours,
  anHour: number,
): Generator<number> {
  for (const [from, to] of hours) {
    for (let t = from;;) {
      t += -Math.log(1 - u()) * 3600 / anHour;
      if (t >= to) break;
      yield t;
    }
  }
}

/** A seeded office: who is there, and when. */
export interface Office {
  readonly sensor: Sensor;
  readonly u: Uniform;
  readonly from: number;
  readonly days: number;
  /** Workstations. */
  readonly desks: readonly string[];
  readonly server: string;
  /** Hosts that the office has, of every kind. */
  readonly hosts: number;
  readonly always: Hours;
  /** Names of makers, by what they make. */
  readonly makers: Map<string, string[]>;
}
