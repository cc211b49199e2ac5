import {
  type FindingGroup,
  type FindingList,
  findingList,
  grouped,
  type Grouping,
  GROUPINGS,
  KnownFindings,
  listed,
  type ListedFinding,
  listedFindings,
  parseQuery,
  queried,
  type RunSummary,
  type SessionStore,
  type Window,
} from "../pipeline/mod.ts";
import type { FindingPage, FindingRowView } from "../islands/_finding_api.ts";
import { withoutLane } from "../islands/_lanes.tsx";
import { chosenDataset, chosenRun } from "./_chosen.ts";
import { HttpError, type RouteContext } from "./_page.ts";
import { binned } from "./_parts/sparkline.tsx";

/** Runs whose findings are kept in memory: about 1 kB each. */
const KEPT = 3;

type Kept = Map<number, Promise<KnownFindings>>;
const kept = new WeakMap<SessionStore, Kept>();

/** Findings of a saved run never change: read once, and the last few kept. */
function keptFindings(
  store: SessionStore,
  runId: number,
): Promise<KnownFindings> {
  let own = kept.get(store);
  if (!own) kept.set(store, own = new Map());
  const found = own.get(runId) ??
    listedFindings(store, runId).then((all) => new KnownFindings(all));
  own.delete(runId);
  own.set(runId, found);
  found.catch(() => own.delete(runId));
  for (const old of [...own.keys()].slice(0, -KEPT)) own.delete(old);
  return found;
}

/** A run's findings with the marks and the safelist of this moment. */
export async function listOf(
  store: SessionStore,
  run: RunSummary,
): Promise<FindingList> {
  return await findingList(store, run, await keptFindings(store, run.id));
}

/** What an address asks of the list. */
export interface Asked {
  readonly query: string;
  readonly group: Grouping;
}

export function askedBy({ searchParams }: URL): Asked {
  const group = searchParams.get("group") ?? "pair";
  if (!Object.hasOwn(GROUPINGS, group)) {
    throw new HttpError(
      400,
      `Cannot group: it must be one of ${Object.keys(GROUPINGS).join(", ")}`,
    );
  }
  return { query: searchParams.get("q") ?? "", group: group as Grouping };
}

/** The dataset's run that an address means. @throws HttpError 404 without any. */
export async function askedRun(
  { store, url }: Pick<RouteContext, "store" | "url">,
): Promise<RunSummary> {
  const dataset = await chosenDataset(store, url);
  const found = dataset && await chosenRun(store, dataset, url);
  if (found?.run) return found.run;
  throw new HttpError(404, "Cannot find a run: nothing has been hunted yet");
}

/** A whole number of the address. @throws HttpError 400. */
export function wholeNumber(
  { searchParams }: URL,
  name: string,
  otherwise: number,
  most: number,
): number {
  const text = searchParams.get(name);
  if (text === null) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new HttpError(
    400,
    `Cannot read ${name}: it must be a whole number up to ${most}`,
  );
}

/** What a query finds in a list, and the rows that this makes. */
interface Found {
  readonly rows: readonly FindingGroup[];
  readonly findings: number;
  readonly undecided: number;
  readonly errors: FindingPage["errors"];
  readonly bySeverity: Readonly<Record<string, number>>;
  readonly byDetector: Readonly<Record<string, number>>;
  readonly byLane: Readonly<Record<string, number>>;
}

/** Answers of a list that are kept: whoever scrolls or goes back asks again. */
const ANSWERS = 4;

const found = new WeakMap<FindingList, Map<string, Found>>();

function foundIn(list: FindingList, { query: text, group }: Asked): Found {
  let kept = found.get(list);
  if (!kept) found.set(list, kept = new Map());
  const asked = `${group} ${text}`;
  const answer = kept.get(asked) ?? find(list, { query: text, group });
  kept.delete(asked);
  kept.set(asked, answer);
  for (const old of [...kept.keys()].slice(0, -ANSWERS)) kept.delete(old);
  return answer;
}

function find(list: FindingList, { query: text, group }: Asked): Found {
  const query = parseQuery(text);
  const findings = queried(list, query);
  const anyLane = withoutLane(text);
  const ofAllLanes = anyLane === text.trim()
    ? findings
    : queried(list, parseQuery(anyLane));
  return {
    rows: grouped(findings, group),
    findings: findings.length,
    undecided: findings.filter(isUndecided).length,
    errors: query.errors,
    bySeverity: counted(findings, (f) => f.severity),
    byDetector: counted(findings, (f) => f.detector),
    byLane: counted(ofAllLanes, (f) => f.direction),
  };
}

/** Rows `offset` ≤ i < `offset + limit` of what is asked, and its counts. */
export async function findingPage(
  store: SessionStore,
  run: RunSummary,
  asked: Asked,
  { offset, limit }: { offset: number; limit: number },
): Promise<FindingPage> {
  const list = await listOf(store, run);
  const { rows, ...counts } = foundIn(list, asked);
  const page: FindingRowView[] = [];
  for (const row of rows.slice(offset, offset + limit)) {
    page.push(await rowView(store, run, row));
  }
  return {
    run: run.id,
    partial: false,
    rows: rows.length,
    ...counts,
    offset,
    page,
    hidden: list.hidden.filter(({ findings }) => findings > 0).map((
      { entry, findings, severe },
    ) => ({
      id: entry.id,
      text: `${entry.kind} ${entry.value}: ${entry.reason}`,
      findings,
      severe,
    })),
  };
}

/** Findings that are read for a first page without anybody waiting. */
const AT_ONCE = 2000;
/** Of more, those that are read for the first rows: some are hidden, some share a row. */
const FOR_ROWS = 300;

/**
 * The page that a browser shows first. Of a long list that nobody has asked
 * for yet these are its first rows, read by rank; all of it takes seconds.
 */
export async function firstPage(
  store: SessionStore,
  run: RunSummary,
  asked: Asked,
  limit: number,
): Promise<FindingPage> {
  const isPlain = asked.query === "" && asked.group === "pair";
  if (!isPlain || run.findingCount <= AT_ONCE || kept.get(store)?.has(run.id)) {
    return await findingPage(store, run, asked, { offset: 0, limit });
  }
  const first = await store.findings(run.id, {
    limit: FOR_ROWS,
    withSeries: false,
  });
  const known = new KnownFindings(first.map(listed));
  const list = await findingList(store, run, known);
  const rows = foundIn(list, asked).rows.slice(0, limit);
  const page: FindingRowView[] = [];
  for (const row of rows) page.push(await rowView(store, run, row));
  return {
    run: run.id,
    partial: true,
    rows: page.length,
    findings: run.findingCount,
    undecided: 0,
    offset: 0,
    page,
    errors: [],
    bySeverity: {},
    byDetector: {},
    byLane: {},
    hidden: [],
  };
}

/**
 * A run's findings by their class of benign traffic; null where all would
 * have to be read for it, and there are many.
 */
export async function countsByClass(
  store: SessionStore,
  run: RunSummary,
): Promise<Record<string, number> | null> {
  if (run.findingCount > AT_ONCE && !kept.get(store)?.has(run.id)) return null;
  const { all } = await keptFindings(store, run.id);
  const own = all.filter(({ benignClass }) => benignClass !== null);
  return counted(own, ({ benignClass }) => benignClass!);
}

export function isUndecided({ mark }: ListedFinding): boolean {
  return mark.verdict === null && mark.regular === null;
}

function counted(
  findings: readonly ListedFinding[],
  of: (finding: ListedFinding) => string,
): Record<string, number> {
  const out: Record<string, number> = {};
  for (const finding of findings) {
    const key = of(finding);
    out[key] = (out[key] ?? 0) + 1;
  }
  return out;
}

async function rowView(
  store: SessionStore,
  run: RunSummary,
  { best, findings, says }: FindingGroup,
): Promise<FindingRowView> {
  // By rank, which is a key: by its id the store reads all that rank before.
  const [whole] = await store.findings(run.id, {
    after: best.rank - 1,
    limit: 1,
  });
  return {
    best,
    ids: findings.map(({ id }) => id),
    detectors: [...new Set(findings.map(({ detector }) => detector))],
    says,
    spark: whole ? sparkOf(whole.series.ts, run.report.window) : [],
  };
}

function sparkOf(ts: Float64Array, { from, to }: Window): number[] {
  return from === null || to === null ? [] : [...binned(ts, from, to)];
}
