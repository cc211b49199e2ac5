import type { FeatureMatrix } from "../feature_matrix.ts";
import type { Params } from "../options.ts";
import type { RunOptions } from "../progress.ts";
import { MinMaxScaler } from "./min_max_scaler.ts";
import { RobustScaler } from "./robust_scaler.ts";
import { StandardScaler } from "./standard_scaler.ts";

/** Any fitted scaler. */
export type Scaler = StandardScaler | RobustScaler | MinMaxScaler;

/** Which scaler an analysis puts before its model. */
export const SCALING_PARAMS = {
  scaler: {
    kind: "choice",
    default: "standard",
    values: ["standard", "robust", "minmax"],
    doc: "how features are brought to a common scale: mean and deviation, " +
      "median and quartiles, or smallest and largest",
  },
} as const satisfies Params;

export type ScalerName = (typeof SCALING_PARAMS.scaler.values)[number];

const SCALERS = {
  standard: StandardScaler,
  robust: RobustScaler,
  minmax: MinMaxScaler,
} as const;

/** Fits the scaler of that name; see each for what it throws. */
export function fitScaler(
  name: ScalerName,
  X: FeatureMatrix,
  options: RunOptions = {},
): Promise<Scaler> {
  return SCALERS[name].fit(X, {}, options);
}

/** @throws SyntaxError when the value is not what a scaler's `toJSON` gives. */
export function scalerFromJSON(value: unknown): Scaler {
  const kind = (value as { kind?: unknown } | null)?.kind;
  const found = Object.values(SCALERS).find(({ name }) => name === kind);
  return (found ?? StandardScaler).fromJSON(value);
}
