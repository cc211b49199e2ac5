import { messageOf } from "./errors.ts";
import { type Score, SCORES } from "./detectors/mod.ts";
import { checkParams, type Params, parseParam } from "./options.ts";

/** Parameters by detector, as {@link hunt} takes them. */
export type Thresholds = Readonly<Record<string, Record<string, unknown>>>;

/** The parameters of a score's detectors by the name that flags and fields have. */
export function thresholdParams(score: Score = "skerry"): Params {
  return Object.fromEntries(
    SCORES[score].flatMap(({ name, params }) =>
      Object.entries(params as Params).map(([param, row]) => [
        `${name}.${param}`,
        row,
      ])
    ),
  );
}

/**
 * Reads thresholds, each as its name and its value; values that are the
 * default are left out.
 *
 * ```ts
 * import { thresholdsOf } from "./thresholds.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(thresholdsOf([["beacon.minScore", "0.2"]]), {
 *   beacon: { minScore: 0.2 },
 * });
 * ```
 * @throws SyntaxError for a name that there is not, or a value out of range.
 */
export function thresholdsOf(
  given: Iterable<readonly [name: string, value: string]>,
  score: Score = "skerry",
): Thresholds {
  const known = thresholdParams(score);
  const out: Record<string, Record<string, unknown>> = {};
  for (const [name, text] of given) {
    if (!Object.hasOwn(known, name)) {
      throw new SyntaxError(
        `Cannot read the threshold ${JSON.stringify(name)}: there are ${
          Object.keys(known).join(", ")
        }`,
      );
    }
    const row = known[name];
    const [detector, param] = name.split(".");
    const value = parseParam(row, text);
    try {
      checkParams(`run ${detector}`, { [param]: row }, { [param]: value });
    } catch (cause) {
      throw new SyntaxError(messageOf(cause), { cause });
    }
    if (value === row.default) continue;
    (out[detector] ??= {})[param] = value;
  }
  return out;
}

/** "beacon.minScore=0.2" as name and value. @throws SyntaxError. */
export function namedValue(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new SyntaxError(
    `Cannot read ${JSON.stringify(text)}: write NAME=VALUE`,
  );
}
