import { parseQuery } from "./finding_query.ts";
import { isSevere, listed, type ListedFinding } from "./finding_view.ts";
import {
  type FindingList,
  KnownFindings,
  type ScoresAt,
} from "./known_findings.ts";
import { Pacer, type RunOptions } from "./progress.ts";
import { hiderOf } from "./safelist.ts";
import type {
  RunSummary,
  SafelistEntry,
  SafelistKind,
  SessionStore,
} from "./store/session_store.ts";

export type { FindingList } from "./known_findings.ts";

/** Findings read at a time, in about 20 ms: others are served in between. */
const PAGE = 250;

/** All findings of a run, slim; they never change. */
export async function listedFindings(
  store: SessionStore,
  runId: number,
  { signal }: RunOptions = {},
): Promise<ListedFinding[]> {
  const out: ListedFinding[] = [];
  const pacer = new Pacer(signal);
  for (;;) {
    const page = await store.findings(runId, {
      after: out.at(-1)?.rank,
      limit: PAGE,
      withSeries: false,
    });
    for (const finding of page) out.push(listed(finding));
    if (page.length < PAGE) return out;
    if (pacer.due) await pacer.rest();
  }
}

/**
 * A run's findings with today's marks and today's safelist: both count when a
 * list is looked at, never when logs are read.
 *
 * @param known of the run, where it is listed more than once.
 */
export async function findingList(
  store: SessionStore,
  run: RunSummary,
  known?: KnownFindings,
): Promise<FindingList> {
  const all = known ?? new KnownFindings(await listedFindings(store, run.id));
  const entries = await store.safelist();
  return await all.list({
    entries,
    marks: await store.marks(),
    now: Date.now() / 1000,
    end: run.report.window.to ?? run.startedAt,
    scoresOf: () => scoresAt(store, run, entries),
  });
}

/** Scores of the dataset's last run before each entry was made. */
async function scoresAt(
  store: SessionStore,
  { dataset, id }: RunSummary,
  entries: readonly SafelistEntry[],
): Promise<ScoresAt> {
  const own = await store.findDataset(dataset);
  const runs = own && entries.length > 0 ? await store.runs(own) : [];
  const before = (ts: number) => runs.find((run) => run.startedAt <= ts);
  const scores = new Map<number, ReadonlyMap<string, number>>();
  for (const { createdAt } of entries) {
    const run = before(createdAt);
    // Against itself nothing has changed.
    if (run && run.id < id && !scores.has(run.id)) {
      scores.set(run.id, await store.scores(run.id));
    }
  }
  return (ts) => scores.get(before(ts)?.id ?? -1) ?? null;
}

/**
 * The findings that a query asks for, in its order; those that the safelist
 * hides only where it says `is:hidden` or `is:any`.
 */
export function queried(
  { findings, now }: FindingList,
  query: ReturnType<typeof parseQuery>,
): ListedFinding[] {
  const context = { now };
  return query.sorted(
    findings.filter((f) =>
      (query.withHidden || f.hiddenBy === null) && query.matches(f, context)
    ),
  );
}

/** What an entry would hide of what is shown now. */
export interface SafelistPreview {
  /** Null where findings do not tell, as for organisations. */
  readonly findings: number | null;
  /** Of these, high or critical. */
  readonly severe: number;
}

export function safelistPreview(
  { findings }: FindingList,
  kind: SafelistKind,
  value: string,
): SafelistPreview {
  const hides = hiderOf(kind, value);
  const shown = findings.filter(({ hiddenBy }) => hiddenBy === null);
  const answers = shown.map(hides);
  if (shown.length > 0 && answers.every((answer) => answer === null)) {
    return { findings: null, severe: 0 };
  }
  const hidden = shown.filter((_, i) => answers[i]);
  return { findings: hidden.length, severe: hidden.filter(isSevere).length };
}
