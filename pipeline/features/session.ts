import { addressNumber } from "../address.ts";
import { type FeatureMatrix, FeatureMatrixBuilder } from "../feature_matrix.ts";
import type { RecordBatch, TextColumn } from "../record_batch.ts";
import type { Feature, FeatureCollector, FeatureSet } from "./feature_set.ts";

const ADDRESS = "IPv4 as 32 bits, IPv6 its upper 32 bits";

const SESSION_FEATURES: readonly Feature[] = [
  { name: "ts", unit: "epoch s", absent: "the record is skipped" },
  { name: "src", unit: ADDRESS, absent: "0" },
  { name: "dst", unit: ADDRESS, absent: "0" },
  { name: "port", unit: "", absent: "0" },
  { name: "duration", unit: "s", absent: "0" },
  { name: "orig_bytes", unit: "B", absent: "0" },
  { name: "resp_bytes", unit: "B", absent: "0" },
];

/**
 * The original tool's seven. Distances on addresses and ports as numbers mean
 * little; see {@link sessionRich}.
 */
export const session: FeatureSet = {
  name: "session",
  doc: "ts, src, dst, port, duration, orig_bytes, resp_bytes as they are",
  logType: "conn",
  features: SESSION_FEATURES,
  collect: () =>
    new ColumnCollector(SESSION_FEATURES, (batch) => [
      batch.numbers("ts"),
      addressColumn(batch.texts("id.orig_h")),
      addressColumn(batch.texts("id.resp_h")),
      batch.numbers("id.resp_p"),
      batch.numbers("duration"),
      batch.numbers("orig_bytes"),
      batch.numbers("resp_bytes"),
    ]),
};

const RICH_FEATURES: readonly Feature[] = [
  { name: "hour_sin", unit: "", absent: "the record is skipped" },
  { name: "hour_cos", unit: "", absent: "the record is skipped" },
  { name: "log_duration", unit: "log1p s", absent: "0" },
  { name: "log_orig_bytes", unit: "log1p B", absent: "0" },
  { name: "log_resp_bytes", unit: "log1p B", absent: "0" },
  { name: "log_orig_pkts", unit: "log1p packets", absent: "0" },
  { name: "log_resp_pkts", unit: "log1p packets", absent: "0" },
  { name: "sent_share", unit: "share of the bytes", absent: "0.5" },
  { name: "is_udp", unit: "0 or 1", absent: "0" },
  { name: "is_answered", unit: "0 or 1", absent: "1" },
  { name: "is_service_port", unit: "0 or 1: port below 1,024", absent: "0" },
];

const UNANSWERED = new Set(["S0", "REJ", "RSTOS0", "SH", "RSTRH", "SHR"]);

/** Features on which distances mean something: logarithms, shares, flags. */
export const sessionRich: FeatureSet = {
  name: "session-rich",
  doc: "time of day, and the sizes, length and outcome of a connection",
  logType: "conn",
  features: RICH_FEATURES,
  collect: () =>
    new RowCollector(RICH_FEATURES, (batch) => {
      const ts = batch.numbers("ts"), port = batch.numbers("id.resp_p");
      const logs = [
        "duration",
        "orig_bytes",
        "resp_bytes",
        "orig_pkts",
        "resp_pkts",
      ].map((name) => batch.numbers(name));
      const proto = batch.texts("proto"), state = batch.texts("conn_state");
      return (i, row) => {
        const angle = 2 * Math.PI * (ts[i] / 86_400 % 1);
        row[0] = Math.sin(angle);
        row[1] = Math.cos(angle);
        for (let j = 0; j < logs.length; j++) {
          row[2 + j] = Math.log1p(logs[j][i] || 0);
        }
        const up = logs[1][i] || 0, down = logs[2][i] || 0;
        row[7] = up + down > 0 ? up / (up + down) : 0.5;
        row[8] = proto.values[proto.codes[i]] === "udp" ? 1 : 0;
        row[9] = UNANSWERED.has(state.values[state.codes[i]]) ? 0 : 1;
        row[10] = port[i] < 1024 ? 1 : 0;
      };
    }),
};

/** Collects columns as they are, with 0 for what is unset. */
class ColumnCollector implements FeatureCollector {
  readonly #builder: FeatureMatrixBuilder;
  readonly #columns: (batch: RecordBatch) => readonly Float64Array[];

  constructor(
    features: readonly Feature[],
    columns: (batch: RecordBatch) => readonly Float64Array[],
  ) {
    this.#builder = new FeatureMatrixBuilder(features.map(({ name }) => name));
    this.#columns = columns;
  }

  add(batch: RecordBatch): void {
    const { codes, values } = batch.texts("uid"), keys: string[] = [];
    for (let i = 0; i < batch.length; i++) keys.push(values[codes[i]]);
    this.#builder.addColumns(keys, this.#columns(batch));
  }

  finish(): FeatureMatrix {
    return this.#builder.finish();
  }
}

type RowFiller = (i: number, row: Float64Array) => void;

/** Collects one row per record with a row filler per batch. */
export class RowCollector implements FeatureCollector {
  readonly #builder: FeatureMatrixBuilder;
  readonly #open: (batch: RecordBatch) => RowFiller;
  readonly #row: Float64Array;

  constructor(
    features: readonly Feature[],
    open: (batch: RecordBatch) => RowFiller,
  ) {
    this.#builder = new FeatureMatrixBuilder(features.map(({ name }) => name));
    this.#open = open;
    this.#row = new Float64Array(features.length);
  }

  add(batch: RecordBatch): void {
    const fill = this.#open(batch);
    const uid = batch.texts("uid");
    for (let i = 0; i < batch.length; i++) {
      fill(i, this.#row);
      this.#builder.add(uid.values[uid.codes[i]], this.#row);
    }
  }

  finish(): FeatureMatrix {
    return this.#builder.finish();
  }
}

/** Addresses as numbers, worked out once per distinct text; 0 where unset. */
export function addressColumn({ codes, values }: TextColumn): Float64Array {
  const numbers = values.map((text) => addressNumber(text) || 0);
  const column = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) column[i] = numbers[codes[i]];
  return column;
}
