import {
  DETECTORS,
  nestedByKey,
  withRelated,
} from "../../pipeline/detectors/mod.ts";
import { FLOW_LOG_TYPES, Flows } from "../../pipeline/features/flows.ts";
import { hostName } from "../../pipeline/features/names.ts";
import { InternalHosts } from "../../pipeline/features/networks.ts";
import { compareFindings, type Finding } from "../../pipeline/finding.ts";
import { importLogs, openStore } from "../../pipeline/mod.ts";
import { laneRanks } from "../../pipeline/lanes.ts";
import { checkParams } from "../../pipeline/options.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { isJudged, roleOf, type TruthRow } from "../../pipeline/truth.ts";
import { batchOf, type Row } from "../_batches.ts";
import type { Capture } from "./detection.ts";
import { seeded } from "./synthetic.ts";

/** The records of a capture, by log type. */
type Records = ReadonlyMap<string, readonly RecordBatch[]>;

export async function recordsOf({ path }: Capture): Promise<Records> {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset(path);
  await importLogs(store, dataset, path);
  const out = new Map<string, RecordBatch[]>();
  for (const type of FLOW_LOG_TYPES) {
    const batches: RecordBatch[] = [];
    for await (const batch of store.batches(dataset, type)) batches.push(batch);
    out.set(type, batches);
  }
  return out;
}

/** Pairs of a capture that are C2 for sure, each once. */
export function positivesOf({ truth }: Capture): TruthRow[] {
  const byPair = new Map(
    truth.filter((row) =>
      roleOf(row) === "positive" && isJudged(row) && row.log !== "dns"
    ).map((row) => [`${row.src} ${row.dst} ${row.port} ${row.name}`, row]),
  );
  return [...byPair.values()];
}

/** A pair's own records, out of all of its capture. */
export function pairRecords(
  records: Records,
  truth: TruthRow,
): Map<string, Row[]> {
  const named = new Set<unknown>();
  const out = new Map<string, Row[]>();
  for (const type of FLOW_LOG_TYPES) {
    if (type === "dns") continue;
    const rows: Row[] = [];
    for (const batch of records.get(type) ?? []) {
      const src = batch.texts("id.orig_h"), dst = batch.texts("id.resp_h");
      for (let i = 0; i < batch.length; i++) {
        if (src.values[src.codes[i]] !== truth.src) continue;
        if (dst.values[dst.codes[i]] !== truth.dst) continue;
        const row = batch.row(i);
        if (truth.port !== "*" && String(row["id.resp_p"]) !== truth.port) {
          continue;
        }
        if (truth.name !== "-") {
          const name = hostName(String(row.uri ?? row.server_name ?? ""));
          if (row.uri !== undefined && name === truth.name) named.add(row.uid);
          else if (!named.has(row.uid)) continue;
        }
        rows.push(row);
      }
    }
    out.set(type, rows);
  }
  return out;
}

/** Private addresses that no capture uses: a far network stays a far one. */
const FAR = "172.31.77";

/**
 * The pair's records as if they had happened among the crowd: its inside end
 * becomes one of the crowd's hosts, its time starts within the crowd's; what
 * would go on longer is cut.
 */
export function respliced(
  rows: ReadonlyMap<string, readonly Row[]>,
  truth: TruthRow,
  crowd: { hosts: readonly string[]; from: number; to: number },
  seed: number,
): Map<string, Row[]> {
  const u = seeded(seed);
  const host = crowd.hosts[Math.floor(u() * crowd.hosts.length)];
  const times = [...rows.values()].flat().map(({ ts }) => Number(ts));
  const first = Math.min(...times), last = Math.max(...times);
  const room = Math.max(0, crowd.to - crowd.from - (last - first));
  const shift = crowd.from + room * u() - first;
  const inward = !isPrivate(truth.src) && truth.src !== "147.32.81.167";
  const renamed = new Map([
    [inward ? truth.dst : truth.src, host],
    ...(!inward && isPrivate(truth.dst) && truth.name === "-"
      ? [[truth.dst, `${FAR}.${truth.dst.split(".")[3]}`]] as const
      : []),
  ]);
  const moved = (address: unknown) =>
    renamed.get(String(address)) ?? String(address);
  return new Map(Array.from(rows, ([type, list]) => [
    type,
    list.map((row) => ({
      ...row,
      ts: Number(row.ts) + shift,
      uid: `spliced-${row.uid}`,
      "id.orig_h": moved(row["id.orig_h"]),
      "id.resp_h": moved(row["id.resp_h"]),
    })).filter(({ ts }) => ts <= crowd.to),
  ]));
}

const isPrivate = (address: string) =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);

/** Findings in records, as a hunt would rank them. */
export async function findingsIn(
  ...sources: readonly Records[]
): Promise<Finding[]> {
  const flows = new Flows();
  for (const type of FLOW_LOG_TYPES) {
    for (const records of sources) {
      for (const batch of records.get(type) ?? []) flows.add(batch);
    }
  }
  const { scene } = await sceneOf(flows.finish());
  const out: Finding[] = [];
  for (const detector of DETECTORS) {
    const values = checkParams("splice", detector.params, {});
    out.push(...await detector.detect(scene, values, {}));
  }
  return nestedByKey(withRelated(out, scene.without)).sort(compareFindings);
}

/** Internal sources, and the hours that the crowd lives. */
export function crowdOf(
  records: Records,
): { hosts: string[]; from: number; to: number } {
  const flows = new Flows();
  for (const type of FLOW_LOG_TYPES) {
    for (const batch of records.get(type) ?? []) flows.add(batch);
  }
  flows.finish();
  const internal = InternalHosts.find(flows);
  const counts = new Map<number, number>();
  for (const src of flows.src) {
    if (internal.has(src)) counts.set(src, (counts.get(src) ?? 0) + 1);
  }
  const hosts = [...counts].filter(([, n]) => n >= flows.length / 100)
    .map(([code]) => flows.addresses.values[code]).sort();
  return { hosts, from: flows.firstTs, to: flows.lastTs };
}

export interface Splice {
  readonly crowd: string;
  readonly capture: string;
  readonly truth: TruthRow;
  readonly rank: number | null;
  /** Among those of the same direction. */
  readonly laneRank: number | null;
  readonly score: number | null;
}

/** Each C2 pair of the captures among each crowd: where it is ranked. */
export async function spliceStudy(
  captures: readonly Capture[],
  crowdNames: readonly string[],
  seed = 7,
): Promise<Splice[]> {
  const own = new Map<Capture, Records>();
  const recordsIn = async (capture: Capture) => {
    const known = own.get(capture) ?? await recordsOf(capture);
    own.set(capture, known);
    return known;
  };
  const out: Splice[] = [];
  for (const name of crowdNames) {
    const home = captures.find((capture) => capture.name === name);
    if (!home) continue;
    const records = await recordsIn(home);
    const crowd = crowdOf(records);
    for (const capture of captures) {
      if (capture === home) continue;
      for (const [i, truth] of positivesOf(capture).entries()) {
        const rows = pairRecords(await recordsIn(capture), truth);
        const moved = respliced(rows, truth, crowd, seed + i);
        const batches = new Map(
          Array.from(moved, ([type, list]) => [type, [batchOf(type, list)]]),
        );
        const uids = new Set([...moved.values()].flat().map(({ uid }) => uid));
        const findings = await findingsIn(records, batches);
        const at = findings.findIndex((finding) =>
          finding.uids.some((uid) => uids.has(uid))
        );
        out.push({
          crowd: name,
          capture: capture.name,
          truth,
          rank: at < 0 ? null : at + 1,
          laneRank: laneRanks(findings)[at] ?? null,
          score: findings[at]?.score ?? null,
        });
      }
    }
  }
  return out;
}
