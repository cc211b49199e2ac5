/** Every model, and what reads one back from JSON. */
export { STANDARD_SCALER_PARAMS, StandardScaler } from "./standard_scaler.ts";
export { PCA, PCA_PARAMS, type PCAParams } from "./pca.ts";
export {
  KMeans,
  KMEANS_PARAMS,
  type KMeansOptions,
  type KMeansParams,
} from "./kmeans.ts";
export { DBSCAN, DBSCAN_PARAMS, type DBSCANParams } from "./dbscan.ts";
export { MLPClassifier, type MLPClassifierOptions } from "./mlp_classifier.ts";
export { MLP_PARAMS, type MLPClassifierParams } from "./mlp_params.ts";
export {
  accuracy,
  averagePrecision,
  type ConfusionMatrix,
  confusionMatrix,
  f1,
  precision,
  recall,
} from "./metrics.ts";
export { RandomState } from "./random.ts";
export type { FittedModel, ModelJson } from "./model_json.ts";
export { modelFromJSON } from "./model_from_json.ts";
