/**
 * Seeded rows shaped like a day of real conn logs: a few kinds of traffic with
 * log-normal durations and sizes, destinations and hosts by Zipf's law, beacons,
 * a scan, and what a failed connection leaves at 0.
 */
import { RandomState } from "../../pipeline/models/random.ts";

interface Kind {
  /** Share of the rows; all add up to 1. */
  readonly share: number;
  readonly ports: readonly number[];
  readonly udp?: boolean;
  /** Destinations: how many, and from which address on. */
  readonly servers: readonly [count: number, first: number];
  /** Median and deviation of the logarithm: seconds, bytes sent, received. */
  readonly duration: readonly [number, number];
  readonly up: readonly [number, number];
  readonly down: readonly [number, number];
}

const ip = (a: number, b: number, c: number, d: number) =>
  ((a * 256 + b) * 256 + c) * 256 + d;
const INSIDE = ip(10, 0, 0, 2), OUTSIDE = ip(13, 32, 0, 1);
const NONE = [0, 0] as const;

const KINDS: readonly Kind[] = [
  // dns, tls, http, ntp, smb, name broadcasts, ssh, the rest, a scan
  {
    share: 0.42,
    ports: [53],
    udp: true,
    servers: [2, INSIDE],
    duration: [0.012, 1.4],
    up: [45, 0.3],
    down: [120, 0.6],
  },
  {
    share: 0.32,
    ports: [443],
    servers: [6000, OUTSIDE],
    duration: [4, 1.8],
    up: [1500, 1.1],
    down: [6000, 1.9],
  },
  {
    share: 0.05,
    ports: [80, 80, 8080],
    servers: [6000, OUTSIDE],
    duration: [0.6, 1.6],
    up: [450, 0.6],
    down: [2500, 2],
  },
  {
    share: 0.03,
    ports: [123],
    udp: true,
    servers: [6, OUTSIDE],
    duration: [0.03, 0.5],
    up: [48, 0],
    down: [48, 0],
  },
  {
    share: 0.04,
    ports: [445],
    servers: [3, INSIDE],
    duration: [12, 1.5],
    up: [4000, 1.8],
    down: [4000, 2.2],
  },
  {
    share: 0.03,
    ports: [137],
    udp: true,
    servers: [1, ip(10, 255, 255, 255)],
    duration: [2, 0.4],
    up: [200, 0.3],
    down: NONE,
  },
  {
    share: 0.005,
    ports: [22],
    servers: [3, INSIDE],
    duration: [120, 2],
    up: [6000, 1.8],
    down: [12000, 2.2],
  },
  {
    share: 0.06,
    ports: [],
    servers: [6000, OUTSIDE],
    duration: [30, 2.2],
    up: [3000, 2.4],
    down: [8000, 2.6],
  },
  {
    share: 0.045,
    ports: [],
    servers: [5000, INSIDE],
    duration: NONE,
    up: NONE,
    down: NONE,
  },
];

const HOSTS = 400;
const START = 1_700_000_000, DAY = 86_400;
/** A source calls its destination every so many seconds, give or take. */
const BEACONS = Array.from({ length: 12 }, (_, i) => ({
  host: INSIDE + 17 * i,
  server: OUTSIDE + 3000 + 211 * i,
  port: [443, 80, 8080, 4444][i % 4],
  period: [30, 60, 120, 300, 600, 45][i % 6],
}));
const BEACON_SHARE = 0.05;

/** Features of a row: ts, source, destination, port, duration, up, down. */
export const FEATURES = 7;
/** With logarithms, packets, time of day, protocol and success on top. */
export const RICH_FEATURES = 20;

/** Rows by rising time: shape (n, 7) and (n, 20), and 1 where it is a beacon. */
export function connMatrix(n: number) {
  const random = new RandomState(12345);
  const rows = Array.from({ length: n }, () => rowOf(random))
    .sort((a, b) => a.values[0] - b.values[0]);
  const X = new Float64Array(n * FEATURES);
  const rich = new Float64Array(n * RICH_FEATURES);
  const y = new Uint8Array(n);
  rows.forEach(({ values, udp, beacon }, i) => {
    X.set(values, i * FEATURES);
    rich.set(richOf(values, udp), i * RICH_FEATURES);
    y[i] = beacon ? 1 : 0;
  });
  return { X, rich, y };
}

function rowOf(random: RandomState) {
  const u = random.random();
  if (u < BEACON_SHARE) return beaconRow(random);
  let left = (u - BEACON_SHARE) / (1 - BEACON_SHARE);
  const kind = KINDS.find(({ share }) => (left -= share) < 0) ?? KINDS[0];
  const { ports, servers: [count, first], duration, up, down } = kind;
  const values = [
    START + Math.floor(dayTime(random) * 1e6) / 1e6,
    INSIDE + zipf(random, HOSTS),
    first + 97 * zipf(random, count),
    ports[random.randint(Math.max(1, ports.length))] ??
      1024 + random.randint(64_000),
    Math.floor(logNormal(random, duration) * 1e6) / 1e6,
    Math.floor(logNormal(random, up)),
    Math.min(4e9, Math.floor(logNormal(random, down))),
  ];
  return { values, udp: kind.udp ?? false, beacon: false };
}

function beaconRow(random: RandomState) {
  const { host, server, port, period } = BEACONS[random.randint(12)];
  const call = random.randint(DAY / period) + 0.05 * random.random();
  const ts = START + Math.floor(call * period * 1e6) / 1e6;
  const up = 300 + (host % 7) * 40;
  const values = [ts, host, server, port, 0.2 + 0.05 * random.random()];
  return { values: [...values, up, 2 * up], udp: false, beacon: true };
}

/** Two of three rows by day. */
function dayTime(random: RandomState): number {
  for (;;) {
    const t = random.random();
    const light = Math.max(0, Math.sin((t - 0.25) * 2 * Math.PI));
    if (random.random() < 0.35 + 0.65 * light) return t * DAY;
  }
}

function zipf(random: RandomState, count: number): number {
  return Math.min(count - 1, Math.floor(count ** random.random()) - 1);
}

function logNormal(
  random: RandomState,
  [median, deviation]: readonly [number, number],
): number {
  const u = 1 - random.random(), angle = 2 * Math.PI * random.random();
  const normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(angle);
  return median * Math.exp(deviation * normal);
}

function richOf(values: readonly number[], udp: boolean): number[] {
  const [ts, , , , duration, up, down] = values;
  const [sent, got] = [1 + Math.ceil(up / 700), Math.ceil(down / 1200)];
  const angle = (ts % DAY) / DAY * 2 * Math.PI;
  return [
    ...values,
    ...[duration, up, down].map(Math.log1p),
    sent,
    got,
    Math.log1p(sent),
    Math.log1p(got),
    Math.sin(angle),
    Math.cos(angle),
    udp ? 0 : 1,
    udp ? 1 : 0,
    down > 0 ? 1 : 0,
    up / (down + 1),
  ];
}
