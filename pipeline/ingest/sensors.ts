import type { Field, RecordBatch, TextColumn } from "../record_batch.ts";
import type { LogFile } from "./log_file.ts";
import { schemas } from "./log_type.ts";
import { baseName, foldersOf } from "./paths.ts";

/**
 * What else a record may say of where it was seen and of which device, read
 * besides its schema: shippers put the node into `_node_name`, Zeek's
 * policy/protocols/conn/mac-logging adds the MACs.
 */
export const PLACE_FIELDS: readonly Field[] = [
  { name: "_node_name", type: "string" },
  { name: "orig_l2_addr", type: "string" },
  { name: "resp_l2_addr", type: "string" },
];

/**
 * Names of the processes of one cluster (Zeek's node.cfg), among which the
 * connections of a pair are spread: they are no sensors of their own.
 */
const CLUSTER_NODE =
  /^(?:(?:.*\b)?worker|proxy|manager|logger|standalone|zeek|bro)(?:[-_.]?\d+)*$/i;

export function isClusterNode(name: string): boolean {
  return CLUSTER_NODE.test(name);
}

/** Folders that say when, or which kind of log, and not where. */
const TIME = /^\d[\d_.:T+-]*$/;
const NEUTRAL = new Set([
  ...schemas.keys(),
  ...["logs", "log", "zeek", "bro", "current", "spool", "tsv", "json", "gz"],
  ...["archive", "archived", "old", "new", "backup", "extract_files"],
  ...["combined", "individual"],
  ...["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
  ...["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
  "sunday",
]);

function isNeutral(folder: string): boolean {
  return TIME.test(folder) || NEUTRAL.has(folder.toLowerCase());
}

/**
 * The folder that each log's sensor is called after: where two folders or more
 * side by side hold conn logs and are named neither for a time nor for a kind
 * of log, as in `north/2024-04-19/conn.log` and `south/…`. Else none is.
 */
export function folderSensors(
  logs: readonly LogFile[],
): ReadonlyMap<LogFile, string> {
  const folders = logs.map(({ path }) => foldersOf(path));
  const shared = sharedLength(folders);
  const names = new Map<LogFile, string>();
  logs.forEach((log, i) => {
    const name = folders[i].slice(shared).find((part) => !isNeutral(part));
    if (name !== undefined) names.set(log, name);
  });
  const watched = logs.filter(holdsConnections).map((log) => names.get(log));
  return new Set(watched.filter((name) => name !== undefined)).size < 2
    ? new Map()
    : names;
}

/**
 * How to ask for the sensor of a log whose records name none.
 *
 * @param sensor as the user calls it, "" for none; the folder's name where
 * absent.
 */
export function sensorsOf(
  logs: readonly LogFile[],
  sensor?: string,
): (log: LogFile) => string | undefined {
  if (sensor !== undefined) return () => sensor || undefined;
  const folders = folderSensors(logs);
  return (log) => folders.get(log);
}

function holdsConnections({ logType, path }: LogFile): boolean {
  return ["conn", "open_conn", "mixed"].includes(logType) ||
    baseName(path).startsWith("conn.");
}

/** How many folders all paths begin with. */
function sharedLength(folders: readonly (readonly string[])[]): number {
  const [first = []] = folders;
  let n = 0;
  while (
    n < first.length && folders.every((parts) => parts[n] === first[n])
  ) n++;
  return n;
}

/**
 * The batch with each record's sensor in `_system_name`: as the record says,
 * else its node where that is none of a cluster, else `otherwise`.
 */
export function withSensor(
  batch: RecordBatch,
  otherwise: string | undefined,
): RecordBatch {
  const own = batch.texts("_system_name");
  const node = batch.texts("_node_name");
  const bare = batch.without("_node_name");
  const told = node.values.slice(1).some((name) => !isClusterNode(name));
  return otherwise === undefined && !told
    ? bare
    : bare.withTexts("_system_name", sensorColumn(own, node, otherwise));
}

function sensorColumn(
  own: TextColumn,
  node: TextColumn,
  otherwise: string | undefined,
): TextColumn {
  const values = [""];
  const known = new Map<string, number>();
  const codeOf = (text: string) => {
    let code = known.get(text);
    if (code === undefined) {
      known.set(text, code = values.length);
      values.push(text);
    }
    return code;
  };
  const ownCodes = own.values.map((text) => text === "" ? 0 : codeOf(text));
  const nodeCodes = node.values.map((text) =>
    text === "" || isClusterNode(text) ? 0 : codeOf(text)
  );
  const last = otherwise === undefined ? 0 : codeOf(otherwise);
  const codes = own.codes.map((code, i) =>
    ownCodes[code] || nodeCodes[node.codes[i]] || last
  );
  return { codes, values };
}
