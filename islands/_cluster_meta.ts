/** One session as the table of outliers shows it. */
export interface OutlierSession {
  readonly uid: string;
  readonly cluster: number;
  /** One value per feature name. */
  readonly values: readonly number[];
}

/** What the browser needs of a clustering before the points themselves. */
export interface ClusterMeta {
  readonly nSamples: number;
  /** Principal axes first, then the features. */
  readonly featureNames: readonly string[];
  /** Sessions in each cluster, largest first. */
  readonly sizes: readonly number[];
  /** One list per feature name: each cluster's center; null without members. */
  readonly centers: readonly (readonly (number | null)[])[];
  /** The least populated clusters. */
  readonly outlierClusters: readonly number[];
  /** What each cluster mostly holds ("dns 53"); empty where not known. */
  readonly mostly: readonly string[];
  /** A sentence: what was fitted on what. */
  readonly about: string;
  /** The first sessions of the outlier clusters, smallest cluster first. */
  readonly outliers: readonly OutlierSession[];
}
