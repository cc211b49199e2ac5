import { DBSCAN } from "./dbscan.ts";
import { KMeans } from "./kmeans.ts";
import { MLPClassifier } from "./mlp_classifier.ts";
import type { FittedModel } from "./model_json.ts";
import { MinMaxScaler } from "./min_max_scaler.ts";
import { PCA } from "./pca.ts";
import { RobustScaler } from "./robust_scaler.ts";
import { StandardScaler } from "./standard_scaler.ts";

/** A new model is a file and a line here. */
const READERS: ReadonlyMap<string, (value: unknown) => FittedModel> = new Map<
  string,
  (value: unknown) => FittedModel
>([
  ["StandardScaler", StandardScaler.fromJSON],
  ["RobustScaler", RobustScaler.fromJSON],
  ["MinMaxScaler", MinMaxScaler.fromJSON],
  ["PCA", PCA.fromJSON],
  ["KMeans", KMeans.fromJSON],
  ["DBSCAN", DBSCAN.fromJSON],
  ["MLPClassifier", MLPClassifier.fromJSON],
]);

/**
 * The fitted model that `toJSON` wrote, of whatever kind it names.
 *
 * @throws SyntaxError for an unknown kind or damaged content.
 *
 * ```ts
 * import { modelFromJSON, StandardScaler } from "./mod.ts";
 * import { featureMatrix } from "../feature_matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const X = featureMatrix(Float64Array.of(1, 3), ["duration"]);
 * const text = JSON.stringify(await StandardScaler.fit(X));
 * assert(modelFromJSON(JSON.parse(text)) instanceof StandardScaler);
 * ```
 */
export function modelFromJSON(value: unknown): FittedModel {
  const kind = (value as { kind?: unknown } | null)?.kind;
  const read = READERS.get(kind as string);
  if (!read) {
    throw new SyntaxError(
      `Cannot read a model: kind must be one of ` +
        `${[...READERS.keys()].join(", ")}, got ${JSON.stringify(kind)}`,
    );
  }
  return read(value);
}
