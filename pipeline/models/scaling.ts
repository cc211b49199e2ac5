import { type FeatureMatrix, featureMatrix } from "../feature_matrix.ts";
import { leaseAt } from "../kernels.ts";
import { checkFinite, checkNames } from "./check.ts";
import { encodeArray, type ModelJson, ModelReader } from "./model_json.ts";
import { blockBytes, blockPlaces, rowBlocks, stagingFor } from "./rows.ts";

/** What brings features to a common scale: (x − center) / scale. */
export interface Scaling {
  readonly featureNames: readonly string[];
  /** Shape (nFeatures,), in the feature's unit. */
  readonly center: Float64Array;
  /** Shape (nFeatures,), in the feature's unit, above 0. */
  readonly scale: Float64Array;
}

const VERSION = 1;

/** What the scalers have in common; each measures its own center and scale. */
export abstract class FittedScaling implements Scaling {
  readonly featureNames: readonly string[];
  readonly center: Float64Array;
  readonly scale: Float64Array;
  readonly #kind: string;

  /** @param kind what JSON and complaints call it. */
  constructor(kind: string, { featureNames, center, scale }: Scaling) {
    this.#kind = kind;
    this.featureNames = Object.freeze([...featureNames]);
    this.center = center;
    this.scale = scale;
  }

  /**
   * (x − center) / scale.
   *
   * @param out where the values go; may be X.data. A new array by default.
   * @throws TypeError for other features; RangeError for a value that is not
   * finite.
   */
  transform(X: FeatureMatrix, out?: Float64Array): FeatureMatrix {
    return applyScaling(`transform with ${this.#kind}`, this, X, out);
  }

  toJSON(): ModelJson {
    const fields = Object.entries(this.measured())
      .map(([field, values]) => [field, encodeArray(values)]);
    return {
      kind: this.#kind,
      version: VERSION,
      params: {},
      featureNames: this.featureNames,
      ...Object.fromEntries(fields),
    };
  }

  /** What `toJSON` keeps, by the field's name; shape (nFeatures,) each. */
  protected measured(): Readonly<Record<string, Float64Array>> {
    return { center: this.center, scale: this.scale };
  }
}

/**
 * The features' names and the arrays of these fields, from a scaler's JSON.
 *
 * @throws SyntaxError when the value is not what its `toJSON` gives.
 */
export function readScaling<Field extends string>(
  kind: string,
  value: unknown,
  fields: readonly Field[],
): { featureNames: readonly string[] } & Record<Field | "scale", Float64Array> {
  const reader = new ModelReader(kind, VERSION, value);
  const featureNames = reader.featureNames();
  const measured = Object.fromEntries(
    [...fields, "scale"].map((field) => [
      field,
      reader.f64(field, featureNames.length),
    ]),
  ) as Record<Field | "scale", Float64Array>;
  if (measured.scale.some((s) => s <= 0)) reader.fail("scale must be positive");
  return { featureNames, ...measured };
}

/**
 * (x − center) / scale of every value.
 *
 * @param out where the values go, shape (nSamples, nFeatures); may be X.data.
 * A new array by default: for many rows the system takes longer to find its
 * memory than we to fill it.
 * @throws TypeError for other features than the scaling has; RangeError for a
 * value that is not finite.
 */
function applyScaling(
  what: string,
  { featureNames, center, scale }: Scaling,
  X: FeatureMatrix,
  out: Float64Array = new Float64Array(X.data.length),
): FeatureMatrix {
  checkNames(what, X, featureNames);
  if (out.length !== X.data.length) {
    throw new TypeError(
      `Cannot ${what}: out must hold ${X.data.length} values, ` +
        `got ${out.length}`,
    );
  }
  const { nSamples, nFeatures: d } = X;
  const bytes = 2 * blockBytes(X) + 32 * d;
  using kernels = leaseAt(X.data, { what, nSamples, nFeatures: d, bytes });
  const [staging, scaled] = [stagingFor(kernels, X), stagingFor(kernels, X)];
  const placeOf = blockPlaces(kernels, X, staging);
  const target = kernels.placeOf(out);
  const centers = kernels.f64From([...center, ...center]);
  const scales = kernels.f64From([...scale, ...scale]);
  for (const block of rowBlocks(X)) {
    const { from, rows, data } = block, at = placeOf(block);
    // What was copied is scaled where it is: it stays in the cache.
    const own = at === staging ? staging : scaled;
    const to = target === undefined ? own : target + from * d * 8;
    const check = kernels.run.scaleRows(at, rows, d, centers, scales, to);
    if (check !== 0) checkFinite(what, X, from, from + rows);
    if (target === undefined) out.set(kernels.f64(to, data.length), from * d);
  }
  return featureMatrix(out, featureNames, X.keys);
}
