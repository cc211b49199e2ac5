import { findLabels, type LabelChoice, labelsOf } from "./classify_labels.ts";
import {
  type Split,
  SPLIT_PARAMS,
  type SplitParams,
  splitRows,
} from "./classify_split.ts";
import { pairNames } from "./classify_pairs.ts";
import { collectFeatures } from "./collect_features.ts";
import { type FeatureMatrix, selectRows } from "./feature_matrix.ts";
import { featureSet } from "./features/mod.ts";
import {
  accuracy,
  averagePrecision,
  type ConfusionMatrix,
  confusionMatrix,
  f1,
  fitScaler,
  logLoss,
  MLPClassifier,
  type MLPClassifierOptions,
  type MLPClassifierParams,
  precision,
  recall,
  type Scaler,
  type ScalerName,
} from "./models/mod.ts";
import { Pacer, type RunOptions } from "./progress.ts";
import type { Records } from "./records.ts";

export {
  analystAnswers,
  analystLabels,
  answersOf,
  type AnswerSource,
  LABEL_COLUMNS,
} from "./classify_labels.ts";
export { SPLIT_PARAMS, type SplitParams };

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
  readonly split: Split["kind"];
  /** null where only analysts say what is a beacon. */
  readonly labelColumn: string | null;
  /** Rows whose label an analyst, or intel, gave. */
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
  /** The rows of the test part, then those without a label. */
  readonly judged: Judged;
}

/** Rows that a net was asked about. */
export interface Judged {
  readonly rows: readonly number[];
  /** P(beacon), one per row. */
  readonly probability: Float64Array;
  /** 1 beacon, 0 not, −1 unlabelled, one per row. */
  readonly y: Int8Array;
}

export interface Hit {
  /** Index of the record. */
  readonly row: number;
  /** P(beacon). */
  readonly probability: number;
}

/** Besides {@link SPLIT_PARAMS}. */
export interface TrainOptions
  extends RunOptions, LabelChoice, Partial<SplitParams> {
  /** Brings the features to a common scale; "standard" unless told. */
  readonly scaler?: ScalerName;
  /**
   * Gets after each iteration the loss and the log loss of the test part, or
   * null without one; of a large one, of {@link HELD_OUT_SAMPLE} rows.
   */
  readonly onLoss?: (loss: number, heldOut: number | null) => void;
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
  const pairs = await pairNames(records, new Pacer(options.signal));
  const { column, y, analystRows } = labelsOf(records, options, pairs);
  const labelled = indices(y, (label) => label >= 0);
  const split = splitRows(labelled, y, pairs, options, params.randomState ?? 1);
  const X = await collectFeatures(records, featureSet(setName), options);
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
    {
      ...options,
      onLoss: lossTeller(options.onLoss, scaler, X, split.test, y),
    },
  );
  const net: BeaconNet = { kind: "mlp", featureSet: setName, scaler, model };
  const seen = new Set(split.train.map((i) => pairs[i]));
  const probability = probabilities(net, X, split.test);
  const unlabelled = indices(y, (label) => label < 0);
  return {
    net,
    split: split.kind,
    labelColumn: column,
    analystRows,
    train: countsOf(split.train, y, pairs),
    test: countsOf(split.test, y, pairs),
    sharedPairs: new Set(
      split.test.map((i) => pairs[i]).filter((pair) => seen.has(pair)),
    ).size,
    unlabelled: unlabelled.length,
    scores: scoresOf(Uint8Array.from(split.test, (i) => y[i]), probability),
    hits: hitsOf(split.test, probability),
    judged: {
      rows: [...split.test, ...unlabelled],
      probability: joined(probability, probabilities(net, X, unlabelled)),
      y: Int8Array.from([...split.test, ...unlabelled], (i) => y[i]),
    },
  };
}

export interface Prediction {
  readonly rows: number;
  readonly hits: readonly Hit[];
  /** Where the records carry labels; null otherwise. */
  readonly scores: Scores | null;
  readonly labelColumn: string | null;
  /** Every row. */
  readonly judged: Judged;
}

/** Classifies every record with a net that was trained before. */
export async function predictWith(
  net: BeaconNet,
  records: Records,
  labelColumn?: string,
  options: RunOptions = {},
): Promise<Prediction> {
  const X = await collectFeatures(records, featureSet(net.featureSet), options);
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
    judged: {
      rows: all,
      probability,
      y: labels?.y ?? new Int8Array(all.length).fill(-1),
    },
  };
}

/** Rows that the test part's loss is measured on at most, evenly chosen. */
export const HELD_OUT_SAMPLE = 5000;

function lossTeller(
  tell: TrainOptions["onLoss"],
  scaler: Scaler,
  X: FeatureMatrix,
  test: readonly number[],
  y: Int8Array,
): MLPClassifierOptions["onLoss"] {
  if (!tell) return undefined;
  if (test.length === 0) return (loss) => tell(loss, null);
  const step = Math.max(1, test.length / HELD_OUT_SAMPLE);
  const rows = Array.from(
    { length: Math.floor(test.length / step) },
    (_, i) => test[Math.floor(i * step)],
  );
  const heldX = scaler.transform(selectRows(X, rows));
  const heldY = Uint8Array.from(rows, (i) => y[i]);
  return (loss, predictProba) =>
    tell(loss, logLoss(heldY, predictProba(heldX)));
}

function probabilities(
  net: BeaconNet,
  X: FeatureMatrix,
  rows: readonly number[],
): Float64Array {
  if (rows.length === 0) return new Float64Array();
  return net.model.predictProba(net.scaler.transform(selectRows(X, rows)));
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
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
