import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Pacer } from "../progress.ts";

/** Values looked at between two rests. */
const STEP = 1 << 20;

/**
 * Checks a matrix to learn from.
 *
 * @throws TypeError where its parts do not fit together; RangeError without
 * rows or where a value is not finite, naming row and feature.
 */
export async function checkMatrix(
  what: string,
  X: FeatureMatrix,
  pacer: Pacer,
): Promise<void> {
  checkRows(what, X, pacer);
  const step = Math.ceil(STEP / X.nFeatures);
  for (let from = 0; from < X.nSamples; from += step) {
    checkFinite(what, X, from, from + step);
    if (pacer.due) await pacer.rest();
  }
}

/** As {@link checkMatrix}, without a look at the values. */
export function checkRows(what: string, X: FeatureMatrix, pacer: Pacer): void {
  pacer.signal?.throwIfAborted();
  checkShape(what, X);
  if (X.nSamples === 0) {
    throw new RangeError(`Cannot ${what}: the matrix has no rows`);
  }
}

/**
 * Checks a matrix to apply a model to.
 *
 * @throws TypeError when it has other features than the model learned.
 */
export function checkFeatures(
  what: string,
  X: FeatureMatrix,
  featureNames: readonly string[],
): void {
  checkNames(what, X, featureNames);
  checkFinite(what, X, 0, X.nSamples);
}

/** As {@link checkFeatures}, without a look at the values. */
export function checkNames(
  what: string,
  X: FeatureMatrix,
  featureNames: readonly string[],
): void {
  checkShape(what, X);
  if (X.nFeatures !== featureNames.length) {
    throw new TypeError(
      `Cannot ${what}: the model has ${featureNames.length} features, ` +
        `the matrix ${X.nFeatures}`,
    );
  }
  for (let j = 0; j < featureNames.length; j++) {
    if (X.featureNames[j] === featureNames[j]) continue;
    throw new TypeError(
      `Cannot ${what}: feature ${j} of the model is ` +
        `"${featureNames[j]}", of the matrix "${X.featureNames[j]}"`,
    );
  }
}

function checkShape(what: string, X: FeatureMatrix): void {
  const { data, nSamples, nFeatures, featureNames } = X;
  if (nFeatures < 1 || featureNames.length !== nFeatures) {
    throw new TypeError(
      `Cannot ${what}: nFeatures is ${nFeatures} with ` +
        `${featureNames.length} names; at least one feature is needed`,
    );
  }
  if (data.length !== nSamples * nFeatures) {
    throw new TypeError(
      `Cannot ${what}: ${data.length} values do not make ` +
        `${nSamples} rows × ${nFeatures} features`,
    );
  }
}

/**
 * @throws RangeError where a value of the rows [from, to) is not finite, naming
 * row and feature.
 */
export function checkFinite(
  what: string,
  { data, nFeatures, featureNames }: FeatureMatrix,
  from: number,
  to: number,
): void {
  const end = Math.min(to * nFeatures, data.length);
  // x − x is 0 for finite x only, and a sum takes less time than a question.
  let sum = 0;
  for (let i = from * nFeatures; i < end; i++) sum += data[i] - data[i];
  if (sum === 0) return;
  for (let i = from * nFeatures; i < end; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new RangeError(
      `Cannot ${what}: row ${Math.floor(i / nFeatures)}, feature ` +
        `"${featureNames[i % nFeatures]}" must be finite, got ${data[i]}`,
    );
  }
}
