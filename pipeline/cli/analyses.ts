import {
  readRecords,
  type Records,
  type RecordSource,
  type SavedModel,
  saveModel,
} from "../mod.ts";
import { optionsOf } from "./arguments.ts";
import type { Call } from "./command.ts";
import { note } from "./output.ts";
import { datasetNamed, lastRunOf, storeOf } from "./stores.ts";

/** What an analysis reads: logs on disk, else a dataset, else the last one hunted in. */
export async function withRecords(
  call: Call,
  logType: string,
  use: (records: Records) => Promise<void>,
): Promise<void> {
  const target = call.flags.operands[0];
  const extraFields = call.flags.text("label-column")
    ? [{ name: call.flags.text("label-column")!, type: "string" }]
    : [];
  const read = async (source: RecordSource) =>
    await use(
      await readRecords(source, logType, { ...optionsOf(call), extraFields }),
    );
  if (target !== undefined && await exists(target)) {
    return await read({ path: target });
  }
  await using store = await storeOf(call, true);
  const name = target ?? (await lastRunOf(store, call)).dataset;
  await read({ store, dataset: await datasetNamed(store, name) });
}

export async function keepModel(
  call: Call,
  model: SavedModel,
): Promise<void> {
  const path = call.flags.text("save-model");
  if (!path) return;
  await saveModel(path, model);
  call.progress.clear();
  note(`  the model is kept in ${path}\n`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
