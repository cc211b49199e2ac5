import type { KnownFit } from "../islands/_cluster_meta.ts";
import type { DatasetSummary } from "../pipeline/mod.ts";
import {
  clusterQuery,
  type ClusterSpec,
  clusterTitle,
} from "./_cluster_spec.ts";
import {
  type ClusterView,
  type ComputeClusters,
  largestFirst,
} from "./_clusters.ts";
import type { Job, Jobs } from "./_jobs.ts";

/** Views kept; one of a million sessions takes about 120 MB. */
const KEPT = 4;

interface Kept {
  readonly dataset: string;
  readonly known: KnownFit;
  readonly view: ClusterView;
}

/** The clusterings that pages show: fitted once each, the last few kept. */
export class ClusterFits {
  /** By what they are of; the last used at the end. */
  readonly #views = new Map<string, Kept>();

  constructor(readonly compute: ComputeClusters, readonly jobs: Jobs) {}

  /** The clustering of a dataset as it is now; null while there is none. */
  ready(dataset: DatasetSummary, spec: ClusterSpec): ClusterView | null {
    const key = keyOf(dataset, spec);
    const kept = this.#views.get(key);
    if (!kept) return null;
    this.#views.delete(key);
    this.#views.set(key, kept);
    return kept.view;
  }

  /** The job that fits it now; null where none does. */
  running(dataset: DatasetSummary, spec: ClusterSpec): number | null {
    const key = jobKey(dataset, spec);
    return this.jobs.list().find(({ id, state }) =>
      state === "running" && this.jobs.get(id)?.key === key
    )?.id ?? null;
  }

  /** Of a dataset, the last used first. */
  known(dataset: DatasetSummary): KnownFit[] {
    return [...this.#views.values()]
      .filter((kept) => kept.dataset === datasetKey(dataset))
      .map(({ known }) => known).toReversed();
  }

  /** Starts the fit, or joins the one under way. */
  start(dataset: DatasetSummary, spec: ClusterSpec): Job<ClusterMetaText> {
    const query = clusterQuery(spec);
    const href = hrefOf(dataset, query);
    return this.jobs.start<ClusterMetaText>({
      kind: "cluster",
      title: `${clusterTitle(spec)}, on ${dataset.name}`,
      key: jobKey(dataset, spec),
      run: async (options) => {
        const view = largestFirst(await this.compute(dataset, spec, options));
        this.#keep(keyOf(dataset, spec), {
          dataset: datasetKey(dataset),
          known: { query: query.toString(), title: clusterTitle(spec) },
          view,
        });
        return { text: outcomeOf(view) };
      },
      outcome: ({ text }) => ({ text, href }),
    });
  }

  #keep(key: string, kept: Kept): void {
    this.#views.delete(key);
    this.#views.set(key, kept);
    for (const old of this.#views.keys()) {
      if (this.#views.size > KEPT) this.#views.delete(old);
    }
  }
}

interface ClusterMetaText {
  readonly text: string;
}

function outcomeOf(view: ClusterView): string {
  const facts = view.facts.map(([name, value]) => `${name} ${value}`);
  return `${view.sizes.length} clusters; ${facts.join(", ")}`;
}

/** The page of a fit. */
export function hrefOf(
  { name }: { readonly name: string },
  query: URLSearchParams,
): string {
  return `/clusters?${new URLSearchParams({ dataset: name })}&${query}`;
}

/** Another import makes another key. */
function datasetKey(dataset: DatasetSummary): string {
  return [dataset.id, dataset.files, dataset.lastTs].join(" ");
}

function keyOf(dataset: DatasetSummary, spec: ClusterSpec): string {
  return `${datasetKey(dataset)} ${clusterQuery(spec)}`;
}

function jobKey(dataset: DatasetSummary, spec: ClusterSpec): string {
  return `cluster ${keyOf(dataset, spec)}`;
}
