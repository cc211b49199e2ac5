import {
  bytes,
  number,
  percent,
  plural,
  span,
  zoneName,
} from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import {
  type DatasetReport,
  type DatasetSummary,
  planRetention,
  recordsOf,
  type RetentionPlan,
  type SessionStore,
} from "../../pipeline/mod.ts";
import { datasetOf, heldBy, recordsIn, reportOf } from "../_datasets.ts";
import type { PageProps, RouteContext } from "../_page.ts";
import { Coverage, type CoverageRow } from "../_parts/coverage.tsx";
import { DatasetActions } from "../_parts/dataset_actions.tsx";
import { FileTable, SkippedLines } from "../_parts/import_report.tsx";
import { retentionOf } from "../_retention.ts";

export const title = "Dataset";
export const styles = ["data"];

interface Data {
  readonly report: DatasetReport;
  readonly rows: readonly CoverageRow[];
  readonly others: readonly DatasetSummary[];
  readonly size: number;
  readonly plan: RetentionPlan | null;
  readonly location: string;
  readonly home: string | null;
}

/** Bars of the time chart. */
const BINS = 240;

export const handler = {
  async GET(context: RouteContext): Promise<{ data: Data }> {
    const { store, url } = context;
    const dataset = await datasetOf(context);
    const { searchParams } = url;
    const [report, rows, size] = await Promise.all([
      reportOf(store, dataset),
      coverageRows(store, dataset),
      store.size(),
    ]);
    const retention = retentionOf(
      searchParams.get("olderThan")?.trim() ?? "",
      searchParams.get("maxSize")?.trim() ?? "",
    );
    const plan = retention && planRetention(
      await store.imports(dataset),
      retention,
      { bytes: size, records: await allRecords(store) },
    );
    const others = (await store.datasets())
      .filter(({ id }) => id !== dataset.id);
    const { location } = store;
    return {
      data: { report, rows, size, plan, others, location, home: context.home },
    };
  },
};

function coverageRows(
  store: SessionStore,
  dataset: DatasetReport["dataset"],
): Promise<CoverageRow[]> {
  return Promise.all(
    Object.keys(dataset.records).map(async (name) => ({
      name,
      histogram: await store.histogram(dataset, { logType: name, bins: BINS }),
    })),
  );
}

async function allRecords(store: SessionStore): Promise<number> {
  return (await store.datasets()).reduce((sum, d) => sum + recordsIn(d), 0);
}

export default function DatasetPage({ data, url }: PageProps<Data>) {
  const { report: { dataset, coverage }, rows, plan, others } = data;
  const query = new URLSearchParams({ dataset: dataset.name });
  const { firstTs, lastTs } = dataset;
  return (
    <>
      <nav class="crumb" aria-label="Trail">
        <a href="/datasets">Datasets</a>
        <span class="end">
          <a href={`/?${query}`}>Findings</a>
          <a href={`/sessions?${query}`}>Sessions</a>
          <a href={`/hosts?${query}`}>Hosts</a>
          <a href={`/api/datasets/${dataset.id}`}>JSON</a>
        </span>
      </nav>
      <div class="head">
        <h1>{cut(visible(dataset.name), 200)}</h1>
        <span class="soft">{heldBy(dataset)}</span>
      </div>
      <Facts {...data} />
      {firstTs === null || lastTs === null
        ? null
        : (
          <section class="panel" aria-labelledby="coverage">
            <header>
              <h2 id="coverage">Coverage</h2>
              <span class="small soft">
                records over time, square-root scale, {zoneName()}{" "}
                · hatched: none
              </span>
            </header>
            <Coverage
              rows={rows}
              from={firstTs}
              to={Math.max(lastTs, firstTs + 1)}
            />
            <Gaps gaps={coverage.gaps} />
          </section>
        )}
      <SkippedLines report={data.report} />
      <FileTable report={data.report} />
      <DatasetActions
        dataset={dataset}
        others={others}
        url={url}
        plan={plan && aboutPlan(plan)}
        location={data.location}
        home={data.home}
      />
    </>
  );
}

function Facts({ report: { dataset, coverage, files }, size }: Data) {
  return (
    <dl class="facts">
      <div class="two">
        <dt>Records</dt>
        <dd>
          {number(recordsIn(dataset))}{" "}
          <small>
            {Object.entries(dataset.records)
              .map(([type, n]) => `${visible(type)} ${number(n)}`).join(", ")}
          </small>
        </dd>
      </div>
      <div class="two">
        <dt>Window ({zoneName()})</dt>
        <dd class="range">{span(dataset.firstTs, dataset.lastTs)}</dd>
      </div>
      <div>
        <dt>Log coverage</dt>
        <dd>
          {percent(coverage.logCoverage)}{" "}
          <small>{plural(coverage.gaps.length, "gap")}</small>
        </dd>
      </div>
      <div>
        <dt>Lines skipped</dt>
        <dd>
          {number(dataset.skipped)}{" "}
          <small>of {number(dataset.skipped + recordsIn(dataset))}</small>
        </dd>
      </div>
      <div>
        <dt>Files</dt>
        <dd>
          {number(files.length)}{" "}
          <small>{bytes(files.reduce((sum, f) => sum + f.size, 0))}</small>
        </dd>
      </div>
      <div>
        <dt>Whole store</dt>
        <dd>{bytes(size)}</dd>
      </div>
    </dl>
  );
}

const LISTED = 8;

function Gaps({ gaps }: { gaps: DatasetReport["coverage"]["gaps"] }) {
  if (gaps.length === 0) {
    return <p class="note">There are records in every part of the window.</p>;
  }
  const shown = gaps.slice(0, LISTED).map(({ from, to }) => span(from, to));
  const more = gaps.length - shown.length;
  return (
    <p class="note">
      No records: {shown.join("; ")}
      {more > 0 ? `; and ${number(more)} more` : ""}.
    </p>
  );
}

/** "would remove 2 imports with 870 records, …". */
function aboutPlan({ byAge, bySize }: RetentionPlan): string {
  const all = [...byAge, ...bySize];
  if (all.length === 0) return "This would remove nothing.";
  const times = all.flatMap(({ firstTs, lastTs }) =>
    firstTs === null || lastTs === null ? [] : [firstTs, lastTs]
  );
  return `This would remove ${plural(all.length, "import")} with ${
    plural(recordsOf(all), "record")
  }, ${span(Math.min(...times), Math.max(...times))} ${zoneName()}: ${
    number(byAge.length)
  } by age, ${number(bySize.length)} by size.`;
}
