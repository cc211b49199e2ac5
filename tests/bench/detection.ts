import {
  evaluate,
  evaluateRanking,
  evaluateRun,
  type Evaluation,
  hunt,
  openStore,
  parseTruth,
  PART_DOCS,
  type Ranked,
  type RankedFinding,
  type RunReport,
  type SessionStore,
  type TruthRow,
} from "../../pipeline/mod.ts";

/** A folder of real logs with what is known of it. */
export interface Capture {
  /** "10-rita-missing-host", "20-ctu-testing/008-zeek-mixed". */
  readonly name: string;
  readonly path: string;
  readonly truth: readonly TruthRow[];
}

/** Every folder under `root` that has a TRUTH.tsv, by name. */
export async function capturesUnder(root: string): Promise<Capture[]> {
  const out: Capture[] = [];
  const walk = async (path: string): Promise<void> => {
    for await (const entry of Deno.readDir(path)) {
      const at = `${path}/${entry.name}`;
      if (entry.isDirectory) await walk(at);
      if (entry.name !== "TRUTH.tsv") continue;
      out.push({
        name: path.slice(root.length).replace(/^\/+/, "")
          .replace(/\/(data|individual|tsv)$/, ""),
        path,
        truth: parseTruth(await Deno.readTextFile(at), at),
      });
    }
  };
  await walk(root.replace(/\/+$/, ""));
  return out.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Reasons that say what a pair does; all others say what it is seen in. */
const ACTIVITY = new Set([
  "timing",
  "failing",
  "persistence",
  "strobe",
  "duration",
  "heartbeat",
  "size",
]);

/** The same findings in the order of one part of the score. */
const PARTS: Readonly<Record<string, (finding: RankedFinding) => number>> = {
  "timing alone": ({ evidence }) => Number(evidence.timingScore ?? 0),
  "activity alone": ({ reasons }) => sum(reasons, (n) => ACTIVITY.has(n)),
  "context alone": ({ reasons }) =>
    sum(reasons, (n) => !ACTIVITY.has(n) && n !== "prior"),
};

function sum(
  reasons: RankedFinding["reasons"],
  counts: (name: string) => boolean,
): number {
  return reasons.filter(({ name }) => counts(name))
    .reduce((total, { effect }) => total + effect, 0);
}

export interface CaptureEvaluation {
  readonly capture: Capture;
  readonly report: RunReport;
  /** By method: "skerry" and the parts of its score. */
  readonly methods: Readonly<Record<string, Evaluation>>;
  /** By reason: the ranking without it, where there is C2 to rank. */
  readonly ablated: Readonly<Record<string, Evaluation>>;
  /** Seconds from reading to ranking. */
  readonly seconds: number;
}

/** Hunts in a capture and holds each part of the score against its truth. */
export async function evaluateCapture(
  capture: Capture,
): Promise<CaptureEvaluation> {
  await using store = await openStore(":memory:");
  const began = performance.now();
  const { overall, report } = await evaluate(
    store,
    capture.path,
    capture.truth,
  );
  const seconds = (performance.now() - began) / 1000;
  const methods: Record<string, Evaluation> = { skerry: overall };
  for (const [name, scoreOf] of Object.entries(PARTS)) {
    methods[name] = evaluateRanking(
      rankedBy(report.findings, scoreOf),
      capture.truth,
    );
  }
  methods.rita = await ritaEvaluation(store, capture);
  const ablated = overall.averagePrecision === null
    ? {}
    : await ablation(store, capture);
  return { capture, report, methods, ablated, seconds };
}

async function ablation(
  store: SessionStore,
  { path, truth }: Capture,
): Promise<Record<string, Evaluation>> {
  const dataset = await store.openDataset(path);
  const out: Record<string, Evaluation> = {};
  for (const name of Object.keys(PART_DOCS)) {
    const report = await hunt(store, dataset, { without: [name] });
    out[name] = evaluateRun(report, truth).overall;
  }
  return out;
}

/**
 * RITA's maths at its best: on the networks that Skerry found, incoming
 * connections included, the best score of each key over all windows of 24
 * hours, ending at the newest record and each day before it.
 */
async function ritaEvaluation(
  store: SessionStore,
  { path, truth }: Capture,
): Promise<Evaluation> {
  const dataset = await store.openDataset(path);
  const best = new Map<string, RankedFinding>();
  const { window } = await hunt(store, dataset);
  const { from, to } = window;
  for (let end = to ?? 0; end > (from ?? 0); end -= DAY) {
    const { findings } = await hunt(store, dataset, {
      score: "rita",
      to: end === to ? undefined : end,
      values: { rita: { ingress: true } },
    });
    for (const finding of findings) {
      const known = best.get(finding.id);
      if (!known || finding.score > known.score) best.set(finding.id, finding);
    }
  }
  const ranking = [...best.values()].sort((a, b) => b.score - a.score).map((
    { src, dst, name, score },
  ) => ({
    src,
    dst,
    name,
    score,
    port: null,
    proto: null,
    alarm: score >= 0.6,
  }));
  return evaluateRanking(ranking, truth);
}

const DAY = 86_400;

function rankedBy(
  findings: readonly RankedFinding[],
  scoreOf: (finding: RankedFinding) => number,
): Ranked[] {
  return findings.map((finding) => ({
    src: finding.src,
    dst: finding.dst,
    port: finding.port,
    proto: finding.proto,
    name: finding.name,
    score: scoreOf(finding),
    alarm: false,
  })).sort((a, b) => b.score - a.score);
}
