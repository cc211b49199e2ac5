import type { ImportView } from "../../islands/_import_view.ts";
import type { JobView } from "../../islands/_job_view.ts";
import {
  duration,
  number,
  plural,
  time,
  zoneName,
} from "../../islands/_format.ts";
import ImportForm from "../../islands/ImportForm.tsx";
import ImportProgress from "../../islands/ImportProgress.tsx";
import JobLine from "../../islands/JobLine.tsx";
import { cut, visible } from "../../islands/_visible.ts";
import type { DatasetSummary } from "../../pipeline/mod.ts";
import { heldBy, recordsIn } from "../_datasets.ts";
import type { PageProps, RouteContext } from "../_page.ts";

export const title = "Datasets";
export const styles = ["data"];

interface Data {
  readonly datasets: readonly DatasetSummary[];
  readonly roots: readonly string[];
  /** Under way, and the one that the address names. */
  readonly imports: readonly ImportView[];
  readonly jobs: readonly JobView[];
}

/** Jobs that change what this page shows; an import has a view of its own. */
const KINDS = ["delete", "prune", "merge", "copy", "hunt"];

export const handler = {
  async GET(context: RouteContext): Promise<{ data: Data }> {
    const { store, jobs, imports, url } = context;
    const named = [url.searchParams.get("import"), url.searchParams.get("job")];
    const shown = jobs.list().filter(({ id, state }) =>
      state === "running" || named.includes(String(id))
    );
    return {
      data: {
        datasets: await store.datasets(),
        roots: imports.roots.paths,
        imports: shown.map(({ id }) => imports.view(jobs.get(id)!))
          .filter((view) => view !== null),
        jobs: shown.filter(({ kind }) => KINDS.includes(kind)),
      },
    };
  },
};

export default function Datasets({ data }: PageProps<Data>) {
  const { datasets, roots, imports, jobs } = data;
  return (
    <>
      <div class="head">
        <h1>Datasets</h1>
        <span class="soft">
          {datasets.length === 0
            ? "No logs have been read yet"
            : plural(datasets.length, "dataset")}
        </span>
      </div>
      {jobs.map((job) => (
        <JobLine key={job.id} job={job} then={`/datasets?job=${job.id}`} />
      ))}
      {imports.map((view) => <ImportProgress key={view.job.id} view={view} />)}
      {datasets.length === 0 ? null : <Stored datasets={datasets} />}
      <section class="panel" aria-labelledby="import">
        <header>
          <h2 id="import">Import logs</h2>
          <span class="small soft">
            Zeek's conn, http, dns and ssl; TSV or JSON, also .gz
          </span>
        </header>
        <ImportForm
          roots={roots}
          datasets={datasets.filter(({ files }) => files > 0)
            .map((d) => ({ name: d.name, held: heldBy(d) }))}
        />
        <p class="note">
          The same content is read once, under whatever name. Logs stay on this
          machine; dropped files are removed after the import.
        </p>
      </section>
    </>
  );
}

function Stored({ datasets }: { datasets: readonly DatasetSummary[] }) {
  return (
    <section class="panel pad0" aria-labelledby="stored">
      <header>
        <h2 id="stored">Stored</h2>
      </header>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Stored datasets"
      >
        <table class="blocks">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="num">Files</th>
              <th scope="col" class="num">Records</th>
              <th scope="col" class="num">Lines skipped</th>
              <th scope="col">From ({zoneName()})</th>
              <th scope="col">To ({zoneName()})</th>
              <th scope="col" class="num">Span</th>
              <th scope="col" class="num">Runs</th>
              <th scope="col">
                <span class="sr">Pages</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {datasets.map((dataset) => <Row key={dataset.id} {...dataset} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row(dataset: DatasetSummary) {
  const { id, name, files, skipped, firstTs, lastTs, runs } = dataset;
  const query = new URLSearchParams({ dataset: name });
  const span = firstTs === null || lastTs === null ? NaN : lastTs - firstTs;
  return (
    <tr>
      <td class="wrap">
        <a href={`/datasets/${id}`}>{cut(visible(name), 120)}</a>
        {dataset.unfinished > 0
          ? (
            <span class="soft">
              {" "}
              {plural(dataset.unfinished, "record")} of a stopped import
            </span>
          )
          : null}
      </td>
      <td class="num" data-k="files">{number(files)}</td>
      <td class="num" data-k="records">{number(recordsIn(dataset))}</td>
      <td class="num" data-k="skipped">{number(skipped)}</td>
      <td class="nowrap" data-k="from">{time(firstTs)}</td>
      <td class="nowrap" data-k="to">{time(lastTs)}</td>
      <td class="num">{duration(span)}</td>
      <td class="num" data-k="runs">{number(runs)}</td>
      <td class="nowrap">
        <a href={`/?${query}`}>Findings</a>{" "}
        <a href={`/sessions?${query}`}>Sessions</a>{" "}
        <a href={`/hosts?${query}`}>Hosts</a>
      </td>
    </tr>
  );
}
