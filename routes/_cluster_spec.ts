import {
  DBSCAN_PARAMS,
  FEATURE_SETS,
  type FeatureSet,
} from "../pipeline/mod.ts";
import {
  checkParams,
  KMEANS_PARAMS,
  type Params,
  parseParam,
  SCALING_PARAMS,
} from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

export const ALGORITHMS = ["kmeans", "dbscan"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What is to be clustered how: all that a fit depends on, but the dataset. */
export interface ClusterSpec {
  readonly algorithm: Algorithm;
  readonly set: FeatureSet;
  /** Names of the set's features that are used, in its order. */
  readonly columns: readonly string[];
  readonly scaler: "standard" | "robust" | "minmax";
  /** Checked values of the algorithm's parameters. */
  readonly params: Readonly<Record<string, number | string>>;
  /** Name of a saved model that is applied instead of fitting a new one. */
  readonly model: string | null;
}

export const PARAMS: Readonly<Record<Algorithm, Params>> = {
  kmeans: KMEANS_PARAMS,
  dbscan: DBSCAN_PARAMS,
};

/** Sets on the connections themselves: what these pages show. */
export const SETS = FEATURE_SETS.filter(({ logType }) => logType === "conn");

/**
 * What an address or a form asks for; what it leaves out is the original's.
 *
 * @throws HttpError 400 that names the field, its range and what was given.
 */
export function clusterSpec(given: URLSearchParams): ClusterSpec {
  const algorithm = choice(given, "algorithm", ALGORITHMS);
  const setName = choice(given, "features", SETS.map(({ name }) => name));
  const set = SETS.find(({ name }) => name === setName)!;
  const params: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(PARAMS[algorithm])) {
    const text = given.get(name);
    if (text !== null) params[name] = parseParam(param, text);
  }
  const scaler = given.get("scaler") ?? SCALING_PARAMS.scaler.default;
  try {
    const what = algorithm === "kmeans" ? "fit KMeans" : "fit DBSCAN";
    return {
      algorithm,
      set,
      columns: columnsOf(given, set),
      scaler: checkParams("scale the features", SCALING_PARAMS, { scaler })
        .scaler,
      params: checkParams(what, PARAMS[algorithm], params) as Record<
        string,
        number | string
      >,
      model: given.get("model") || null,
    };
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) {
      throw new HttpError(400, error.message);
    }
    throw error;
  }
}

function choice<T extends string>(
  given: URLSearchParams,
  name: string,
  values: readonly T[],
): T {
  const value = given.get(name) ?? values[0];
  if (values.includes(value as T)) return value as T;
  throw new HttpError(
    400,
    `Cannot compute clusters: ${name} must be one of ${values.join(", ")}`,
  );
}

/** `columns` may be given again and again, as a form's boxes are. */
function columnsOf(given: URLSearchParams, set: FeatureSet): string[] {
  const all = set.features.map(({ name }) => name);
  const named = given.getAll("columns").flatMap((text) => text.split(","));
  if (named.length === 0) return all;
  const unknown = named.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot compute clusters: ${set.name} has no feature ${
        JSON.stringify(unknown)
      }`,
    );
  }
  return all.filter((name) => named.includes(name));
}

/** The same spec as an address: the same fit always has the same one. */
export function clusterQuery(spec: ClusterSpec): URLSearchParams {
  const query = new URLSearchParams({
    algorithm: spec.algorithm,
    features: spec.set.name,
  });
  if (spec.model !== null) {
    query.set("model", spec.model);
    return query;
  }
  if (spec.columns.length < spec.set.features.length) {
    query.set("columns", spec.columns.join(","));
  }
  query.set("scaler", spec.scaler);
  for (const [name, value] of Object.entries(spec.params)) {
    query.set(name, String(value));
  }
  return query;
}

/** "k-means, 20 clusters, 7 of session's features, standard". */
export function clusterTitle(spec: ClusterSpec): string {
  const name = spec.algorithm === "kmeans" ? "k-means" : "DBSCAN";
  if (spec.model !== null) return `${name} by the saved model ${spec.model}`;
  const { nClusters, eps, minSamples } = spec.params;
  const how = spec.algorithm === "kmeans"
    ? `${nClusters} clusters`
    : `eps ${eps}, minSamples ${minSamples}`;
  const { columns, set } = spec;
  const features = columns.length === set.features.length
    ? `all features of ${set.name}`
    : columns.join(", ");
  return `${name}, ${how}, ${features}, ${spec.scaler} scaler`;
}
