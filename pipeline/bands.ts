import { BANDS, type Bands } from "./finding.ts";

/**
 * Bands of severity, those not given as RITA has them.
 *
 * ```ts
 * import { bandsOf } from "./bands.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(bandsOf([["high", "0.7"]]).high, 0.7);
 * ```
 * @throws SyntaxError for another name, no number in [0, 1], or bands that
 * are not in their order.
 */
export function bandsOf(
  given: Iterable<readonly [name: string, value: string]>,
): Bands {
  const out: Record<string, number> = { ...BANDS };
  for (const [name, text] of given) {
    if (!Object.hasOwn(BANDS, name)) {
      throw new SyntaxError(
        `Cannot read the band ${JSON.stringify(name)}: there are ${
          Object.keys(BANDS).join(", ")
        }`,
      );
    }
    const value = text.trim() === "" ? NaN : Number(text);
    if (!(value >= 0 && value <= 1)) {
      throw new SyntaxError(
        `Cannot read the band ${name}: it must be a number in [0, 1], got ${
          JSON.stringify(text)
        }`,
      );
    }
    out[name] = value;
  }
  const bands = out as unknown as Bands;
  const { critical, high, medium, low } = bands;
  if (critical >= high && high >= medium && medium >= low) return bands;
  throw new SyntaxError(
    `Cannot use the bands ${
      bandsText(bands)
    }: each must begin at or below the one above it`,
  );
}

/** "critical above 0.8, high from 0.6, medium from 0.4, low from 0.2". */
export function bandsText({ critical, high, medium, low }: Bands): string {
  return `critical above ${critical}, high from ${high}, medium from ${medium}, low from ${low}`;
}

/** Whether bands are those of RITA. */
export function areUsual(bands: Bands): boolean {
  return (Object.keys(BANDS) as (keyof Bands)[]).every((name) =>
    bands[name] === BANDS[name]
  );
}
