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
  logOfStdin,
  whyNothing,
} from "./find_logs.ts";
export { type LogFile, placeOf, STDIN } from "./log_file.ts";
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
export { ScratchFolder } from "./scratch.ts";
export { RECORD_TYPES, typesKept } from "./record_types.ts";
export { PLACE_FIELDS, sensorsOf, withSensor } from "./sensors.ts";
