/** Every model, and what reads one back from JSON. */
export { STANDARD_SCALER_PARAMS, StandardScaler } from "./standard_scaler.ts";
export { ROBUST_SCALER_PARAMS, RobustScaler } from "./robust_scaler.ts";
export { MIN_MAX_SCALER_PARAMS, MinMaxScaler } from "./min_max_scaler.ts";
export {
  fitScaler,
  type Scaler,
  scalerFromJSON,
  type ScalerName,
  SCALING_PARAMS,
} from "./scaler.ts";
export {
  type FitTransformOptions,
  PCA,
  PCA_PARAMS,
  type PCAParams,
} from "./pca.ts";
export {
  KMeans,
  KMEANS_PARAMS,
  type KMeansOptions,
  type KMeansParams,
} from "./kmeans.ts";
export {
  MINI_BATCH_KMEANS_PARAMS,
  MiniBatchKMeans,
  type MiniBatchKMeansParams,
} from "./mini_batch_kmeans.ts";
export { DBSCAN, DBSCAN_PARAMS, type DBSCANParams } from "./dbscan.ts";
export type { DBSCANOptions } from "./dbscan_run.ts";
export { MLPClassifier, type MLPClassifierOptions } from "./mlp_classifier.ts";
export { MLP_PARAMS, type MLPClassifierParams } from "./mlp_params.ts";
export {
  adjustedRand,
  type Contingency,
  contingency,
} from "./adjusted_rand.ts";
export {
  accuracy,
  averagePrecision,
  type ConfusionMatrix,
  confusionMatrix,
  f1,
  logLoss,
  precision,
  recall,
  rocAuc,
  rocCurve,
  type RocPoint,
} from "./metrics.ts";
export {
  type ClusterSuggestion,
  daviesBouldin,
  type KDistances,
  kDistances,
  silhouette,
  suggestClusters,
} from "./cluster_metrics.ts";
export { RandomState } from "./random.ts";
export type { FittedModel, ModelJson } from "./model_json.ts";
export { modelFromJSON } from "./model_from_json.ts";
