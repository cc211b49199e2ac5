import {
  type FeatureMatrix,
  featureMatrix,
} from "../../pipeline/feature_matrix.ts";
import { RandomState } from "../../pipeline/models/random.ts";
import { named } from "../golden/data.ts";

/** Seeded uniform numbers in [−1, 1), every third row a copy of an earlier. */
export function randomMatrix(
  n: number,
  d: number,
  seed: number,
): FeatureMatrix {
  const random = new RandomState(seed);
  const data = random.uniform(-1, 1, n * d);
  for (let i = 3; i < n; i += 3) {
    const from = random.randint(i);
    data.copyWithin(i * d, from * d, (from + 1) * d);
  }
  return featureMatrix(data, named(d));
}

/** n rows of the given values. */
export function repeated(row: readonly number[], n: number): FeatureMatrix {
  const rows = Array.from({ length: n }, () => row);
  const data = Float64Array.from(rows.flat());
  return featureMatrix(data, named(row.length));
}
