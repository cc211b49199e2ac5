/**
 * Makes the store that tools/first_paint.ts is held over:
 *
 *     deno run -A tests/bench/paint_store.ts STORE [ROWS] [FINDINGS]
 *
 * ROWS connections (10,000,000): half of them as an office makes them, half of
 * them a scan in which every pair is met once, the worst case for a list of
 * pairs; a twentieth as many http records, and one run of FINDINGS findings
 * (100,000).
 */
import {
  BatchBuilder,
  type Field,
  type RecordBatch,
} from "../../pipeline/record_batch.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import type { RankedFinding } from "../../pipeline/run_report.ts";
import { lcg } from "../golden/data.ts";
import { finding, report } from "../routes/seed.ts";
import { connBatches } from "./hunt_data.ts";

const START = 1_600_000_000;
const DAY = 86_400;
const SCANNERS = 40;
const SITES = 5000;

const ENDS: readonly Field[] = [
  { name: "ts", type: "time" },
  { name: "uid", type: "string" },
  { name: "id.orig_h", type: "addr" },
  { name: "id.orig_p", type: "port" },
  { name: "id.resp_h", type: "addr" },
  { name: "id.resp_p", type: "port" },
];

/** Each to a destination of its own. */
function* scan(n: number): Generator<RecordBatch> {
  const u = lcg(11),
    builder = new BatchBuilder({
      path: "conn",
      fields: [
        ...ENDS,
        { name: "proto", type: "enum" },
        { name: "conn_state", type: "string" },
      ],
    });
  for (let i = 0; i < n; i++) {
    const to = i / SCANNERS | 0;
    builder.setNumber(0, Math.floor(1e6 * (START + DAY * u())) / 1e6);
    builder.setText(1, `S${i.toString(36).padStart(17, "0")}`);
    builder.setText(2, `10.200.0.${1 + i % SCANNERS}`);
    builder.setNumber(3, 40_000 + i % 20_000);
    builder.setText(4, `172.${to >> 16 & 255}.${to >> 8 & 255}.${to & 255}`);
    builder.setNumber(5, 445);
    builder.setText(6, "tcp");
    builder.setText(7, "S0");
    builder.endRow();
    if (builder.full) yield builder.finish();
  }
  if (builder.length > 0) yield builder.finish();
}

function* http(n: number): Generator<RecordBatch> {
  const u = lcg(12),
    builder = new BatchBuilder({
      path: "http",
      fields: [
        ...ENDS,
        { name: "method", type: "string" },
        { name: "host", type: "string" },
        { name: "uri", type: "string" },
      ],
    });
  for (let i = 0; i < n; i++) {
    const site = Math.floor(SITES * u() ** 3), host = Math.floor(2000 * u());
    builder.setNumber(0, Math.floor(1e6 * (START + DAY * u())) / 1e6);
    builder.setText(1, `H${i.toString(36).padStart(17, "0")}`);
    builder.setText(2, `10.0.${host >> 8}.${host & 255}`);
    builder.setNumber(3, 40_000 + i % 20_000);
    builder.setText(4, `60.1.${site >> 8}.${site & 255}`);
    builder.setNumber(5, 80);
    builder.setText(6, "GET");
    builder.setText(7, `www.site${site}.example`);
    builder.setText(8, "/");
    builder.endRow();
    if (builder.full) yield builder.finish();
  }
  if (builder.length > 0) yield builder.finish();
}

/** Of 2,000 sources, with detectors, scores, names and sizes as runs have. */
function findings(n: number) {
  const u = lcg(13);
  return Array.from({ length: n }, (_, i) => {
    const host = Math.floor(2000 * u() ** 2), site = Math.floor(SITES * u());
    const src = `10.0.${host >> 8}.${host & 255}`;
    const name = u() < 0.6 ? `www.site${site}.example` : null;
    const times = 24 + Math.floor(40 * u()), begin = START + DAY * u() / 2;
    const dst = `60.${i >> 16}.${i >> 8 & 255}.${i & 255}`;
    const ts = Float64Array.from({ length: times }, (_, k) => begin + 300 * k);
    const { ts: _ts, ...made } = finding({
      src,
      dst,
      port: u() < 0.8 ? 443 : 80,
      name,
      nameSource: name === null ? null : "sni",
      detector: ["beacon", "beacon", "dns", "long connection"][i % 4],
      score: 0.99 - 0.9 * i / n,
      summary: `${src} reached ${name ?? dst} ${times} times, every 300 s`,
      ts,
    }, i + 1) as RankedFinding & { ts?: unknown };
    return made;
  });
}

const [location, rows = "10000000", many = "100000"] = Deno.args;
if (!location) {
  console.error("Cannot make a store: give its path");
  Deno.exit(1);
}
const n = Number(rows);
await using store = await openStore(location);
const dataset = await store.openDataset("office");
const writer = await store.beginImport(dataset);
const files: [string, Iterable<RecordBatch>][] = [
  ["conn.log", connBatches(Math.ceil(n / 2))],
  ["scan.log", scan(Math.floor(n / 2))],
  ["http.log", http(Math.floor(n / 20))],
];
for (const [number, [path, batches]] of files.entries()) {
  for (const batch of batches) await writer.add(batch, number);
  await writer.addFile({
    path: `logs/${path}`,
    hash: path,
    size: n,
    modifiedAt: null,
    content: null,
    continues: null,
    reports: [],
    otherRecords: {},
    notes: [],
  }, number);
  console.log(`${path} is in the store`);
}
await writer.finish();
const made = report("office", { findings: findings(Number(many)) });
await store.saveRun(dataset, {
  ...made,
  connectionCount: n,
  window: { ...made.window, from: START, to: START + DAY, gaps: [] },
});
