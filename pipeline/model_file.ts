import type { BeaconNet } from "./classify.ts";
import type { ClusterModel } from "./cluster.ts";
import { messageOf, SkerryError } from "./errors.ts";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  PCA,
  StandardScaler,
} from "./models/mod.ts";
import { VERSION } from "./version.ts";

/** A model with what it was fitted behind, as one JSON document. */
export type SavedModel = ClusterModel | BeaconNet;

const FORMAT = "skerry-model";

/** Plain JSON; arrays in it are base64 of little-endian bytes. */
export function modelJson(saved: SavedModel): Record<string, unknown> {
  return {
    format: FORMAT,
    version: VERSION,
    createdAt: new Date().toISOString(),
    kind: saved.kind,
    featureSet: saved.featureSet,
    scaler: saved.scaler.toJSON(),
    ...("pca" in saved && saved.pca ? { pca: saved.pca.toJSON() } : {}),
    model: saved.model.toJSON(),
  };
}

/** @throws SkerryError when the file cannot be written. */
export async function saveModel(
  path: string,
  saved: SavedModel,
): Promise<void> {
  try {
    await Deno.writeTextFile(
      path,
      JSON.stringify(modelJson(saved), null, 1) + "\n",
    );
  } catch (error) {
    throw new SkerryError(
      `Cannot save the model to ${path}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * @param kind what is asked for; a model of another kind is refused.
 * @throws SkerryError when the file is not there or is no such model.
 */
export async function loadModel<K extends SavedModel["kind"]>(
  path: string,
  kind: K,
): Promise<Extract<SavedModel, { kind: K }> | ClusterModel & { kind: K }> {
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw new SkerryError(
      `Cannot load a model from ${path}: ${messageOf(error)}`,
      {
        hint: "give a file that --save-model wrote",
        cause: error,
      },
    );
  }
  try {
    return modelFrom(value, kind) as Extract<SavedModel, { kind: K }>;
  } catch (error) {
    throw new SkerryError(
      `Cannot load a model from ${path}: ${messageOf(error)}`,
      {
        hint: "give a file that --save-model wrote for the same analysis",
        cause: error,
      },
    );
  }
}

function modelFrom(value: unknown, kind: SavedModel["kind"]): SavedModel {
  const saved = value as Record<string, unknown> | null;
  if (saved?.format !== FORMAT) {
    throw new SyntaxError("it is no model of Skerry's");
  }
  if (saved.kind !== kind) {
    throw new SyntaxError(`it is a ${saved.kind} model, not ${kind}`);
  }
  const common = {
    featureSet: String(saved.featureSet),
    scaler: StandardScaler.fromJSON(saved.scaler),
  };
  switch (kind) {
    case "kmeans":
      return {
        ...common,
        kind,
        pca: PCA.fromJSON(saved.pca),
        model: KMeans.fromJSON(saved.model),
      };
    case "dbscan":
      return {
        ...common,
        kind,
        pca: null,
        model: DBSCAN.fromJSON(saved.model),
      };
    default:
      return { ...common, kind, model: MLPClassifier.fromJSON(saved.model) };
  }
}
