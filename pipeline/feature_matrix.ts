/**
 * Samples × features, row-major. Values are finite: what an absent field
 * becomes is said by the feature set that made the matrix.
 */
export interface FeatureMatrix {
  /** Shape (nSamples, nFeatures), row-major. */
  readonly data: Float64Array;
  readonly nSamples: number;
  readonly nFeatures: number;
  /** Length nFeatures. */
  readonly featureNames: readonly string[];
  /** What row i is about (a uid or a pair); empty or length nSamples. */
  readonly keys: readonly string[];
}

/** `add` rows, then `finish`. */
export class FeatureMatrixBuilder {
  readonly featureNames: readonly string[];
  #data: Float64Array;
  #nSamples = 0;
  #keys: string[] = [];

  constructor(featureNames: readonly string[]) {
    this.featureNames = featureNames;
    this.#data = new Float64Array(1024 * featureNames.length);
  }

  /** @param values length nFeatures; copied. */
  add(key: string, values: ArrayLike<number>): void {
    const d = this.featureNames.length;
    const at = this.#room(1);
    for (let j = 0; j < d; j++) this.#data[at + j] = values[j];
    this.#keys.push(key);
    this.#nSamples++;
  }

  /**
   * Adds many rows, column by column: a short loop is compiled sooner than one
   * that calls for each row.
   *
   * @param columns one per feature, as long as keys; NaN becomes 0.
   */
  addColumns(
    keys: readonly string[],
    columns: readonly Float64Array[],
  ): void {
    const at = this.#room(keys.length), d = this.featureNames.length;
    columns.forEach((column, j) => place(column, this.#data, at + j, d));
    for (const key of keys) this.#keys.push(key);
    this.#nSamples += keys.length;
  }

  /** Grows for so many rows more. @returns where their values begin. */
  #room(rows: number): number {
    const d = this.featureNames.length, at = this.#nSamples * d;
    const needed = at + rows * d;
    if (needed > this.#data.length) {
      const data = new Float64Array(Math.max(needed, this.#data.length * 2));
      data.set(this.#data);
      this.#data = data;
    }
    return at;
  }

  finish(): FeatureMatrix {
    const nFeatures = this.featureNames.length;
    return Object.freeze({
      data: this.#data.slice(0, this.#nSamples * nFeatures),
      nSamples: this.#nSamples,
      nFeatures,
      featureNames: this.featureNames,
      keys: this.#keys,
    });
  }
}

/** column[i] at every `step`-th value of data, 0 for NaN. */
function place(
  column: Float64Array,
  data: Float64Array,
  at: number,
  step: number,
): void {
  for (let i = 0; i < column.length; i++, at += step) data[at] = column[i] || 0;
}

/**
 * A matrix over data that is already there.
 *
 * @throws TypeError when the length is not nSamples × nFeatures.
 */
export function featureMatrix(
  data: Float64Array,
  featureNames: readonly string[],
  keys: readonly string[] = [],
): FeatureMatrix {
  const nFeatures = featureNames.length;
  const nSamples = nFeatures === 0 ? 0 : data.length / nFeatures;
  if (!Number.isInteger(nSamples)) {
    throw new TypeError(
      `Cannot make a FeatureMatrix: ${data.length} values do not fill rows of ${nFeatures} features`,
    );
  }
  return Object.freeze({ data, nSamples, nFeatures, featureNames, keys });
}

/**
 * The rows `index`, in that order.
 *
 * @throws RangeError when an index is outside [0, nSamples).
 */
export function selectRows(
  X: FeatureMatrix,
  index: ArrayLike<number>,
): FeatureMatrix {
  const d = X.nFeatures;
  const data = new Float64Array(index.length * d);
  const keys: string[] = [];
  for (let i = 0; i < index.length; i++) {
    const row = index[i];
    if (!(row >= 0 && row < X.nSamples)) {
      throw new RangeError(
        `Cannot select row ${row}: the matrix has ${X.nSamples} rows`,
      );
    }
    data.set(X.data.subarray(row * d, row * d + d), i * d);
    if (X.keys.length > 0) keys.push(X.keys[row]);
  }
  return featureMatrix(data, X.featureNames, keys);
}

/**
 * The named columns of a matrix, in the matrix's order; the matrix itself
 * where that is all of them.
 *
 * @throws RangeError for a name that is not there, or for none.
 */
export function selectFeatures(
  X: FeatureMatrix,
  names: readonly string[],
): FeatureMatrix {
  const unknown = names.find((name) => !X.featureNames.includes(name));
  if (unknown !== undefined || names.length === 0) {
    throw new RangeError(
      `Cannot select features: ${
        unknown === undefined ? "none is named" : `none is called ${unknown}`
      }; there are ${X.featureNames.join(", ")}`,
    );
  }
  const columns = X.featureNames.flatMap((name, j) =>
    names.includes(name) ? [j] : []
  );
  if (columns.length === X.nFeatures) return X;
  const data = new Float64Array(X.nSamples * columns.length);
  for (let i = 0, at = 0; i < X.nSamples; i++) {
    for (const j of columns) data[at++] = X.data[i * X.nFeatures + j];
  }
  return Object.freeze({
    data,
    nSamples: X.nSamples,
    nFeatures: columns.length,
    featureNames: columns.map((j) => X.featureNames[j]),
    keys: X.keys,
  });
}
