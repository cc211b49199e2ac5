import { plural, time, zoneName } from "../islands/_format.ts";
import { visible } from "../islands/_visible.ts";
import type { FindingPage } from "../islands/_finding_api.ts";
import FindingsIsland from "../islands/Findings.tsx";
import type { RunSummary } from "../pipeline/mod.ts";
import { chosenDataset, chosenRun } from "./_chosen.ts";
import { type Asked, askedBy, firstPage } from "./_finding_lists.ts";
import type { PageProps, RouteContext } from "./_page.ts";
import {
  Caveats,
  NotLookedAt,
  RunFacts,
  runTitle,
} from "./_parts/run_band.tsx";

export const title = "Findings";

export const styles = ["findings"];

/** Rows that come with the page; the others are fetched as they come into view. */
const SHOWN = 24;

interface Data {
  readonly dataset: string | null;
  readonly run: RunSummary | null;
  readonly runs: readonly RunSummary[];
  readonly asked: Asked;
  /** Null without a run. */
  readonly page: FindingPage | null;
}

export const handler = {
  async GET({ store, url }: RouteContext): Promise<{ data: Data }> {
    const dataset = await chosenDataset(store, url);
    const { run, runs } = dataset
      ? await chosenRun(store, dataset, url)
      : { run: null, runs: [] };
    const asked = askedBy(url);
    const page = run && await firstPage(store, run, asked, SHOWN);
    const name = dataset?.name ?? null;
    return { data: { dataset: name, run, runs, asked, page } };
  },
};

export default function Findings({ data }: PageProps<Data>) {
  const { run, asked, page } = data;
  if (run === null || page === null) return <NoRun dataset={data.dataset} />;
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
        <FindingsIsland
          of={{ dataset: run.dataset, run: run.id }}
          asked={asked}
          first={page}
        />
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
            {`${r.id}, ${time(r.startedAt, "min")} ${zoneName()}`}
          </option>
        ))}
      </select>
      <button type="submit">Show</button>
    </form>
  );
}
