import { number, plural, zoneName } from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import FindingAnswers from "../../islands/FindingAnswers.tsx";
import {
  chanceOf,
  LANE_DOCS,
  listed,
  type ListedFinding,
  type Opinion,
  type RankedFinding,
  type RunSummary,
  type SessionStore,
  type StoredRecord,
} from "../../pipeline/mod.ts";
import { benignOf } from "../_benign.ts";
import { chosenDataset, chosenRun } from "../_chosen.ts";
import { linkTo } from "../_links.ts";
import { HttpError, type PageProps, type RouteContext } from "../_page.ts";
import { EvidenceTable } from "../_parts/evidence.tsx";
import { FindingCharts } from "../_parts/finding_charts.tsx";
import { AlsoSeenAs } from "../_parts/also_seen_as.tsx";
import { durationsOf, Records } from "../_parts/finding_records.tsx";
import { type Intervals, intervalsOf } from "../_parts/intervals.ts";
import { Said } from "../_parts/finding_said.tsx";
import { Waits } from "../_parts/finding_waits.tsx";
import { Sentence } from "../_parts/log_text.tsx";
import { ReasonTable, signed } from "../_parts/reason_bars.tsx";
import { Facts } from "../_parts/finding_facts.tsx";
import { SeverityMark } from "../../islands/_severity.tsx";
import { WhyCapped } from "../_parts/why_capped.tsx";
import { Strip } from "../_parts/strip.tsx";

export const title = "Finding";
export const styles = ["findings", "finding"];

interface Data {
  readonly finding: RankedFinding;
  /** As the list shows it, with today's mark. */
  readonly listed: ListedFinding;
  readonly opinion: Opinion;
  readonly run: RunSummary;
  readonly records: readonly StoredRecord[];
  readonly previous: RankedFinding | null;
  readonly next: RankedFinding | null;
}

export const handler = {
  async GET({ store, url, params }: RouteContext): Promise<{ data: Data }> {
    const dataset = await chosenDataset(store, url);
    const found = dataset && await find(
      store,
      await candidates(store, url),
      params.id,
    );
    if (!dataset || !found) {
      throw new HttpError(
        404,
        `Cannot find the finding ${visible(params.id)}`,
        "No stored run of this dataset has it.",
      );
    }
    const { finding, run } = found;
    const records = await store.recordsOf(dataset, finding.uids);
    const near = await store.findings(run.id, {
      after: finding.rank - 2,
      limit: 3,
      withSeries: false,
    });
    const ranked = (rank: number) => near.find((f) => f.rank === rank) ?? null;
    const previous = ranked(finding.rank - 1);
    const next = ranked(finding.rank + 1);
    const opinion = await store.opinion(finding.id);
    const { verdict, regular, tags, owner } = opinion;
    return {
      data: {
        finding,
        listed: { ...listed(finding), mark: { verdict, regular, tags, owner } },
        opinion,
        run,
        records,
        previous,
        next,
      },
    };
  },
};

/** The chosen run, or all of the dataset, newest first. */
async function candidates(
  store: SessionStore,
  url: URL,
): Promise<readonly RunSummary[]> {
  const dataset = await chosenDataset(store, url);
  if (!dataset) return [];
  const { run, runs } = await chosenRun(store, dataset, url);
  return url.searchParams.has("run") && run ? [run] : runs;
}

async function find(
  store: SessionStore,
  runs: readonly RunSummary[],
  id: string,
): Promise<{ finding: RankedFinding; run: RunSummary } | null> {
  for (const run of runs) {
    const finding = await store.finding(run.id, id);
    if (finding) return { finding, run };
  }
  return null;
}

export default function FindingPage({ data, url }: PageProps<Data>) {
  const { finding: f } = data;
  const intervals = intervalsOf(f.series.ts);
  return (
    <>
      <Crumb {...data} url={url} />
      <div class="head">
        <h1 class="say1">
          <Sentence text={f.summary} names={[f.src, f.name, f.dst]} />
        </h1>
      </div>
      <div class="head verdict">
        <SeverityMark finding={f} />
        <div class="read">
          <p>{strongest(f)}</p>
          <p class="soft small">
            {f.state} in this run · <Lane finding={f} url={url} />
          </p>
        </div>
        <FindingAnswers
          of={{ dataset: data.run.dataset, run: data.run.id }}
          finding={data.listed}
        />
      </div>
      <Facts finding={f} intervals={intervals} />
      <div class="grid">
        <Connections finding={f} intervals={intervals} />
        <Reasons finding={f} />
        <WhyCapped
          finding={f}
          benign={benignOf(data.run)}
          bands={data.run.report.bands}
        />
        <AlsoSeenAs keys={data.listed.alsoSeenAs} />
        <Said opinion={data.opinion} />
        {intervals === null
          ? null
          : <Waits finding={f} intervals={intervals} />}
        <FindingCharts
          finding={f}
          chance={chanceOf(f.series.ts)}
          durations={durationsOf(data.records)}
        />
        <section class="panel w12">
          <header>
            <h2>What was measured</h2>
          </header>
          <EvidenceTable evidence={f.evidence} />
        </section>
        <Records finding={f} records={data.records} run={data.run} />
      </div>
    </>
  );
}

function Crumb(
  { finding: f, run, previous, next, url }: Data & { url: URL },
) {
  return (
    <p class="crumb">
      <a href={linkTo("/", url)}>Findings</a>
      <span>
        {number(f.rank)} of {number(run.findingCount)}
      </span>
      <span>
        {visible(f.detector)} in {visible(run.dataset)}, run {run.id}
      </span>
      <span class="end">
        <Neighbour to={previous} url={url} rel="prev">Previous</Neighbour>
        <Neighbour to={next} url={url} rel="next">Next</Neighbour>
      </span>
    </p>
  );
}

function Neighbour(
  p: {
    to: RankedFinding | null;
    url: URL;
    rel: "prev" | "next";
    children: string;
  },
) {
  if (p.to === null) return null;
  return (
    <a rel={p.rel} href={linkTo(`/findings/${p.to.id}`, p.url)}>
      {p.children} finding
    </a>
  );
}

/** "egress, no. 3 of its lane", with the way to all of it. */
function Lane({ finding: f, url }: { finding: RankedFinding; url: URL }) {
  const list = linkTo("/", url);
  const to = `${list}${list.includes("?") ? "&" : "?"}q=lane:${f.direction}`;
  return (
    <>
      <a href={to}>{f.direction}</a>, {LANE_DOCS[f.direction]}
      {f.laneRank === undefined ? null : (
        <>
          : no. {number(f.laneRank)} of this lane
        </>
      )}
    </>
  );
}

/** The strongest reason for, and the strongest against, as one line. */
function strongest(f: RankedFinding): string {
  const best = f.reasons.find((r) => r.effect > 0);
  const worst = f.reasons.find((r) => r.effect < 0 && r.name !== "prior");
  const parts = [
    best && `For it: ${visible(best.text)}.`,
    worst && `Against it: ${visible(worst.text)}.`,
  ];
  return parts.filter(Boolean).join(" ");
}

function Connections(
  { finding: f, intervals }: {
    finding: RankedFinding;
    intervals: Intervals | null;
  },
) {
  const shown = f.series.ts.length;
  return (
    <section class="panel w12">
      <header>
        <h2>Every check-in</h2>
        <span class="small soft">
          one tick each · dots: wait before that check-in · times in{" "}
          {zoneName()}
        </span>
      </header>
      <Strip ts={f.series.ts} intervals={intervals} />
      {shown < f.count
        ? (
          <p class="note">
            {plural(shown, "check-in")} from {number(f.count)}{" "}
            records: bursts count once, and a very long series keeps its first
            values.
          </p>
        )
        : null}
    </section>
  );
}

function Reasons({ finding: f }: { finding: RankedFinding }) {
  const total = f.reasons.reduce((sum, r) => sum + r.effect, 0);
  return (
    <section class="panel w12">
      <header>
        <h2>Why {f.score.toFixed(2)}</h2>
        <span class="small soft">
          what speaks for it and against it, in log-odds · together{" "}
          {signed(total)}
        </span>
      </header>
      <ReasonTable reasons={f.reasons} />
      <p class="note">
        The parts add up to {signed(total)}{" "}
        in log-odds; the score is 1 ÷ (1 + e to the power of minus that sum),
        {" "}
        {f.score.toFixed(2)}. It orders findings and is no probability.
      </p>
    </section>
  );
}
