import process from "node:process";
import { type Score, SCORES, withRelated } from "./detectors/mod.ts";
import { whyNotMore } from "./explain.ts";
import { Flows } from "./features/flows.ts";
import { compareFindings, type Finding, type FindingState } from "./finding.ts";
import { checkParams } from "./options.ts";
import type {
  Gap,
  ImportReport,
  RankedFinding,
  RunReport,
  Window,
} from "./run_report.ts";
import { sceneOf, type SceneOptions } from "./scene.ts";
import type { Dataset, SessionStore } from "./store/session_store.ts";
import { VERSION } from "./version.ts";

export interface HuntOptions extends SceneOptions {
  /** Epoch seconds, from ≤ ts < to; the whole dataset where absent. */
  readonly from?: number;
  readonly to?: number;
  /** Seconds before the newest record; instead of `from`. */
  readonly last?: number;
  /** Whose score ranks the findings; Skerry's own where absent. */
  readonly score?: Score;
  /** Parameters by detector name. */
  readonly values?: Readonly<Record<string, Record<string, unknown>>>;
  /** Files that this run has just read; the others are reported unchanged. */
  readonly newFiles?: ReadonlySet<string>;
  /** Sentences for `notLookedAt`, from the import. */
  readonly notes?: readonly string[];
  /** Seconds by stage, from the import. */
  readonly timings?: Readonly<Record<string, number>>;
}

/** Names first, so that a connection can be told by them. */
const LOG_TYPES = [
  "ssl",
  "open_ssl",
  "http",
  "open_http",
  "dns",
  "conn",
  "open_conn",
];

/** Smaller changes of a score between two runs are noise. */
const SCORE_STEP = 0.05;

/**
 * Reads a dataset's stored records once, lets every detector look at them,
 * ranks what they found and saves the run.
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
  const flows = await readFlows(store, dataset, { ...options, ...window });
  clock.lap("loading");
  const { scene, hidden, pairs } = await sceneOf(flows, options);
  clock.lap("measuring");
  const findings: Finding[] = [];
  for (const detector of SCORES[options.score ?? "skerry"]) {
    const given = options.values?.[detector.name] ?? {};
    const values = checkParams(`run ${detector.name}`, detector.params, given);
    findings.push(...await detector.detect(scene, values, options));
  }
  clock.lap("scoring");
  const files = await store.importedFiles(dataset);
  const report: RunReport = {
    version: VERSION,
    dataset: dataset.name,
    startedAt,
    window: coverageOf(flows),
    internalNetworks: {
      networks: scene.internal.networks,
      foundBy: scene.internal.foundBy,
    },
    sensors: flows.sensors.values,
    hostCount: internalSources(flows, (code) => scene.internal.has(code)),
    connectionCount: flows.length,
    imports: files.flatMap(({ path, reports }) =>
      reports.map((report): ImportReport => ({
        ...report,
        status: options.newFiles?.has(path) ? "new" : "unchanged",
      }))
    ),
    findings: await ranked(
      store,
      dataset,
      options.score === "rita"
        ? findings
        : withRelated(findings, scene.without),
    ),
    hidden,
    notLookedAt: [
      ...(options.notes ?? []),
      ...notLookedAt(flows),
      ...whyNotMore(scene, { pairs, found: pairsIn(findings), hidden }),
    ],
    timings: clock.laps,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  await store.saveRun(dataset, report);
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
  const summary = (await store.datasets()).find(({ id }) => id === dataset.id);
  const end = to ?? summary?.lastTs ?? 0;
  return { from: end - last, to };
}

async function readFlows(
  store: SessionStore,
  dataset: Dataset,
  options: HuntOptions,
): Promise<Flows> {
  const flows = new Flows();
  let done = 0;
  for (const logType of LOG_TYPES) {
    const query = {
      from: options.from,
      to: options.to,
      signal: options.signal,
    };
    for await (const batch of store.batches(dataset, logType, query)) {
      flows.add(batch);
      done += batch.length;
      options.onProgress?.({ stage: "loading", done, unit: "records" });
    }
  }
  return flows.finish();
}

/** Bins of 5 minutes below half a day, of an hour above; an empty one is a gap. */
function coverageOf(flows: Flows): Window {
  if (flows.bins.size === 0) {
    return { from: null, to: null, logCoverage: 0, gaps: [] };
  }
  const { firstTs: from, lastTs: to } = flows;
  const width = to - from >= 43_200 ? 3600 : 300;
  const bins = new Set([...flows.bins].map((b) => Math.floor(b * 300 / width)));
  const first = Math.floor(from / width), last = Math.floor(to / width);
  const gaps: Gap[] = [];
  let empty = 0;
  for (let b = first; b <= last; b++) {
    if (bins.has(b)) continue;
    empty++;
    const previous = gaps.at(-1);
    if (previous && previous.to === b * width) {
      gaps[gaps.length - 1] = { from: previous.from, to: (b + 1) * width };
    } else gaps.push({ from: b * width, to: (b + 1) * width });
  }
  return { from, to, logCoverage: 1 - empty / (last - first + 1), gaps };
}

/** Pairs that the findings are about; two detectors may speak of one. */
function pairsIn(findings: readonly Finding[]): number {
  const keys = findings.map(({ src, dst, name, port, proto, sensor }) =>
    [src, name ?? dst, port, proto, sensor].join(" ")
  );
  return new Set(keys).size;
}

function internalSources(flows: Flows, has: (code: number) => boolean): number {
  const seen = new Set<number>();
  for (const src of flows.src) if (has(src)) seen.add(src);
  return seen.size;
}

function notLookedAt(flows: Flows): string[] {
  const out: string[] = [];
  const absent = (type: string) => !flows.records[type];
  if (absent("conn")) {
    out.push("no conn log: sizes, durations and other protocols are unknown");
  }
  if (absent("http")) {
    out.push("no http log: Host, user agent and proxies are unknown");
  }
  if (absent("ssl")) out.push("no ssl log: TLS server names are unknown");
  if (absent("dns")) {
    out.push("no dns log: addresses cannot be named by their answers");
  }
  for (const [type, n] of Object.entries(flows.repeated)) {
    out.push(
      `${n} ${type} records repeat one that was read before: counted once`,
    );
  }
  return out;
}

async function ranked(
  store: SessionStore,
  dataset: Dataset,
  findings: readonly Finding[],
): Promise<RankedFinding[]> {
  const previous = await store.lastRun(dataset);
  const before = previous ? await store.scores(previous.id) : new Map();
  const verdicts = await store.verdicts();
  return findings.toSorted(compareFindings).map((finding, i) => ({
    ...finding,
    rank: i + 1,
    verdict: verdicts.get(finding.id) ?? null,
    state: stateOf(before.get(finding.id), finding.score),
  }));
}

function stateOf(before: number | undefined, score: number): FindingState {
  if (before === undefined) return "new";
  if (score - before > SCORE_STEP) return "raised";
  return before - score > SCORE_STEP ? "lowered" : "unchanged";
}
