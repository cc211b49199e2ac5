/**
 * Seeded connections of one day, shaped as conn logs of an office are: a third
 * of the pairs is met once (scans), most others a few times, some poll all day,
 * and every host asks its resolver thousands of times. In pair order, as the
 * store gives them.
 */
import { BatchBuilder, type RecordBatch } from "../../pipeline/record_batch.ts";
import { lcg } from "../golden/data.ts";

const START = 1_600_000_000;
const DAY = 86_400;
/** Connections of one host, on average. */
const PER_HOST = 4000;

const SCHEMA = {
  path: "conn",
  fields: [
    ["ts", "time"],
    ["uid", "string"],
    ["id.orig_h", "addr"],
    ["id.orig_p", "port"],
    ["id.resp_h", "addr"],
    ["id.resp_p", "port"],
    ["proto", "enum"],
    ["duration", "interval"],
    ["orig_bytes", "count"],
    ["resp_bytes", "count"],
    ["conn_state", "string"],
    ["history", "string"],
    ["orig_ip_bytes", "count"],
    ["resp_ip_bytes", "count"],
  ].map(([name, type]) => ({ name, type })),
};

interface Contacts {
  readonly src: string;
  readonly dst: string;
  readonly port: number;
  readonly proto: "tcp" | "udp";
  /** Epoch seconds, ascending. */
  readonly times: readonly number[];
  readonly answered: boolean;
}

/** Batches of `n` conn records. */
export function* connBatches(n: number): Generator<RecordBatch> {
  const u = lcg(7), rows = new Rows(u);
  let left = n;
  while (left > 0) {
    for (const pair of hostPairs(u, n)) {
      for (const ts of pair.times.slice(0, left)) {
        rows.add(pair, ts);
        if (rows.builder.full) yield rows.builder.finish();
      }
      left -= Math.min(left, pair.times.length);
      if (left === 0) break;
    }
  }
  if (rows.builder.length > 0) yield rows.builder.finish();
}

/** All pairs of one more host, until it has its share of the connections. */
function* hostPairs(u: () => number, n: number): Generator<Contacts> {
  const host = Math.floor(u() * Math.max(20, n / PER_HOST));
  const src = `10.${host >> 16}.${host >> 8 & 255}.${host & 255}`;
  const dns = irregular(u, 500 + Math.floor(u() * 1000), DAY);
  yield {
    ...{ src, dst: "10.0.0.53", port: 53, proto: "udp" as const },
    ...{ times: dns, answered: true },
  };
  for (let made = dns.length; made < PER_HOST;) {
    const pair = onePair(u, src);
    made += pair.times.length;
    yield pair;
  }
}

function onePair(u: () => number, src: string): Contacts {
  const kind = u(), popular = u() < 0.5;
  const site = Math.floor(popular ? 500 * u() ** 3 : 4e6 * u());
  const dst = `${60 + (site >> 16)}.${site >> 8 & 255}.${site & 255}.7`;
  const tcp = { src, dst, proto: "tcp" as const };
  if (kind < 0.35) {
    const port = 1 + Math.floor(1024 * u());
    return { ...tcp, port, times: [START + DAY * u()], answered: false };
  }
  if (kind < 0.37) {
    return { ...tcp, port: 443, times: polls(u), answered: u() < 0.95 };
  }
  // Heavy-tailed: half of these pairs have up to two contacts, 1 % over 100.
  const visits = Math.min(5000, Math.ceil(1 / (1 - u())));
  const times = irregular(u, visits, DAY * u() ** 2);
  return { ...tcp, port: u() < 0.8 ? 443 : 80, times, answered: true };
}

/** Every minute to every hour, jittered by up to a third, some of it lost. */
function polls(u: () => number): number[] {
  const period = 60 * 60 ** u(), jitter = u() / 3, lost = u() < 0.5 ? 0 : 0.3;
  const lasts = DAY * (0.1 + 0.9 * u()), times: number[] = [];
  const begin = START + (DAY - lasts) * u();
  for (let t = 0; t < lasts; t += period * (1 + jitter * (2 * u() - 1))) {
    if (u() >= lost) times.push(begin + t);
  }
  return times.length > 0 ? times : [begin];
}

/** Contacts in bursts within a stretch of the day. */
function irregular(u: () => number, count: number, lasts: number): number[] {
  const begin = START + (DAY - lasts) * u(), times: number[] = [];
  for (let t = begin; times.length < count; t = begin + lasts * u()) {
    for (let burst = Math.ceil(4 * u()); burst > 0; burst--) {
      if (times.length < count) times.push(t += 3 * u());
    }
  }
  return times.sort((a, b) => a - b);
}

/** Turns contacts into records. */
class Rows {
  readonly builder = new BatchBuilder(SCHEMA);
  readonly #u: () => number;
  #made = 0;

  constructor(u: () => number) {
    this.#u = u;
  }

  add({ src, dst, port, proto, answered }: Contacts, ts: number): void {
    const u = this.#u, { builder } = this, i = this.#made++;
    const size = Math.floor(1e5 * u() ** 5), up = answered ? 200 + size : 0;
    const down = answered ? Math.floor(1e6 * u() ** 7) : 0;
    const udp = proto === "udp";
    builder.setNumber(0, Math.floor(1e6 * ts) / 1e6);
    builder.setText(1, `C${i.toString(36).padStart(17, "0")}`);
    builder.setText(2, src);
    builder.setNumber(3, 49_152 + i % 16_000);
    builder.setText(4, dst);
    builder.setNumber(5, port);
    builder.setText(6, proto);
    if (answered) builder.setNumber(7, Math.floor(1e8 * u() ** 6) / 1e6);
    builder.setNumber(8, up);
    builder.setNumber(9, down);
    builder.setText(10, answered ? "SF" : "S0");
    builder.setText(11, answered ? (udp ? "Dd" : "ShADadFf") : "S");
    builder.setNumber(12, up + 60);
    builder.setNumber(13, answered ? down + 60 : 0);
    builder.endRow();
  }
}
