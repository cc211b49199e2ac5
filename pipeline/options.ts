/**
 * A parameter stated once: default, range, unit and meaning. The check, the
 * command-line flag, the form field and the documentation follow from it.
 */
export type Param =
  | NumberParam
  | NumbersParam
  | ChoiceParam
  | BooleanParam;

export interface NumberParam {
  readonly kind: "integer" | "number";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** The lower bound itself is not allowed (`eps` > 0). */
  readonly above?: boolean;
  readonly unit?: string;
  readonly doc: string;
}

/** A list of whole numbers, as `hiddenLayerSizes` is. */
export interface NumbersParam {
  readonly kind: "integers";
  readonly default: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly maxLength: number;
  readonly unit?: string;
  readonly doc: string;
}

export interface ChoiceParam<T extends string = string> {
  readonly kind: "choice";
  readonly default: T;
  readonly values: readonly T[];
  readonly doc: string;
}

export interface BooleanParam {
  readonly kind: "boolean";
  readonly default: boolean;
  readonly doc: string;
}

export type Params = Readonly<Record<string, Param>>;

/** The values that a table of parameters describes. */
export type ValuesOf<P extends Params> = {
  readonly [K in keyof P]: P[K] extends ChoiceParam<infer T> ? T
    : P[K] extends BooleanParam ? boolean
    : P[K] extends NumbersParam ? readonly number[]
    : number;
};

/**
 * Defaults filled in, every value checked against its range.
 *
 * @param what the action, as in "fit KMeans".
 * @throws RangeError "Cannot fit KMeans: nClusters must be an integer in
 * [1, 4096], got 0"; TypeError for a value of another kind or an unknown name.
 *
 * ```ts
 * import { checkParams } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * const params = {
 *   eps: { kind: "number", default: 0.3, min: 0, max: 10, doc: "radius" },
 * } as const;
 * assert.deepEqual(checkParams("fit DBSCAN", params, {}), { eps: 0.3 });
 * assert.throws(() => checkParams("fit DBSCAN", params, { eps: 11 }), RangeError);
 * ```
 */
export function checkParams<P extends Params>(
  what: string,
  params: P,
  given: { readonly [K in keyof P]?: unknown },
): ValuesOf<P> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(params, name)) {
      throw new TypeError(
        `Cannot ${what}: no parameter is called ${name}; ` +
          `there are ${Object.keys(params).join(", ")}`,
      );
    }
  }
  const out: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(params)) {
    const value = (given as Record<string, unknown>)[name] ?? param.default;
    checkParam(what, name, param, value);
    out[name] = value;
  }
  return Object.freeze(out) as ValuesOf<P>;
}

function checkParam(
  what: string,
  name: string,
  param: Param,
  value: unknown,
): void {
  const fail = (must: string) => {
    const kind = typeof value === typeof param.default ? RangeError : TypeError;
    throw new kind(
      `Cannot ${what}: ${name} must be ${must}, got ${shown(value)}`,
    );
  };
  switch (param.kind) {
    case "boolean":
      if (typeof value !== "boolean") fail("true or false");
      break;
    case "choice":
      if (!param.values.includes(value as string)) {
        fail(`one of ${param.values.join(", ")}`);
      }
      break;
    case "integers":
      if (!isIntegers(param, value)) {
        fail(
          `1 to ${param.maxLength} integers in [${param.min}, ${param.max}]`,
        );
      }
      break;
    default:
      if (!isNumber(param, value)) {
        fail(
          `${param.kind === "integer" ? "an integer" : "a number"} in ${
            rangeOf(param)
          }`,
        );
      }
  }
}

function isNumber(param: NumberParam, value: unknown): boolean {
  return typeof value === "number" && !Number.isNaN(value) &&
    (param.kind === "number" || Number.isInteger(value)) &&
    value <= param.max &&
    (param.above ? value > param.min : value >= param.min);
}

function isIntegers(param: NumbersParam, value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 &&
    value.length <= param.maxLength &&
    value.every((v) => Number.isInteger(v) && v >= param.min && v <= param.max);
}

/** "[1, 100]", or "(0, 10]" where the lower bound is excluded. */
export function rangeOf(param: NumberParam | NumbersParam): string {
  const open = "above" in param && param.above ? "(" : "[";
  return `${open}${param.min}, ${param.max}]`;
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** `minSamples` → `min-samples`: the flag of a parameter. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase());
}

/**
 * The value that a flag's or form field's text stands for; the text itself
 * where it does not parse, so that `checkParams` can name it.
 */
export function parseParam(param: Param, text: string): unknown {
  switch (param.kind) {
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "choice":
      return text;
    case "integers":
      return text.split(",").map((part) => Number(part.trim() || NaN));
    default:
      return text.trim() === "" ? text : numberOr(text);
  }
}

function numberOr(text: string): number | string {
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}
