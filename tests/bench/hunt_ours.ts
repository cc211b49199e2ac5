/**
 * Hunts in generated connections: deno run -A hunt_ours.ts ROWS. Prints JSON:
 * {@link HuntCost}.
 */
import { cpuUsage } from "node:process";
import { checkParams } from "../../pipeline/options.ts";
import { DETECTORS } from "../../pipeline/detectors/mod.ts";
import { Flows } from "../../pipeline/features/flows.ts";
import { compareFindings, type Finding } from "../../pipeline/finding.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { connBatches } from "./hunt_data.ts";
import { peakRss } from "./run.ts";

/** Seconds of one step: by the clock, and of all threads together. */
export interface StepCost {
  readonly wall: number;
  readonly cpu: number;
}

export interface HuntCost {
  /** Adding the records to the columns; making them up is not counted. */
  readonly loading: StepCost;
  readonly measuring: StepCost;
  readonly scoring: StepCost;
  /** Resident memory before the first record, after loading, at its peak; MiB. */
  readonly baseRss: number;
  readonly loadedRss: number;
  readonly peakRss: number;
  readonly connections: number;
  readonly pairs: number;
  readonly measured: number;
  readonly findings: number;
  /** Of all findings, best first: equal where these are, to the last bit. */
  readonly digest: string;
}

/** What `work` takes, added to what was taken before. */
async function costOf<T>(
  work: () => T | Promise<T>,
  before: StepCost = { wall: 0, cpu: 0 },
): Promise<[StepCost, T]> {
  const began = performance.now(), used = cpuUsage();
  const value = await work();
  const { user, system } = cpuUsage(used);
  return [{
    wall: before.wall + (performance.now() - began) / 1e3,
    cpu: before.cpu + (user + system) / 1e6,
  }, value];
}

async function digestOf(findings: readonly Finding[]): Promise<string> {
  const text = JSON.stringify(findings.toSorted(compareFindings));
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function huntIn(rows: number): Promise<HuntCost> {
  const baseRss = await peakRss();
  const flows = new Flows();
  let loading: StepCost | undefined;
  for (const batch of connBatches(rows)) {
    [loading] = await costOf(() => flows.add(batch), loading);
  }
  [loading] = await costOf(() => flows.finish(), loading);
  const loadedRss = await peakRss();
  const [measuring, { scene, pairs }] = await costOf(() => sceneOf(flows));
  const [scoring, findings] = await costOf(async () => {
    const findings: Finding[] = [];
    for (const { name, params, detect } of DETECTORS) {
      const values = checkParams(`run ${name}`, params, {});
      findings.push(...await detect(scene, values, {}));
    }
    return findings;
  });
  return {
    ...{ loading, measuring, scoring, baseRss, loadedRss },
    peakRss: await peakRss(),
    connections: flows.length,
    pairs,
    measured: scene.measured.length,
    findings: findings.length,
    digest: (await digestOf(findings)).slice(0, 16),
  };
}

if (import.meta.main) {
  console.log(JSON.stringify(await huntIn(Number(Deno.args[0]))));
}
