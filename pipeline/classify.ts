import { SkerryError } from "./errors.ts";
import { type FeatureMatrix, selectRows } from "./feature_matrix.ts";
import { httpPairs } from "./features/http.ts";
import { featureSet } from "./features/mod.ts";
import { featuresOf } from "./cluster.ts";
import {
  accuracy,
  averagePrecision,
  type ConfusionMatrix,
  confusionMatrix,
  f1,
  fitScaler,
  MLPClassifier,
  type MLPClassifierParams,
  precision,
  RandomState,
  recall,
  type Scaler,
  type ScalerName,
} from "./models/mod.ts";
import type { RunOptions } from "./progress.ts";
import type { Records } from "./records.ts";
import type { Label } from "./store/session_store.ts";

/** Columns that can hold the label, the first that a log fills is taken. */
export const LABEL_COLUMNS = ["beacon", "label", "cat"] as const;

/** Label texts that mean "no beacon"; an unset label means nobody said. */
const NEGATIVE = new Set([
  "0",
  "f",
  "false",
  "no",
  "benign",
  "normal",
  "background",
]);

/** Source of the labels that come from what people say of findings. */
const ANALYST = "analyst";

/** Labels cannot be removed from a store: nobody says anything of it any more. */
const TAKEN_BACK = -1;

/** @param regular null where the answer is taken back. */
export function analystLabels(
  uids: readonly string[],
  regular: boolean | null,
): Label[] {
  const value = regular === null ? TAKEN_BACK : Number(regular);
  return uids.map((uid) => ({ uid, value, source: ANALYST }));
}

/** uid → 1 beacon or 0 not, of the labels that analysts gave. */
export function analystAnswers(labels: readonly Label[]): Map<string, number> {
  return new Map(
    labels.filter(({ source, value }) =>
      source === ANALYST && value !== TAKEN_BACK
    ).map(({ uid, value }) => [uid, value]),
  );
}

/** The net with the scaler that was fitted on its training part. */
export interface BeaconNet {
  readonly kind: "mlp";
  readonly featureSet: string;
  readonly scaler: Scaler;
  readonly model: MLPClassifier;
}

/** Of the rows of one side of a split. */
export interface PartCounts {
  readonly rows: number;
  readonly pairs: number;
  readonly beacons: number;
}

export interface Scores {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly averagePrecision: number;
  readonly confusion: ConfusionMatrix;
}

export interface Training {
  readonly net: BeaconNet;
  /** "first rows" for a count, "by pair" for a fraction. */
  readonly split: "first rows" | "by pair";
  /** null where only analysts say what is a beacon. */
  readonly labelColumn: string | null;
  /** Rows whose label an analyst gave. */
  readonly analystRows: number;
  readonly train: PartCounts;
  readonly test: PartCounts;
  /** Pairs with rows on both sides: their rows are near copies. */
  readonly sharedPairs: number;
  /** Rows without a label, in neither part. */
  readonly unlabelled: number;
  /** On the test part; null where it is empty. */
  readonly scores: Scores | null;
  /** Rows of the test part that the net calls beacons, most certain first. */
  readonly hits: readonly Hit[];
}

export interface Hit {
  /** Index of the record. */
  readonly row: number;
  /** P(beacon). */
  readonly probability: number;
}

export interface TrainOptions extends RunOptions {
  /**
   * 1 or more: the first so many labelled rows, as the original tool did; below
   * 1: that share of the pairs, so that no pair is on both sides.
   */
  readonly train: number;
  readonly labelColumn?: string;
  /** uid → 1 beacon or 0 not; goes before what a column says. */
  readonly answers?: ReadonlyMap<string, number>;
  /** Brings the features to a common scale; "standard" unless told. */
  readonly scaler?: ScalerName;
}

/**
 * Trains the net on one part of the labelled records and judges it on the rest.
 *
 * @throws SkerryError without labels, or with fewer rows than `train` asks for;
 * RangeError for a parameter out of range.
 */
export async function trainNet(
  records: Records,
  setName: string,
  params: MLPClassifierParams,
  options: TrainOptions,
): Promise<Training> {
  const { column, y, analystRows } = labelsOf(records, options);
  const labelled = indices(y, (label) => label >= 0);
  const pairs = records.batches.flatMap(httpPairs);
  const split = options.train >= 1
    ? firstRows(labelled, options.train)
    : byPair(labelled, y, pairs, options.train, params.randomState ?? 1);
  const X = featuresOf(records, featureSet(setName));
  const trainX = selectRows(X, split.train);
  const scaler = await fitScaler(
    options.scaler ?? "standard",
    trainX,
    options,
  );
  const model = await MLPClassifier.fit(
    scaler.transform(trainX),
    Uint8Array.from(split.train, (i) => y[i]),
    params,
    options,
  );
  const net: BeaconNet = { kind: "mlp", featureSet: setName, scaler, model };
  const seen = new Set(split.train.map((i) => pairs[i]));
  const probability = probabilities(net, X, split.test);
  return {
    net,
    split: options.train >= 1 ? "first rows" : "by pair",
    labelColumn: column,
    analystRows,
    train: countsOf(split.train, y, pairs),
    test: countsOf(split.test, y, pairs),
    sharedPairs: new Set(
      split.test.map((i) => pairs[i]).filter((pair) => seen.has(pair)),
    ).size,
    unlabelled: y.length - labelled.length,
    scores: scoresOf(Uint8Array.from(split.test, (i) => y[i]), probability),
    hits: hitsOf(split.test, probability),
  };
}

export interface Prediction {
  readonly rows: number;
  readonly hits: readonly Hit[];
  /** Where the records carry labels; null otherwise. */
  readonly scores: Scores | null;
  readonly labelColumn: string | null;
}

/** Classifies every record with a net that was trained before. */
export function predictWith(
  net: BeaconNet,
  records: Records,
  labelColumn?: string,
): Prediction {
  const X = featuresOf(records, featureSet(net.featureSet));
  const all = Array.from({ length: X.nSamples }, (_, i) => i);
  const probability = probabilities(net, X, all);
  const labels = findLabels(records, labelColumn);
  const known = labels ? all.filter((i) => labels.y[i] >= 0) : [];
  return {
    rows: X.nSamples,
    hits: hitsOf(all, probability),
    scores: labels
      ? scoresOf(
        Uint8Array.from(known, (i) => labels.y[i]),
        Float64Array.from(known, (i) => probability[i]),
      )
      : null,
    labelColumn: labels?.column ?? null,
  };
}

function probabilities(
  net: BeaconNet,
  X: FeatureMatrix,
  rows: readonly number[],
): Float64Array {
  if (rows.length === 0) return new Float64Array();
  return net.model.predictProba(net.scaler.transform(selectRows(X, rows)));
}

function hitsOf(rows: readonly number[], probability: Float64Array): Hit[] {
  return rows.map((row, i) => ({ row, probability: probability[i] }))
    .filter((hit) => hit.probability > 0.5)
    .sort((a, b) => b.probability - a.probability || a.row - b.row);
}

function scoresOf(y: Uint8Array, probability: Float64Array): Scores | null {
  if (y.length === 0) return null;
  const predicted = Uint8Array.from(probability, (p) => p > 0.5 ? 1 : 0);
  return {
    accuracy: accuracy(y, predicted),
    precision: precision(y, predicted),
    recall: recall(y, predicted),
    f1: f1(y, predicted),
    averagePrecision: y.includes(1) ? averagePrecision(y, probability) : 0,
    confusion: confusionMatrix(y, predicted),
  };
}

interface Labels {
  readonly column: string | null;
  /** 1 beacon, 0 not, −1 unlabelled. */
  readonly y: Int8Array;
  readonly analystRows: number;
}

function labelsOf(
  records: Records,
  { labelColumn, answers = new Map() }: TrainOptions,
): Labels {
  const found = findLabels(records, labelColumn);
  const y = found?.y ?? new Int8Array(records.length).fill(-1);
  const analystRows = answer(y, records, answers);
  if (found || (analystRows > 0 && !labelColumn)) {
    return { column: found?.column ?? null, y, analystRows };
  }
  throw new SkerryError(
    labelColumn
      ? `Cannot train: no record has a value in ${labelColumn}`
      : `Cannot train: the records have no label; looked for ${
        LABEL_COLUMNS.join(", ")
      }`,
    {
      hint:
        "name the column with --label-column, or label findings with skerry mark --regular",
    },
  );
}

/** Overwrites labels by what analysts say; how many rows that are. */
function answer(
  y: Int8Array,
  records: Records,
  answers: ReadonlyMap<string, number>,
): number {
  if (answers.size === 0) return 0;
  let at = 0, rows = 0;
  for (const batch of records.batches) {
    const { codes, values } = batch.texts("uid");
    const said = values.map((uid) => answers.get(uid));
    for (let i = 0; i < batch.length; i++, at++) {
      const label = codes[i] === 0 ? undefined : said[codes[i]];
      if (label === undefined) continue;
      y[at] = label;
      rows++;
    }
  }
  return rows;
}

/** 1 beacon, 0 not, −1 unlabelled; null when no record has a label. */
function findLabels(
  records: Records,
  given?: string,
): { column: string; y: Int8Array } | null {
  for (const column of given ? [given] : LABEL_COLUMNS) {
    const y = new Int8Array(records.length).fill(-1);
    let at = 0, any = false;
    for (const batch of records.batches) {
      const { codes, values } = batch.texts(column);
      const meaning = values.map((text, code) =>
        code === 0 ? -1 : labelOf(text)
      );
      for (let i = 0; i < batch.length; i++, at++) {
        y[at] = meaning[codes[i]];
        if (codes[i] !== 0) any = true;
      }
    }
    if (any) return { column, y };
  }
  return null;
}

function labelOf(text: string): number {
  const word = text.trim().toLowerCase();
  if (word === "" || word === "-") return -1;
  return NEGATIVE.has(word) ? 0 : 1;
}

interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
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
  return { train: labelled.slice(0, count), test: labelled.slice(count) };
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
    train: labelled.filter((i) => trained.has(pairs[i])),
    test: labelled.filter((i) => !trained.has(pairs[i])),
  };
}

function countsOf(
  rows: readonly number[],
  y: Int8Array,
  pairs: readonly string[],
): PartCounts {
  return {
    rows: rows.length,
    pairs: new Set(rows.map((i) => pairs[i])).size,
    beacons: rows.filter((i) => y[i] === 1).length,
  };
}

function indices(y: Int8Array, keep: (label: number) => boolean): number[] {
  const out: number[] = [];
  y.forEach((label, i) => {
    if (keep(label)) out.push(i);
  });
  return out;
}
