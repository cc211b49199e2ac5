import { messageOf, SkerryError } from "./errors.ts";
import { elementsOf } from "./field_json.ts";
import type { RunOptions } from "./progress.ts";
import { type Field, isNumeric, type RecordBatch } from "./record_batch.ts";
import type { Dataset, SessionStore } from "./store/session_store.ts";

/** A file that was written. */
export interface ExportedFile {
  readonly path: string;
  readonly logType: string;
  readonly records: number;
}

/**
 * Writes a dataset's records as Zeek's JSON logs, `DIR/conn.log` and so on: one
 * object per line, fields under Zeek's names, unset ones left out, ordered by
 * source, destination, port and time. Importing the folder gives the same
 * records.
 *
 * @throws SkerryError when a file is there already, or cannot be written; what
 * was written of it is removed.
 */
export async function exportDataset(
  store: SessionStore,
  dataset: Dataset,
  folder: string,
  options: RunOptions = {},
): Promise<ExportedFile[]> {
  const all = await store.datasets();
  const held = all.find(({ id }) => id === dataset.id)?.records ?? {};
  await made(folder);
  const files: ExportedFile[] = [];
  try {
    for (const logType of Object.keys(held)) {
      const path = `${folder}/${logType}.log`;
      using file = await created(path);
      files.push({ path, logType, records: 0 });
      const records = await writeLog(file, store, dataset, logType, options);
      files[files.length - 1] = { path, logType, records };
    }
  } catch (error) {
    for (const { path } of files) await Deno.remove(path);
    throw error;
  }
  return files;
}

async function writeLog(
  file: Deno.FsFile,
  store: SessionStore,
  dataset: Dataset,
  logType: string,
  { signal, onProgress }: RunOptions,
): Promise<number> {
  const encoder = new TextEncoder();
  let done = 0;
  for await (const batch of store.batches(dataset, logType, { signal })) {
    await writeAll(file, encoder.encode(linesOf(batch)));
    done += batch.length;
    onProgress?.({ stage: `writing ${logType}`, done, unit: "records" });
  }
  return done;
}

/** One JSON object per record, as Zeek's `LogAscii::use_json` writes them. */
export function linesOf(batch: RecordBatch): string {
  const path = `{"_path":${JSON.stringify(batch.schema.path)}`;
  const lines = new Array<string>(batch.length).fill(path);
  for (const field of batch.schema.fields) {
    if (!batch.has(field.name)) continue;
    const add = isNumeric(field.type) ? addNumbers : addTexts;
    add(lines, batch, field);
  }
  return lines.map((line) => line + "}\n").join("");
}

function addNumbers(
  lines: string[],
  batch: RecordBatch,
  { name, type }: Field,
): void {
  const key = `,${JSON.stringify(name)}:`;
  const values = batch.numbers(name);
  for (let i = 0; i < lines.length; i++) {
    if (Number.isNaN(values[i])) continue;
    lines[i] += key + (type === "time" ? values[i].toFixed(6) : values[i]);
  }
}

function addTexts(lines: string[], batch: RecordBatch, field: Field): void {
  const key = `,${JSON.stringify(field.name)}:`;
  const { codes, values } = batch.texts(field.name);
  const parts = values.map((text) => key + jsonOf(field.type, text));
  for (let i = 0; i < lines.length; i++) {
    if (codes[i] !== 0) lines[i] += parts[codes[i]];
  }
}

function jsonOf(type: string, text: string): string {
  const element = /^(?:set|table|vector)\[(.*)\]$/.exec(type)?.[1];
  if (element !== undefined) {
    const parts = elementsOf(text);
    return `[${parts.map((part) => elementJson(element, part)).join(",")}]`;
  }
  return type === "bool" ? boolJson(text) : JSON.stringify(text);
}

function elementJson(element: string, text: string | null): string {
  if (text === null) return "null";
  if (element === "bool") return boolJson(text);
  return isNumeric(element) ? text : JSON.stringify(text);
}

function boolJson(text: string): string {
  return text === "T" ? "true" : text === "F" ? "false" : JSON.stringify(text);
}

async function made(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new SkerryError(
      `Cannot make the folder ${folder}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

async function created(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, createNew: true });
  } catch (error) {
    throw new SkerryError(
      error instanceof Deno.errors.AlreadyExists
        ? `Cannot export: ${path} is there already`
        : `Cannot write ${path}: ${messageOf(error)}`,
      { hint: "give a folder of its own", cause: error },
    );
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}
