import { SkerryError } from "./errors.ts";
import { RandomState } from "./models/mod.ts";
import { checkParams, type Params, type ValuesOf } from "./options.ts";

/** How the labelled rows are parted. */
export const SPLIT_PARAMS = {
  train: {
    kind: "number",
    default: 20_000,
    min: 0,
    above: true,
    max: 1e9,
    doc: "1 or more: the first N rows; below 1: that share of the pairs",
  },
  classify: {
    kind: "integer",
    default: 0,
    min: 0,
    max: 1e9,
    unit: "rows",
    doc: "classify so many of the held-out rows; 0: all",
  },
} as const satisfies Params;

export type SplitParams = ValuesOf<typeof SPLIT_PARAMS>;

/** Indices of rows; no row is on both sides. */
export interface Split {
  readonly kind: "first rows" | "by pair";
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/**
 * @param labelled rows with a label, ascending.
 * @param y 1 beacon, 0 not, for each row.
 * @param pairs whose row each is.
 * @param seed which pairs are held out.
 * @throws SkerryError with fewer rows than `train` asks for; RangeError for
 * a parameter out of range, or a number of rows that is not whole.
 */
export function splitRows(
  labelled: readonly number[],
  y: Int8Array,
  pairs: readonly string[],
  params: Partial<SplitParams>,
  seed: number,
): Split {
  const { train, classify } = checkParams("train", SPLIT_PARAMS, {
    train: params.train,
    classify: params.classify,
  });
  if (train >= 1 && !Number.isInteger(train)) {
    throw new RangeError(
      "Cannot train: train must be a whole number of rows or a share between " +
        `0 and 1, got ${train}`,
    );
  }
  const split = train >= 1
    ? firstRows(labelled, train)
    : byPair(labelled, y, pairs, train, seed);
  return classify > 0
    ? { ...split, test: split.test.slice(0, classify) }
    : split;
}

function firstRows(labelled: readonly number[], count: number): Split {
  if (labelled.length < count) {
    throw new SkerryError(
      `Cannot train on ${count} rows: there are only ${labelled.length} labelled rows`,
      {
        hint:
          "ask for fewer with --train N, or for a share of the pairs with --train 0.8",
      },
    );
  }
  return {
    kind: "first rows",
    train: labelled.slice(0, count),
    test: labelled.slice(count),
  };
}

/**
 * That share of the pairs with beacons and of those without, each at least one
 * on either side where there are two.
 */
function byPair(
  labelled: readonly number[],
  y: Int8Array,
  pairs: readonly string[],
  share: number,
  seed: number,
): Split {
  const isBeacon = new Map<string, boolean>();
  for (const i of labelled) {
    isBeacon.set(pairs[i], (isBeacon.get(pairs[i]) ?? false) || y[i] === 1);
  }
  const random = new RandomState(seed);
  const trained = new Set<string>();
  for (const kind of [true, false]) {
    const own = [...isBeacon.keys()].filter((pair) =>
      isBeacon.get(pair) === kind
    );
    const order = random.choose(own.length, own.length);
    const wanted = Math.round(share * own.length);
    const count = own.length < 2
      ? own.length
      : Math.min(own.length - 1, Math.max(1, wanted));
    for (const i of order.subarray(0, count)) trained.add(own[i]);
  }
  return {
    kind: "by pair",
    train: labelled.filter((i) => trained.has(pairs[i])),
    test: labelled.filter((i) => !trained.has(pairs[i])),
  };
}
