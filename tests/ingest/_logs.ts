import { fileURLToPath } from "node:url";
import {
  type FileReport,
  findLogs,
  readBatches,
  type ReadOptions,
} from "../../pipeline/ingest/mod.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";

type Row = Record<string, string | number>;

/** What a file holds, whole. */
export interface Reading {
  readonly batches: RecordBatch[];
  readonly report: FileReport;
  /** Records of all batches. */
  readonly rows: Row[];
}

/** Path of a file or folder in `fixtures/ingest/`. */
export function fixture(name: string): string {
  return fileURLToPath(
    new URL(`../../fixtures/ingest/${name}`, import.meta.url),
  );
}

/** Path in the shared data set, which is beside the project, not in it. */
export function shared(name: string): string {
  return fileURLToPath(
    new URL(`../../../shared/data/${name}`, import.meta.url),
  );
}

/** A test on shared data; passed over, and said so, where they are absent. */
export function sharedTest(
  name: string,
  folder: string,
  fn: (path: string) => Promise<void>,
): void {
  const path = shared(folder);
  const ignore = !exists(path);
  if (ignore) console.log(`skipped "${name}": there is no ${folder}`);
  Deno.test({ name, ignore, fn: () => fn(path) });
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Reads one file that must be a log. */
export async function read(
  path: string,
  options: ReadOptions = {},
): Promise<Reading> {
  const { logs: [log], ignored } = await findLogs(path, options);
  if (!log) throw new Error(`no log: ${ignored[0].reasons.join("; ")}`);
  const batches: RecordBatch[] = [];
  const report = await readBatches(log, (b) => void batches.push(b), options);
  const rows = batches.flatMap((batch) =>
    Array.from({ length: batch.length }, (_, i) => batch.row(i))
  );
  return { batches, report, rows };
}

/** Runs with a file of this content that is gone afterwards. */
export async function withFile<T>(
  content: string | Uint8Array,
  use: (path: string) => Promise<T>,
  name = "conn.log",
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/${name}`;
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(path, bytes);
    return await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A conn log of `n` records, `ts` a second apart. */
export function connLog(n: number): string {
  const rows = Array.from(
    { length: n },
    (_, i) =>
      [1700000000 + i, `C${i}`, "192.0.2.1", 1024, "192.0.2.2", 80, "tcp", "SF"]
        .join("\t"),
  );
  return CONN_HEADER + rows.map((row) => row + "\n").join("");
}

export const CONN_HEADER = [
  "#separator \\x09",
  "#set_separator\t,",
  "#empty_field\t(empty)",
  "#unset_field\t-",
  "#path\tconn",
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state",
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring",
  "",
].join("\n");
