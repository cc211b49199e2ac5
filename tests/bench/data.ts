/** Seeded conn records: as a matrix of the original seven features, or a log. */
import { lcg } from "../golden/data.ts";

export const ROWS = 22_000;
/** Rows of the net's training set. */
export const NET_ROWS = 20_000;
export const FEATURES = 7;

/** Logs of a day and a half, one an hour: what two workers are measured on. */
export const MANY = 32;

/** Fields that the original tool clusters by. */
export const SEVEN_FIELDS = [
  "ts",
  "id.orig_h",
  "id.resp_h",
  "id.resp_p",
  "duration",
  "orig_bytes",
  "resp_bytes",
];

const PORTS = [53, 80, 123, 443, 8080];

/**
 * Sessions of a few hosts within one day, shape (n, 7), row-major: ts (epoch
 * s), source and destination (IPv4 as a number), port, duration (s), bytes sent
 * and received. Most repeat a handful of shapes, some are large.
 */
export function sessions(n: number): Float64Array {
  const u = lcg(1);
  const data = new Float64Array(n * FEATURES);
  for (let i = 0; i < n; i++) {
    const port = PORTS[Math.floor(u() * u() * 5)], c = u();
    const isDns = port === 53;
    data.set([
      Math.floor(1e6 * (1.6e9 + (i + u()) * 86400 / n)) / 1e6,
      3232235520 + Math.floor(u() * u() * u() * 60),
      Math.floor(u() ** 4 * 300) * 14_316_557,
      port,
      Math.floor(1e6 * (isDns ? 0.01 * u() : 100 * c ** 6)) / 1e6,
      isDns ? 60 + Math.floor(u() * 20) : Math.floor(1e5 * c ** 5),
      isDns ? 120 : Math.floor(1e6 * c ** 7),
    ], i * FEATURES);
  }
  return data;
}

const HEADER = [
  "#separator \\x09",
  "#set_separator\t,",
  "#empty_field\t(empty)",
  "#unset_field\t-",
  "#path\tconn",
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\t" +
  "service\tduration\torig_bytes\tresp_bytes\tconn_state\tmissed_bytes\t" +
  "history\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes",
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\t" +
  "count\tcount\tstring\tcount\tstring\tcount\tcount\tcount\tcount",
];

/** The same sessions as Zeek's conn.log. */
export function connLog(n: number): string {
  const data = sessions(n), lines = [...HEADER];
  for (let i = 0; i < n; i++) {
    const [ts, src, dst, port, duration, up, down] = data.subarray(
      i * FEATURES,
      (i + 1) * FEATURES,
    );
    const isDns = port === 53, packets = 3 + Math.floor(up / 1400);
    lines.push([
      ts.toFixed(6),
      `C${i.toString(36).padStart(17, "x")}`,
      dotted(src),
      49152 + i % 16000,
      dotted(dst),
      port,
      isDns ? "udp" : "tcp",
      isDns ? "dns" : "-",
      duration.toFixed(6),
      up,
      down,
      "SF",
      0,
      isDns ? "Dd" : "ShADadFf",
      packets,
      up + 40 * packets,
      packets,
      down + 40 * packets,
    ].join("\t"));
  }
  return lines.join("\n") + "\n";
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => (address / 2 ** bits) & 255).join(".");
}
