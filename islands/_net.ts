// What the neural-net lab and its API say to each other; travels as JSON.
import type { CurvePoint, Cut, NetMetrics, PairHit } from "../pipeline/mod.ts";
import type { JobView } from "./_job_view.ts";
import type { FormValues, ParamField } from "./_param_field.tsx";

/** One field of the form. */
export interface NetField extends ParamField {
  /** Shown at once, or under "More". */
  readonly main: boolean;
}

/** What an analyst says of a pair. */
export type Answer = "beacon" | "benign";

/** One pair as the list shows it; texts are safe to show. */
export interface PairRow
  extends Omit<PairHit, "subject" | "sessions" | "uids"> {
  readonly src: string;
  /** Name or address and port. */
  readonly dst: string;
  /** The likeliest of its sessions. */
  readonly uid: string;
  readonly answer: Answer | null;
  /** What the answer was when the net learned. */
  readonly learned: Answer | null;
}

/** `GET /api/net/pair`; texts are safe to show. */
export interface PairDetail {
  /** The likeliest, at most ten. */
  readonly requests: readonly SessionRow[];
  /** What was said of the pair, oldest first. */
  readonly history: readonly {
    /** Epoch seconds. */
    readonly at: number;
    /** "" where nobody was named. */
    readonly who: string;
    readonly why: string;
    /** Null where an answer was taken back. */
    readonly answer: Answer | null;
  }[];
}

/** One request of a pair. */
export interface SessionRow {
  readonly uid: string;
  readonly probability: number;
  readonly ts: number;
  /** Other fields under Zeek's names, unset ones left out. */
  readonly fields: Readonly<Record<string, string | number>>;
}

/** A precision-recall curve with what each threshold costs. */
export interface HeldOut {
  readonly beacons: number;
  readonly others: number;
  readonly cuts: readonly Cut[];
  readonly curve: readonly CurvePoint[];
}

/** `GET /api/net/view`: a net that was trained or loaded, and what it says. */
export interface NetView {
  readonly origin: "trained" | "loaded";
  /** The name that it is kept under; null while it is not. */
  readonly name: string | null;
  /** Milliseconds since 1970: when it was trained or loaded. */
  readonly at: number;
  readonly featureSet: string;
  /** What one row of the dataset is. */
  readonly unit: "request" | "connection";
  readonly hiddenLayerSizes: readonly number[];
  /** Null where a model file does not say. */
  readonly metrics:
    | Omit<NetMetrics, "review" | "lossCurve" | "heldOutCurve">
    | null;
  readonly loss: number;
  readonly lossCurve: readonly number[];
  /** Log loss of what was held out; empty where it was not measured. */
  readonly heldOutCurve: readonly number[];
  /** Null where nothing was held out. */
  readonly heldOut: HeldOut | null;
  /** Rows of the dataset that it was asked about. */
  readonly asked: number;
  /** By rising threshold: rows called beacons. */
  readonly calls: readonly (readonly [threshold: number, called: number])[];
  readonly pairs: readonly PairRow[];
  /** Of which `pairs` are the surest and the least sure. */
  readonly totalPairs: number;
}

/** A kept model as the list compares it. */
export interface SavedNet {
  readonly name: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly dataset: string;
  readonly featureSet: string;
  readonly hidden: string;
  readonly loss: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly averagePrecision: number | null;
  readonly lossCurve: readonly number[];
}

/** One event of `GET /api/net/events`. */
export interface NetEvent {
  readonly job: JobView;
  /** Iterations so far. */
  readonly iterations: number;
  /** Their losses, at most 200, evenly chosen. */
  readonly losses: readonly number[];
  /** Likewise of what is held out. */
  readonly heldOutLosses: readonly number[];
}

/** A refusal of `POST /api/net/train`. */
export interface FormRefusal {
  readonly error: string;
  /** By field: what is wrong with its value. */
  readonly fields?: FormValues;
}

/** `POST /api/net/decide`. */
export interface Decided {
  readonly answer: Answer | null;
  /** Sessions that were labelled. */
  readonly sessions: number;
}

/** `POST /api/net/save` and `/api/net/import`. */
export interface Saved {
  readonly name: string;
  readonly saved: readonly SavedNet[];
  /** A name for the next. */
  readonly free: string;
}
