/** One session as the table of outliers shows it. */
export interface OutlierSession {
  readonly uid: string;
  /** −1 is noise. */
  readonly cluster: number;
  /** One value per feature name. */
  readonly values: readonly number[];
  readonly src: string;
  readonly dst: string;
}

/** What the browser needs of a clustering before the points themselves. */
export interface ClusterMeta {
  readonly algorithm: "kmeans" | "dbscan";
  readonly nSamples: number;
  /** The plane's two axes first, then the features. */
  readonly featureNames: readonly string[];
  /** Sessions in each cluster, largest first. */
  readonly sizes: readonly number[];
  /** What the command line calls each cluster. */
  readonly originals: readonly number[];
  /** Sessions in no cluster; 0 for k-means. */
  readonly noise: number;
  /** One list per feature name: each cluster's center; null without members. */
  readonly centers: readonly (readonly (number | null)[])[];
  /** The least populated clusters of k-means. */
  readonly outlierClusters: readonly number[];
  /** What each cluster mostly holds ("dns 53"); empty where not known. */
  readonly mostly: readonly string[];
  /** The features that were used, which the profile is about. */
  readonly used: readonly string[];
  /** Per cluster the means of the used features, as the scaler gives them. */
  readonly profile: readonly (readonly number[])[];
  /** A sentence: what was fitted on what. */
  readonly about: string;
  /** Name and value of what is worth knowing of the fit: "inertia", "0.473". */
  readonly facts: readonly (readonly [string, string])[];
  /** The first sessions of the outlier clusters, or of noise. */
  readonly outliers: readonly OutlierSession[];
}

/** A clustering that the server still holds, to be compared with. */
export interface KnownFit {
  /** Address of the fit, as {@link ClusterMeta} is asked for. */
  readonly query: string;
  readonly title: string;
}

/** A model that the store keeps for the dataset. */
export interface SavedClusterModel {
  readonly name: string;
  readonly kind: "kmeans" | "dbscan";
  /** Epoch seconds. */
  readonly createdAt: number;
}

/** What `GET /api/clusters/compare` answers. */
export interface Comparison {
  readonly title: string;
  /** Adjusted Rand index: 1 the same clusters, 0 no more than by chance. */
  readonly adjustedRand: number;
  /** Labels, −1 for noise. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Shape (rows, columns): sessions in both. */
  readonly counts: readonly (readonly number[])[];
}

/** What `POST /api/clusters/distances` answers. */
export interface DistanceCurve {
  /** Falling, at most 400 points: distance to the k-th neighbour. */
  readonly distances: readonly number[];
  /** Sessions that were measured. */
  readonly sampled: number;
  /** The distance at the knee. */
  readonly eps: number;
  readonly minSamples: number;
}
