/** Zeek's logs, from a folder on disk to batches of columns. */
export type { FileReport, LogFormat, StreamReport } from "./file_report.ts";
export {
  contentFingerprint,
  fileFingerprint,
  type Fingerprint,
  linesBefore,
} from "./fingerprint.ts";
export {
  findLogs,
  type FoundLogs,
  type IgnoredFile,
  type LogFile,
  logOfStdin,
  STDIN,
  whyNothing,
} from "./log_file.ts";
export { typeOfRaw } from "./generic_schema.ts";
export { type LogType, logTypes, recognise, schemas } from "./log_type.ts";
export {
  type LogStart,
  readBatches,
  readLog,
  type ReadOptions,
} from "./read_log.ts";
export { type LogEvent, readLogs, type ReadLogsOptions } from "./read_logs.ts";
export type { KeepOptions } from "./read_part.ts";
export { PLACE_FIELDS, sensorsOf, withSensor } from "./sensors.ts";
