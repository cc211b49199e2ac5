import {
  DETECTORS,
  nestedByKey,
  withRelated,
} from "../../pipeline/detectors/mod.ts";
import { FLOW_LOG_TYPES, Flows } from "../../pipeline/features/flows.ts";
import { compareFindings, type Finding } from "../../pipeline/finding.ts";
import { checkParams } from "../../pipeline/options.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { IMPLANTS } from "./office_implants.ts";
import type { Office } from "./office.ts";
import { benignOffice, type OfficeOptions } from "./office_life.ts";
import { seeded } from "./synthetic.ts";

/** Findings of an office, once for each list of reasons that do not count. */
export async function findingsOf(
  office: Office,
  without: readonly (readonly string[])[] = [[]],
): Promise<Finding[][]> {
  const flows = new Flows(), records = office.sensor.finish();
  for (const type of FLOW_LOG_TYPES) {
    for (const batch of records.get(type) ?? []) flows.add(batch);
  }
  const { scene } = await sceneOf(flows.finish());
  const out: Finding[][] = [];
  for (const names of without) {
    const own = { ...scene, without: new Set(names) };
    const findings: Finding[] = [];
    for (const detector of DETECTORS) {
      const values = checkParams("office", detector.params, {});
      findings.push(...await detector.detect(own, values, {}));
    }
    out.push(
      nestedByKey(withRelated(findings, own.without)).sort(compareFindings),
    );
  }
  return out;
}

/** What an office without malice was alarmed by. */
export interface OfficeAlarms {
  readonly options: OfficeOptions;
  readonly hostDays: number;
  readonly connections: number;
  readonly critical: number;
  readonly high: number;
  readonly alarms: readonly Finding[];
}

const BUDGET_OFFICES: readonly OfficeOptions[] = [
  { desks: 6, days: 3 },
  { desks: 15, days: 3 },
  { desks: 40, days: 2 },
  { desks: 80, days: 1 },
  { desks: 40, days: 2, logs: [] },
  { desks: 40, days: 2, logs: ["ssl", "http"] },
];

/** Alarms in seeded offices of several sizes, in which nothing is malicious. */
export async function alarmBudget(seed = 7): Promise<OfficeAlarms[]> {
  const out: OfficeAlarms[] = [];
  for (const [i, options] of BUDGET_OFFICES.entries()) {
    const office = benignOffice(seeded(1000 * seed + i), options);
    const connections = office.sensor.mark();
    const [findings] = await findingsOf(office);
    const alarms = findings.filter(({ severity }) =>
      severity === "critical" || severity === "high"
    );
    out.push({
      options,
      hostDays: office.hosts * options.days,
      connections,
      critical: alarms.filter((f) => f.severity === "critical").length,
      high: alarms.filter((f) => f.severity === "high").length,
      alarms,
    });
  }
  return out;
}

/** Where an implant is ranked in a benign office. */
export interface Implanted {
  readonly implant: string;
  /** Hosts that have it. */
  readonly infected: number;
  readonly desks: number;
  readonly without: readonly string[];
  /** Of the best finding about it, from 1; null where there is none. */
  readonly rank: number | null;
  readonly score: number;
  readonly severity: Finding["severity"] | null;
  /** Findings of others at high or critical. */
  readonly others: number;
}

/** Each implant in offices that it was not tuned on, with and without parts. */
export async function implantStudy(
  { seed = 11, seeds = 1, without = [[]] as readonly (readonly string[])[] } =
    {},
): Promise<Implanted[]> {
  const out: Implanted[] = [];
  for (const desks of [8, 22]) {
    for (const infected of [1, 4]) {
      for (const [i, [implant, put]] of Object.entries(IMPLANTS).entries()) {
        for (let s = 0; s < seeds; s++) {
          const u = seeded(
            100_000 * seed + 1000 * i + 10 * s + desks + infected,
          );
          const office = benignOffice(u, { desks, days: 1 });
          const before = office.sensor.mark();
          put(office, office.desks.slice(0, infected));
          const uids = office.sensor.uidsSince(before);
          const runs = await findingsOf(office, without);
          runs.forEach((findings, w) => {
            const own = (f: Finding) => f.uids.some((uid) => uids.has(uid));
            const at = findings.findIndex(own);
            out.push({
              implant,
              infected,
              desks,
              without: without[w],
              rank: at < 0 ? null : at + 1,
              score: findings[at]?.score ?? 0,
              severity: findings[at]?.severity ?? null,
              others: findings.filter((f) =>
                (f.severity === "critical" || f.severity === "high") && !own(f)
              ).length,
            });
          });
        }
      }
    }
  }
  return out;
}
