import {
  type ClusterMembers,
  loadModel,
  modelJson,
  type ModelMetrics,
  type ModelOf,
  readModel,
  readRecords,
  type Records,
  type RecordSource,
  type SavedModel,
  saveModel,
  SkerryError,
  UsageError,
} from "../mod.ts";
import { absolute, optionsOf } from "./arguments.ts";
import type { Call } from "./command.ts";
import { note } from "./output.ts";
import { datasetNamed, lastRunOf, storeOf } from "./stores.ts";

/** What an analysis reads: logs on disk, else a dataset, else the last one hunted in. */
export async function withRecords(
  call: Call,
  logType: string,
  use: (records: Records, source: RecordSource) => Promise<void>,
): Promise<void> {
  const target = call.flags.operands[0];
  const extraFields = call.flags.text("label-column")
    ? [{ name: call.flags.text("label-column")!, type: "string" }]
    : [];
  const options = { ...optionsOf(call), extraFields };
  const read = async (source: RecordSource) =>
    await use(await readRecords(source, logType, options), source);
  if (target !== undefined && await exists(target)) {
    return await read({ path: target });
  }
  await using store = await storeOf(call, true);
  const name = target ?? (await lastRunOf(store, call)).dataset;
  await read({ store, dataset: await datasetNamed(store, name) });
}

/**
 * Where `--save-model` says: a file, or the store under `@NAME`, with the
 * members of its clusters.
 */
export async function keepModel(
  call: Call,
  model: SavedModel,
  metrics: ModelMetrics,
  source: RecordSource,
  members: readonly ClusterMembers[] = [],
): Promise<void> {
  const place = call.flags.text("save-model");
  if (!place) return;
  if (place.startsWith("@")) {
    const name = nameOf(place);
    const dataset = "path" in source
      ? absolute(source.path)
      : source.dataset.name;
    await using store = await storeOf(call);
    const json = modelJson(model, metrics);
    const { id } = await store.saveModel(name, model.kind, json, dataset);
    await store.saveClusterMembers(id, members);
  } else await saveModel(place, model, metrics);
  call.progress.clear();
  note(`  the model is kept in ${place}\n`);
}

/** The model that `--load-model` names; null where it names none. */
export async function givenModel<K extends SavedModel["kind"]>(
  call: Call,
  kind: K,
): Promise<ModelOf<K> | null> {
  const place = call.flags.text("load-model");
  if (!place) return null;
  if (!place.startsWith("@")) return await loadModel(place, kind);
  const name = nameOf(place);
  await using store = await storeOf(call, true);
  const kept = await store.model(name, kind);
  if (kept) return readModel(kept.model, kind, place);
  throw new SkerryError(
    `Cannot load a model from ${place}: the store keeps no ${kind} model of that name`,
    { hint: "skerry models lists them" },
  );
}

function nameOf(place: string): string {
  const name = place.slice(1).trim();
  if (name !== "") return name;
  throw new UsageError("Cannot keep a model without a name: write it as @NAME");
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
