import type { DistanceCurve } from "../../../islands/_cluster_meta.ts";
import { kDistances, scaledFeatures } from "../../../pipeline/mod.ts";
import { postedClusterRequest } from "../../_cluster_request.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";
import { sessionRecords } from "../../_session_clusters.ts";

/** Points of the curve that travel: more than any screen has to show. */
const POINTS = 400;

export const api: ApiDescription = {
  summary:
    "Measures how far the minSamples-th neighbour of sessions is, to choose eps by; runs as a job.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
    "features, columns, scaler, minSamples": "form: as for GET /api/clusters",
  },
  answer: "JSON, DistanceCurve",
  errors: { 409: "it was cancelled, or cannot be measured" },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store, jobs } = context;
    const { dataset, spec, fields } = await postedClusterRequest(context);
    const minSamples = Number(spec.params.minSamples);
    const job = jobs.start<DistanceCurve>({
      kind: "distances",
      title: `distances to the ${minSamples}th neighbour, on ${dataset.name}`,
      key: `distances ${dataset.id} ${fields}`,
      async run(options) {
        const records = await sessionRecords(store, dataset, options);
        const { scaled } = await scaledFeatures(records, spec.set.name, {
          ...options,
          columns: spec.columns,
          scaler: spec.scaler,
        });
        const { distances, eps } = await kDistances(
          scaled,
          minSamples,
          {},
          options,
        );
        return {
          distances: thinned(distances),
          sampled: distances.length,
          eps,
          minSamples,
        };
      },
      outcome: ({ eps }) => ({ text: `the knee is at eps ${eps.toFixed(3)}` }),
    });
    await job.ended;
    if (job.result) return Response.json(job.result);
    throw new HttpError(409, job.view().outcome ?? "Cannot measure distances");
  },
};

/** Falling, evenly thinned to {@link POINTS}. */
function thinned(rising: Float64Array): number[] {
  const n = Math.min(POINTS, rising.length);
  return Array.from({ length: n }, (_, i) => {
    const at = n === 1 ? 0 : Math.round(i * (rising.length - 1) / (n - 1));
    return rising[rising.length - 1 - at];
  });
}
