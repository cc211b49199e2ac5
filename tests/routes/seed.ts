// A dataset as a page would find it: one run with findings of several kinds,
// the records behind the first, and texts that mean harm.
import {
  type Direction,
  type Finding,
  findingId,
  type Reason,
  severityOf,
  type Subject,
} from "../../pipeline/finding.ts";
import { laneRanks } from "../../pipeline/lanes.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import type { RankedFinding, RunReport } from "../../pipeline/run_report.ts";
import type {
  Dataset,
  SessionStore,
} from "../../pipeline/store/session_store.ts";
import { batchOf } from "../_batches.ts";

/** 2023-01-04 15:00 UTC, a day of logs. */
export const T0 = 1_672_844_400;
export const T1 = T0 + 86_400;

/** Markup, a bidi override, a newline, a zero-width space. */
export const HOSTILE = '"><script>alert(1)</script>\u202egpj.exe\n\u200bx';

/** The same numbers in every test. */
export function random(seed: number): () => number {
  let s = seed >>> 0;
  return () => (s = (s * 1664525 + 1013904223) >>> 0) / 4294967296;
}

/** Check-ins every `period` seconds, give or take `jitter`. */
function rhythm(
  period: number,
  jitter: number,
  count: number,
  start = T0,
): Float64Array {
  const next = random(count);
  const ts = new Float64Array(count);
  let t = start + 40;
  for (let i = 0; i < count; i++) {
    ts[i] = Math.round(t * 1e6) / 1e6;
    t += period + (2 * next() - 1) * jitter;
  }
  return ts;
}

interface Given extends Partial<Subject> {
  readonly score: number;
  readonly summary: string;
  readonly ts: Float64Array;
  readonly detector?: string;
  readonly direction?: Direction;
  readonly laneRank?: number;
  readonly reasons?: readonly Reason[];
  readonly evidence?: Finding["evidence"];
  readonly uids?: readonly string[];
}

const TIMING: Reason = {
  name: "timing",
  value: 0.088,
  unit: "",
  effect: 2.41,
  text: "all waits fall between 200 s and 300 s, as a timer with jitter does",
};

const REASONS: readonly Reason[] = [
  TIMING,
  {
    name: "prevalence",
    value: 0.027,
    unit: "share",
    effect: 1.2,
    text: "1 of 37 internal hosts contacts this name",
  },
  {
    name: "size",
    value: 1049,
    unit: "B",
    effect: 0.84,
    text: "sends the same 1 049 B each time",
  },
  {
    name: "name",
    value: "www.honestimnotevil.com",
    unit: "",
    effect: 0.12,
    text: "the name was first seen in these logs",
  },
  {
    name: "hours",
    value: null,
    unit: "",
    effect: -0.62,
    text: "the pair is active for as long as there are logs, as services are",
  },
];

const EVIDENCE: Finding["evidence"] = {
  period: 249.05,
  jitterSeconds: 22.01,
  bytesMedian: 1049,
  userAgent: "Modzilla/-2.0 (Atari 7800)",
  states: ["SF", "RSTO"],
  resumed: false,
  ja3: null,
  intervals: [249.1, 200.4, 299.8, 231.2],
};

export function finding(given: Given, rank: number): RankedFinding {
  const subject: Subject = {
    src: "10.136.0.18",
    dst: "203.0.113.7",
    port: 443,
    proto: "tcp",
    name: null,
    nameSource: null,
    sensor: null,
    ...given,
  };
  const detector = given.detector ?? "beacon";
  const { ts } = given;
  return {
    ...subject,
    id: findingId(detector, subject),
    detector,
    score: given.score,
    severity: severityOf(given.score),
    direction: given.direction ?? "egress",
    laneRank: given.laneRank,
    firstTs: ts[0],
    lastTs: ts[ts.length - 1],
    count: ts.length,
    uids: given.uids ?? [],
    uidCount: ts.length,
    evidence: given.evidence ?? EVIDENCE,
    reasons: given.reasons ?? [TIMING],
    summary: given.summary,
    series: { ts, bytes: new Float64Array(ts.length).fill(1049) },
    rank,
    verdict: null,
    state: rank === 2 ? "raised" : rank < 5 ? "new" : "unchanged",
  };
}

export const UIDS = Array.from({ length: 24 }, (_, i) => `C${i}x7LmQ2vT9sYk`);

export function findings(): RankedFinding[] {
  const given: Given[] = [
    {
      name: "www.honestimnotevil.com",
      nameSource: "host",
      score: 0.93,
      summary:
        "10.136.0.18 asked for www.honestimnotevil.com 340 times in 23.6 h, " +
        "once every 249 s",
      ts: rhythm(249, 50, 340),
      reasons: REASONS,
      uids: UIDS,
    },
    {
      src: "192.168.1.113",
      dst: "198.36.88.21",
      port: 80,
      sensor: "edge-1",
      score: 0.9,
      summary:
        "192.168.1.113 posted to 198.36.88.21 181 times in 6.0 h, every 120.32 s",
      ts: rhythm(120.3, 0.02, 181),
      evidence: {
        ...EVIDENCE,
        alsoSeenAs: [
          "TLS fingerprint 72a589da586844d7f0818ce684948eea (181 contacts, score 0.71)",
          `names under ${HOSTILE} (44 contacts, score 0.40)`,
        ],
      },
    },
    {
      src: "192.168.68.62",
      dst: "10.0.0.53",
      port: 53,
      proto: "udp",
      name: `${"a".repeat(180)}.tunnel.example`,
      nameSource: "dns",
      detector: "dns",
      direction: "internal",
      score: 0.72,
      summary:
        "192.168.68.62 looked up 4 774 different names under one domain in 26 min",
      ts: rhythm(0.33, 0.3, 4774, T0 + 30_000),
    },
    {
      src: "10.1.2.3",
      name: HOSTILE,
      nameSource: "sni",
      score: 0.66,
      summary: `10.1.2.3 opened TLS to ${HOSTILE} 46 times`,
      ts: rhythm(350, 200, 46, T0 + 50_000),
      evidence: { serverName: HOSTILE },
      reasons: [{ ...TIMING, text: `the server calls itself ${HOSTILE}` }],
    },
    {
      src: "2001:db8:85a3:0:8a2e:370:7334:1",
      dst: "2001:db8:ffff:12:a:b:c:d",
      port: 123,
      proto: "udp",
      score: 0.34,
      summary:
        "2001:db8:85a3:0:8a2e:370:7334:1 sent NTP to 2001:db8:ffff:12:a:b:c:d " +
        "42 times, every 2 048 s: a clock poll",
      ts: rhythm(2048, 0.5, 42),
    },
    {
      src: "10.55.100.109",
      dst: "198.51.100.9",
      port: 22,
      detector: "long connection",
      score: 0.24,
      summary:
        "One SSH connection of 10.55.100.109 to 198.51.100.9 stayed open for 20 h",
      ts: Float64Array.of(T0 + 7000),
    },
  ];
  const ranks = laneRanks(
    given.map(({ direction = "egress" }) => ({ direction })),
  );
  return given.map((g, i) => finding({ ...g, laneRank: ranks[i] }, i + 1));
}

export function report(
  name: string,
  changes: Partial<RunReport> = {},
): RunReport {
  return {
    version: "0.1.0",
    dataset: name,
    startedAt: T1 + 3600,
    window: {
      from: T0,
      to: T1,
      logCoverage: 0.9583,
      gaps: [{ from: T0 + 40_000, to: T0 + 43_600 }],
    },
    internalNetworks: {
      networks: ["10.0.0.0/8", "192.168.0.0/16", "2001:db8:85a3::/48"],
      foundBy: "private ranges, and local_orig of conn.log",
    },
    sensors: ["edge-1", "edge-2"],
    hostCount: 37,
    connectionCount: 45_631,
    imports: [
      {
        path: "logs/conn.log.gz",
        logType: "conn",
        format: "zeek-tsv",
        records: 45_631,
        skipped: 3,
        firstTs: T0,
        lastTs: T1,
        errors: [{
          line: 1012,
          field: "ts",
          value: "n/a",
          reason: "must be a time, got n/a",
        }],
        status: "new",
      },
    ],
    findings: findings(),
    hidden: { "safelist *.windowsupdate.com": 12, "multicast": 4 },
    notLookedAt: [
      "131 weird records: the type is not known",
      "there is no dns log, so names come from http and ssl alone",
    ],
    timings: { reading: 2.1, scoring: 2.7 },
    peakRssBytes: 210e6,
    ...changes,
  };
}

/** The connections of the first finding. */
function connections(): RecordBatch {
  const [first] = findings();
  return batchOf(
    "conn",
    UIDS.map((uid, i) => ({
      ts: first.series.ts[i],
      uid,
      "id.orig_h": first.src,
      "id.orig_p": 49_152 + i,
      "id.resp_h": first.dst,
      "id.resp_p": 443,
      proto: "tcp",
      service: i === 3 ? HOSTILE : "ssl",
      duration: 0.033,
      orig_bytes: 1049,
      resp_bytes: 1434,
      conn_state: "SF",
    })),
  );
}

/** A dataset with records and one run; returns the run's id too. */
export async function seed(
  store: SessionStore,
  name = "office-2018",
  changes: Partial<RunReport> = {},
): Promise<{ dataset: Dataset; runId: number }> {
  const dataset = await store.openDataset(name);
  const writer = await store.beginImport(dataset);
  const made = report(name, changes);
  await writer.add(connections());
  await writer.addFile({
    modifiedAt: null,
    content: null,
    continues: null,
    path: "logs/conn.log.gz",
    hash: name,
    size: 4096,
    reports: made.imports,
    otherRecords: { weird: 131 },
    notes: [],
  });
  await writer.finish();
  return { dataset, runId: await store.saveRun(dataset, made) };
}
