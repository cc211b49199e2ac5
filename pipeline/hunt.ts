import defer * as process from "node:process";
import {
  type BenignEdits,
  benignEditsJson,
  mergedBenign,
  nestedByKey,
  type Score,
  SCORES,
  SHIPPED,
  withRelated,
} from "./detectors/mod.ts";
import { contextOf, type Knowledge } from "./annotate.ts";
import { whyNotMore } from "./explain.ts";
import { FLOW_LOG_TYPES, Flows } from "./features/flows.ts";
import { sensorsBeside } from "./features/sites.ts";
import { coverageOf } from "./coverage.ts";
import {
  type Bands,
  compareFindings,
  type Finding,
  stateOf,
} from "./finding.ts";
import {
  HOST_LOG_TYPES,
  type HostEntry,
  HostNames,
  type Organisations,
} from "./hosts/mod.ts";
import { laneRanks } from "./lanes.ts";
import { checkParams } from "./options.ts";
import type { ImportReport, RankedFinding, RunReport } from "./run_report.ts";
import { correctionNotes, logNotes } from "./hunt_notes.ts";
import { banded } from "./severity_bands.ts";
import { sceneOf, type SceneOptions } from "./scene.ts";
import { Spill, type SpillOptions } from "./spill.ts";
import type {
  Dataset,
  DatasetSummary,
  SessionStore,
} from "./store/session_store.ts";
import { VERSION } from "./version.ts";

/** A user's list of benign classes, and where it was read. */
export interface BenignFile {
  readonly path: string;
  readonly edits: BenignEdits;
}

export interface HuntOptions extends SceneOptions, SpillOptions {
  /** Epoch seconds, from ≤ ts < to; the whole dataset where absent. */
  readonly from?: number;
  readonly to?: number;
  /** Seconds before the newest record; instead of `from`. */
  readonly last?: number;
  /** Whose score ranks the findings; Skerry's own where absent. */
  readonly score?: Score;
  /** Where each severity begins; RITA's where absent. */
  readonly bands?: Bands;
  /** Finds and ranks, but saves no run. */
  readonly preview?: boolean;
  /** Parameters by detector name. */
  readonly values?: Readonly<Record<string, Record<string, unknown>>>;
  /** Files that this run has just read; the others are reported unchanged. */
  readonly newFiles?: ReadonlySet<string>;
  /** Sentences for `notLookedAt`, from the import. */
  readonly notes?: readonly string[];
  /** Seconds by stage, from the import. */
  readonly timings?: Readonly<Record<string, number>>;
  /** The user's kinds of benign traffic, over the shipped ones. */
  readonly benignFile?: BenignFile;
  /** What the user says of hosts. */
  readonly hosts?: readonly HostEntry[];
  /** Whose addresses are whose. */
  readonly organisations?: Organisations;
}

/**
 * Reads a dataset's stored records once, lets every detector look at them,
 * ranks what they found and saves the run (not for a preview).
 *
 * @throws RangeError or TypeError for a detector's parameter.
 */
export async function hunt(
  store: SessionStore,
  dataset: Dataset,
  options: HuntOptions = {},
): Promise<RunReport> {
  const clock = new Stopwatch(options.timings);
  const startedAt = Date.now() / 1000;
  const window = await windowOf(store, dataset, options);
  const hostNames = new HostNames(options.hosts);
  using spill = new Spill(store.location, options);
  const flows = await readFlows(store, dataset, hostNames, spill, {
    ...options,
    ...window,
  });
  clock.lap("loading");
  const { benignFile } = options;
  const benign = mergedBenign(SHIPPED, benignFile?.edits);
  const { scene, hidden, pairs, corrections } = await sceneOf(flows, {
    ...options,
    benign: benign.list,
    hostNames,
  });
  clock.lap("measuring");
  const findings: Finding[] = [];
  for (const detector of SCORES[options.score ?? "skerry"]) {
    const given = options.values?.[detector.name] ?? {};
    const values = checkParams(`run ${detector.name}`, detector.params, given);
    findings.push(...await detector.detect(scene, values, options));
  }
  const { bands } = options;
  clock.lap("scoring");
  const files = await store.importedFiles(dataset);
  const { organisations } = options;
  const knowledge: Knowledge = {
    ...{ flows, corrections, hostNames, organisations },
    isInternal: (address) => scene.internal.has(flows.addresses.code(address)),
  };
  const report: RunReport = {
    version: VERSION,
    dataset: dataset.name,
    startedAt,
    window: coverageOf(flows.bins, flows),
    internalNetworks: {
      networks: scene.internal.networks,
      foundBy: scene.internal.foundBy,
    },
    sensors: flows.sensors.values,
    hostCount: internalSources(flows, (code) => scene.internal.has(code)),
    connectionCount: flows.length,
    ...(options.values ? { values: options.values } : {}),
    ...(bands ? { bands } : {}),
    mergedCount: corrections.merged,
    organisations: organisations
      ? {
        path: organisations.path,
        builtAt: organisations.builtAt,
        saysWhen: organisations.saysWhen,
      }
      : null,
    ...(benignFile
      ? {
        benignFile: {
          path: benignFile.path,
          ...benign.changes,
          edits: benignEditsJson(benignFile.edits),
        },
      }
      : {}),
    imports: files.flatMap(({ path, reports }) =>
      reports.map((report): ImportReport => ({
        ...report,
        status: options.newFiles?.has(path) ? "new" : "unchanged",
      }))
    ),
    findings: (await ranked(
      store,
      dataset,
      options.score === "rita"
        ? findings
        : nestedByKey(withRelated(findings, scene.without)),
      {
        from: window.from,
        sensorsOf: ({ sensor }) =>
          sensorsBeside(flows, corrections.sites, sensor),
      },
    )).map((finding) => ({
      ...(bands ? banded(finding, bands, benign.list) : finding),
      ...contextOf(finding, knowledge),
    })),
    hidden,
    notLookedAt: [
      ...(options.notes ?? []),
      ...logNotes(flows, files.flatMap(({ reports }) => reports)),
      ...correctionNotes(corrections),
      ...whyNotMore(scene, { pairs, found: pairsIn(findings), hidden }),
    ],
    timings: clock.laps,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  if (!options.preview) await store.saveRun(dataset, report);
  return report;
}

class Stopwatch {
  readonly laps: Record<string, number>;
  #since = performance.now();

  constructor(before: Readonly<Record<string, number>> = {}) {
    this.laps = { ...before };
  }

  lap(stage: string): void {
    const now = performance.now();
    this.laps[stage] = Math.round(now - this.#since) / 1000;
    this.#since = now;
  }
}

async function windowOf(
  store: SessionStore,
  dataset: Dataset,
  { from, to, last }: HuntOptions,
): Promise<{ from?: number; to?: number }> {
  if (last === undefined) return { from, to };
  const end = to ?? (await summaryOf(store, dataset))?.lastTs ?? 0;
  return { from: end - last, to };
}

async function readFlows(
  store: SessionStore,
  dataset: Dataset,
  hostNames: HostNames,
  { pager }: Spill,
  options: HuntOptions,
): Promise<Flows> {
  const flows = new Flows(pager);
  let done = 0;
  for (const logType of [...HOST_LOG_TYPES, ...FLOW_LOG_TYPES]) {
    // A lease or a logon from before the window still names its host.
    const ofHosts = HOST_LOG_TYPES.includes(logType);
    const window = ofHosts ? {} : { from: options.from, to: options.to };
    const query = { ...window, signal: options.signal };
    for await (const batch of store.batches(dataset, logType, query)) {
      if (!ofHosts) flows.add(batch);
      hostNames.add(batch);
      done += batch.length;
      const stage = pager.written > 0 ? "spilling" : "loading";
      options.onProgress?.({ stage, done, unit: "records" });
    }
  }
  return flows.finish();
}

/** Pairs that the findings are about; two detectors may speak of one, look-ups are of none. */
function pairsIn(findings: readonly Finding[]): number {
  const keys = findings.filter(({ nameSource }) => nameSource !== "dns").map((
    { src, dst, name, port, proto, sensor },
  ) => [src, name ?? dst, port, proto, sensor].join(" "));
  return new Set(keys).size;
}

function internalSources(flows: Flows, has: (code: number) => boolean): number {
  const seen = new Set<number>();
  for (let f = 0, last = -1; f < flows.length; f++) {
    const src = flows.src.at(f);
    if (src !== last && has(last = src)) seen.add(src);
  }
  return seen.size;
}

/** Best first, with the verdicts of the store and against its last run. */
export async function ranked(
  store: SessionStore,
  dataset: Dataset,
  findings: readonly (Finding & Pick<RankedFinding, "firstSeen">)[],
  { from, sensorsOf }: {
    readonly from?: number;
    /** Sensors that see the same hosts; all where it gives none. */
    readonly sensorsOf?: (finding: Finding) => readonly string[];
  } = {},
): Promise<RankedFinding[]> {
  const previous = await store.lastRun(dataset);
  const before = previous ? await store.scores(previous.id) : new Map();
  const verdicts = await store.verdicts();
  const begin = (await summaryOf(store, dataset))?.firstTs ?? null;
  const whole = begin === null || !(from! > begin);
  const out: RankedFinding[] = [];
  const sorted = findings.toSorted(compareFindings);
  const lanes = laneRanks(sorted);
  for (const [i, finding] of sorted.entries()) {
    // Within the window it is known already; only the first are looked up.
    const ts = whole || i >= LOOKED_UP
      ? finding.firstTs
      : await store.firstSeen(dataset, finding, sensorsOf?.(finding)) ??
        finding.firstTs;
    out.push({
      ...finding,
      rank: i + 1,
      laneRank: lanes[i],
      verdict: verdicts.get(finding.id) ?? null,
      state: stateOf(before.get(finding.id), finding.score),
      firstSeen: finding.firstSeen ??
        { ts, history: Math.max(0, ts - (begin ?? ts)) },
    });
  }
  return out;
}

/** Findings whose first time before the window is looked up, a query each. */
const LOOKED_UP = 1000;

async function summaryOf(
  store: SessionStore,
  dataset: Dataset,
): Promise<DatasetSummary | undefined> {
  return (await store.datasets()).find(({ id }) => id === dataset.id);
}
