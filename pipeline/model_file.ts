import type { BeaconNet } from "./classify.ts";
import type { ClusterModel } from "./cluster.ts";
import { fileProblem, messageOf, SkerryError } from "./errors.ts";
import {
  DBSCAN,
  KMeans,
  MLPClassifier,
  PCA,
  scalerFromJSON,
} from "./models/mod.ts";
import { VERSION } from "./version.ts";

/** A model with what it was fitted behind, as one JSON document. */
export type SavedModel = ClusterModel | BeaconNet;

const FORMAT = "skerry-model";

/** How well a model fits, as plain numbers and names. */
export type ModelMetrics = Readonly<Record<string, unknown>>;

/** Plain JSON; arrays in it are base64 of little-endian bytes. */
export function modelJson(
  saved: SavedModel,
  metrics?: ModelMetrics,
): Record<string, unknown> {
  return {
    format: FORMAT,
    version: VERSION,
    createdAt: new Date().toISOString(),
    kind: saved.kind,
    featureSet: saved.featureSet,
    scaler: saved.scaler.toJSON(),
    ...("pca" in saved && saved.pca ? { pca: saved.pca.toJSON() } : {}),
    model: saved.model.toJSON(),
    ...(metrics ? { metrics } : {}),
  };
}

/**
 * What {@link modelJson} gives, for people: parameters, features, scaler,
 * weights and metrics side by side.
 */
export function describeModel(value: unknown): Record<string, unknown> {
  const { kind, featureSet, scaler, pca, model, metrics } = value as Record<
    string,
    unknown
  >;
  const { params, featureNames, kind: _, version: __, ...weights } =
    model as Record<string, unknown>;
  // k-means works on components; the scaler knows what they are made of.
  const { featureNames: names = featureNames } = (scaler ?? {}) as Record<
    string,
    unknown
  >;
  return {
    kind,
    parameters: params,
    features: { set: featureSet, names },
    scaler,
    ...(pca ? { pca } : {}),
    weights,
    metrics: metrics ?? null,
  };
}

/** @throws SkerryError when the file cannot be written. */
export async function saveModel(
  path: string,
  saved: SavedModel,
  metrics?: ModelMetrics,
): Promise<void> {
  try {
    await Deno.writeTextFile(
      path,
      JSON.stringify(modelJson(saved, metrics), null, 1) + "\n",
    );
  } catch (error) {
    throw new SkerryError(
      `Cannot save the model to ${path}: ${fileProblem(error)}`,
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
): Promise<ModelOf<K>> {
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw new SkerryError(
      `Cannot load a model from ${path}: ${fileProblem(error)}`,
      {
        hint: "give a file that --save-model wrote",
        cause: error,
      },
    );
  }
  return readModel(value, kind, path);
}

/** What a model of a kind is. */
export type ModelOf<K extends SavedModel["kind"]> =
  | Extract<SavedModel, { kind: K }>
  | ClusterModel & { kind: K };

/**
 * The model of a document that {@link modelJson} gave.
 *
 * @param where it comes from, for the error.
 * @throws SkerryError when it is no such model.
 */
export function readModel<K extends SavedModel["kind"]>(
  value: unknown,
  kind: K,
  where: string,
): ModelOf<K> {
  try {
    return modelFrom(value, kind) as ModelOf<K>;
  } catch (error) {
    throw new SkerryError(
      `Cannot load a model from ${where}: ${messageOf(error)}`,
      {
        hint: "give one that --save-model kept for the same analysis",
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
    scaler: scalerFromJSON(saved.scaler),
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
