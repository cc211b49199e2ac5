import { number, plural, utc } from "../islands/_format.ts";
import { visible } from "../islands/_visible.ts";
import type { RankedFinding, RunSummary } from "../pipeline/mod.ts";
import { chosenDataset, chosenRun } from "./_chosen.ts";
import type { PageProps, RouteContext } from "./_page.ts";
import { FindingRows } from "./_parts/finding_rows.tsx";
import {
  Caveats,
  NotLookedAt,
  RunFacts,
  runTitle,
} from "./_parts/run_band.tsx";
import { SeverityCounts } from "./_parts/severity.tsx";

export const title = "Findings";

/** Rows that a page shows; the rest is one query away in a later version. */
const SHOWN = 1000;

interface Data {
  readonly dataset: string | null;
  readonly run: RunSummary | null;
  readonly runs: readonly RunSummary[];
  readonly findings: readonly RankedFinding[];
}

export const handler = {
  async GET({ store, url }: RouteContext): Promise<{ data: Data }> {
    const dataset = await chosenDataset(store, url);
    const { run, runs } = dataset
      ? await chosenRun(store, dataset, url)
      : { run: null, runs: [] };
    const findings = run ? await store.findings(run.id, { limit: SHOWN }) : [];
    const name = dataset?.name ?? null;
    return { data: { dataset: name, run, runs, findings } };
  },
};

export default function Findings({ data, url }: PageProps<Data>) {
  const { run } = data;
  if (run === null) return <NoRun dataset={data.dataset} />;
  return (
    <>
      <div class="head">
        <h1>{plural(run.findingCount, "finding")}</h1>
        <span class="soft">
          in {visible(run.dataset)} · {runTitle(run.id, run.report)}
        </span>
        <RunChooser run={run} runs={data.runs} />
      </div>
      <RunFacts report={run.report} />
      <Caveats report={run.report} />
      {run.findingCount === 0 ? <Nothing run={run} /> : (
        <>
          <SeverityCounts findings={data.findings} />
          <FindingRows
            findings={data.findings}
            window={run.report.window}
            url={url}
          />
          <Cut shown={data.findings.length} all={run.findingCount} />
        </>
      )}
      <NotLookedAt report={run.report} />
    </>
  );
}

function NoRun({ dataset }: { dataset: string | null }) {
  const title = dataset === null
    ? "No logs have been read yet"
    : `No run of ${visible(dataset)} yet`;
  return (
    <section class="state">
      <h1>{title}</h1>
      <p>
        {title}: run{" "}
        <code>skerry run DIR</code>, where DIR holds Zeek's logs, and load this
        page again.
      </p>
    </section>
  );
}

/** What was scored, so that an empty list can be told from a blind one. */
function Nothing({ run }: { run: RunSummary }) {
  const { report } = run;
  return (
    <section class="state">
      <h2>No finding in {plural(report.connectionCount, "connection")}</h2>
      <p>
        Every pair of {plural(report.hostCount, "internal host")}{" "}
        and its destinations was scored, and none is urgent enough to list. What
        could not be scored stands below.
      </p>
    </section>
  );
}

function Cut({ shown, all }: { shown: number; all: number }) {
  if (shown >= all) return null;
  return (
    <p class="note">
      The first {number(shown)} of {number(all)}{" "}
      findings, highest score first; the counts are of these.
    </p>
  );
}

function RunChooser(
  { run, runs }: { run: RunSummary; runs: readonly RunSummary[] },
) {
  if (runs.length < 2) return null;
  return (
    <form class="chooser end" action="/">
      <input type="hidden" name="dataset" value={run.dataset} />
      <label for="run">Run</label>
      <select id="run" name="run">
        {runs.map((r) => (
          <option key={r.id} value={r.id} selected={r.id === run.id}>
            {`${r.id}, ${utc(r.startedAt, "min")}`}
          </option>
        ))}
      </select>
      <button type="submit">Show</button>
    </form>
  );
}
