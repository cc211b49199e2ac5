import type { FeatureMatrix } from "../feature_matrix.ts";
import type { RecordBatch } from "../record_batch.ts";

export interface Feature {
  readonly name: string;
  /** Unit of the value: "s", "B", "log1p B", "" for a plain number. */
  readonly unit: string;
  /** What the value is when the record does not say. */
  readonly absent: string;
}

/** `add` every batch of the log type, then `finish`: one row per record. */
export interface FeatureCollector {
  add(batch: RecordBatch): void;
  /** Rows in the order of the records; `keys[i]` is the record's uid. */
  finish(): FeatureMatrix;
  /** `finish` bit by bit, where it takes long: nothing else is done with it. */
  steps?(): Generator<void, FeatureMatrix>;
}

/** Turns the records of one log type into numbers. */
export interface FeatureSet {
  readonly name: string;
  readonly doc: string;
  /** The log type that it reads. */
  readonly logType: "conn" | "http";
  readonly features: readonly Feature[];
  collect(): FeatureCollector;
}
