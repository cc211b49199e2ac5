/** What the command line and the pages may use. */
export { addressBytes } from "./address.ts";
export {
  analystAnswers,
  analystLabels,
  answersOf,
  type AnswerSource,
  type BeaconNet,
  type Judged,
  LABEL_COLUMNS,
  predictWith,
  SPLIT_PARAMS,
  type SplitParams,
  type Training,
  trainNet,
} from "./classify.ts";
export { type PairHit, pairHits, type PairSession } from "./classify_pairs.ts";
export {
  type CurvePoint,
  type Cut,
  type NetMetrics,
  netMetrics,
  type Review,
  reviewOf,
  thinned,
  thresholdAt,
} from "./classify_review.ts";
export {
  applyClusters,
  type Cluster,
  clusterDBSCAN,
  type Clustering,
  clusterKMeans,
  clusterMembers,
  clusterMetrics,
  type ClusterModel,
  featuresOf,
  MEMBERS_KEPT,
  OUTLIER_CLUSTERS,
  type ScaledFeatures,
  scaledFeatures,
} from "./cluster.ts";
export {
  findProgram,
  isCapture,
  makeLogs,
  shellText,
  zeekArguments,
} from "./capture.ts";
export {
  defaultStore,
  type Environment,
  parseDuration,
  parseNetworks,
  parseSize,
  parseTime,
} from "./config.ts";
export { cut, CUT_FORMATS } from "./cut.ts";
export {
  coverageBins,
  type DatasetReport,
  datasetReport,
} from "./dataset_report.ts";
export {
  type CommandSpec,
  type Flag,
  helpText,
  paramFlags,
  type Parsed,
  parseFlags,
} from "./flags.ts";
export {
  atLeast,
  baselineOf,
  diffRuns,
  type FindingDiff,
  hasChanged,
  highestScore,
  type RunDiff,
} from "./diff.ts";
export {
  BEHAVIOUR_DOCS,
  type BenignEdits,
  benignJson,
  type BenignList,
  type Chance,
  chanceOf,
  DETECTORS,
  LIFT_DOCS,
  mergedBenign,
  parseBenign,
  PART_DOCS,
  type Score,
  SCORES,
  SHIPPED,
  SIGNAL_DOCS,
} from "./detectors/mod.ts";
export { fileProblem, messageOf, SkerryError, UsageError } from "./errors.ts";
export { exportDataset, type ExportedFile, linesOf } from "./export_dataset.ts";
export {
  evaluate,
  evaluateRanking,
  evaluateRun,
  type Evaluation,
  type Ranked,
  type RunEvaluation,
} from "./evaluate.ts";
export {
  type FeatureMatrix,
  featureMatrix,
  selectFeatures,
} from "./feature_matrix.ts";
export { FEATURE_SETS, type FeatureSet, featureSet } from "./features/mod.ts";
export { type JitterLaw, jitterLaw } from "./features/jitter_law.ts";
export { areUsual, bandsOf, bandsText } from "./bands.ts";
export { capOf } from "./severity_bands.ts";
export {
  namedValue,
  thresholdParams,
  type Thresholds,
  thresholdsOf,
} from "./thresholds.ts";
export { type HuntChange, huntChange, huntChangeText } from "./hunt_preview.ts";
export {
  BANDS,
  type Bands,
  type Finding,
  organisationText,
  type Reason,
  type Series,
  SEVERITIES,
  type Severity,
  severityOf,
  type Verdict,
} from "./finding.ts";
export {
  type HostEntry,
  type Organisations,
  parseHosts,
  readOrganisations,
} from "./hosts/mod.ts";
export { type BenignFile, hunt, type HuntOptions, ranked } from "./hunt.ts";
export type { FoundLogs } from "./ingest/mod.ts";
export { follow, type FollowOptions } from "./follow.ts";
export {
  type FileProgress,
  importLogs,
  type ImportOptions,
  type ImportResult,
  logsUnder,
  STDIN,
} from "./import_logs.ts";
export {
  describeModel,
  loadModel,
  modelJson,
  type ModelMetrics,
  type ModelOf,
  readModel,
  type SavedModel,
  saveModel,
} from "./model_file.ts";
export * from "./models/mod.ts";
export {
  checkParams,
  flagOf,
  type NumberParam,
  type Param,
  type Params,
  parseParam,
  rangeOf,
  type ValuesOf,
} from "./options.ts";
export {
  isLogType,
  PAIR_LOGS,
  RECORDS_KEPT,
  type RecordsKept,
  tellsPairs,
} from "./log_type_name.ts";
export { breathe, Pacer, type Progress, type RunOptions } from "./progress.ts";
export { readRecords, Records, type RecordSource } from "./records.ts";
export { byLane, LANE_DOCS, laneRanks, LANES } from "./lanes.ts";
export type {
  Gap,
  ImportReport,
  RankedFinding,
  RunReport,
  Window,
} from "./run_report.ts";
export {
  planRetention,
  prune,
  recordsOf,
  type Retention,
  type RetentionPlan,
} from "./retention.ts";
export {
  importSafelist,
  parseSafelist,
  type SafelistImport,
} from "./safelist_file.ts";
export { type FindingRecords, findingRecords } from "./finding_records.ts";
export { KnownFindings } from "./known_findings.ts";
export {
  type FindingList,
  findingList,
  listedFindings,
  queried,
  type SafelistPreview,
  safelistPreview,
} from "./finding_list.ts";
export {
  FIELDS as QUERY_FIELDS,
  SORTS as QUERY_SORTS,
} from "./finding_fields.ts";
export {
  type FindingQuery,
  parseQuery,
  type QueryError,
  queryErrorText,
} from "./finding_query.ts";
export {
  type FindingGroup,
  grouped,
  type Grouping,
  GROUPINGS,
} from "./finding_rows.ts";
export {
  type HiddenCount,
  isSevere,
  listed,
  type ListedFinding,
} from "./finding_view.ts";
export {
  hides,
  SAFELIST_KINDS,
  safelistValue,
  sharedSuffix,
} from "./safelist.ts";
export { csv } from "./report/csv.ts";
export { clusteringJson, clusteringText } from "./report/cluster_report.ts";
export {
  predictionJson,
  predictionText,
  trainingJson,
  trainingText,
} from "./report/net_report.ts";
export {
  datasetCsv,
  datasetJson,
  datasetsCsv,
  datasetText,
} from "./report/dataset_text.ts";
export { copyCsv, copyText } from "./report/copy_text.ts";
export { diffCsv, diffJson, diffText } from "./report/diff_text.ts";
export {
  type CountedRun,
  runsCsv,
  runsJson,
  runsText,
} from "./report/runs_text.ts";
export { evaluationText } from "./report/evaluation_text.ts";
export { findingText } from "./report/finding_text.ts";
export { datasetsText, recordsCsv, recordsText } from "./report/listing.ts";
export {
  logTypesText,
  rowsOf as recordRows,
  storedRecordsText,
} from "./report/records_text.ts";
export { ProgressPrinter } from "./report/progress_bar.ts";
export { findingJson, findingsCsv, runJson } from "./report/run_json.ts";
export { hostFacts, placeFacts } from "./report/host_text.ts";
export { hostsCsv, hostsText, oneHostText } from "./report/hosts_text.ts";
export { importText } from "./report/import_text.ts";
export { byLaneText, findingsText } from "./report/findings_text.ts";
export { benignListText } from "./report/benign_text.ts";
export { runText } from "./report/run_text.ts";
export { safelistCsv, safelistText } from "./report/safelist_text.ts";
export { PLAIN, styled, type Terminal } from "./report/terminal.ts";
export { visible } from "./report/visible.ts";
export { modelsCsv, modelsText, modelText } from "./report/model_text.ts";
export {
  copyDataset,
  copyStore,
  NoStore,
  openStore,
  PasswordNeeded,
  type StoreOptions,
  storeSql,
} from "./store/mod.ts";
export type { CopyReport } from "./store/copy_store.ts";
export type {
  ClusterMembers,
  Dataset,
  DatasetSummary,
  Histogram,
  HostHour,
  HostMark,
  HostNote,
  HostOverview,
  HostSide,
  HostSummary,
  Mark,
  Opinion,
  PairSummary,
  RunSummary,
  SafelistEntry,
  SafelistKind,
  SearchResult,
  SessionPage,
  SessionQuery,
  SessionStore,
  StoredModel,
  StoredRecord,
} from "./store/session_store.ts";
export { parseTruth, type TruthRow } from "./truth.ts";
export { VERSION } from "./version.ts";
export * as wording from "./wording.ts";
