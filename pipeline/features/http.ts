import { type FeatureMatrix, featureMatrix } from "../feature_matrix.ts";
import type { RecordBatch } from "../record_batch.ts";
import type { Feature, FeatureCollector, FeatureSet } from "./feature_set.ts";
import { hostName } from "./names.ts";
import { addressColumn, RowCollector } from "./session.ts";
import { timing } from "./timing.ts";

const ADDRESS = "IPv4 as 32 bits, IPv6 its upper 32 bits";

const HTTP_FEATURES: readonly Feature[] = [
  { name: "ts", unit: "epoch s", absent: "the record is skipped" },
  { name: "src", unit: ADDRESS, absent: "0" },
  { name: "dst", unit: ADDRESS, absent: "0" },
];

/** The original tool's three for the neural net. */
export const http: FeatureSet = {
  name: "http",
  doc: "ts, src, dst as they are",
  logType: "http",
  features: HTTP_FEATURES,
  collect: () =>
    new RowCollector(HTTP_FEATURES, (batch) => {
      const ts = batch.numbers("ts");
      const src = addressColumn(batch.texts("id.orig_h"));
      const dst = addressColumn(batch.texts("id.resp_h"));
      return (i, row) => {
        row[0] = ts[i];
        row[1] = src[i];
        row[2] = dst[i];
      };
    }),
};

const RICH_FEATURES: readonly Feature[] = [
  { name: "log_interval", unit: "log1p s since the pair's last", absent: "0" },
  {
    name: "off_beat",
    unit: "|log(interval ÷ median)|, at most 5",
    absent: "5",
  },
  { name: "pair_regularity", unit: "timing score, 0 to 1", absent: "0" },
  { name: "log_pair_count", unit: "log1p requests", absent: "–" },
  { name: "is_post", unit: "0 or 1", absent: "0" },
  { name: "has_host", unit: "0 or 1", absent: "0" },
  { name: "has_referrer", unit: "0 or 1", absent: "0" },
  { name: "log_uri_length", unit: "log1p characters", absent: "0" },
  { name: "log_agent_length", unit: "log1p characters", absent: "0" },
  { name: "log_request_bytes", unit: "log1p B", absent: "0" },
  { name: "log_response_bytes", unit: "log1p B", absent: "0" },
  { name: "is_ok", unit: "0 or 1: status 200 to 299", absent: "0" },
];

/** The rhythm of the pair that a request belongs to, and the request itself. */
export const httpRich: FeatureSet = {
  name: "http-rich",
  doc: "rhythm of source → host, and method, headers and sizes of the request",
  logType: "http",
  features: RICH_FEATURES,
  collect: () => new HttpRichCollector(),
};

/**
 * Source → host name or address, and port, of each record: what must not be
 * on both sides of a train/test split. A connection has no host name.
 */
export function recordPairs(batch: RecordBatch): string[] {
  const src = batch.texts("id.orig_h"), dst = batch.texts("id.resp_h");
  const host = batch.texts("host"), port = batch.numbers("id.resp_p");
  const hosts = host.values.map(hostName);
  // One text per pair: a day has many more records than pairs.
  const known = new Map<string, string>();
  return Array.from({ length: batch.length }, (_, i) => {
    const to = hosts[host.codes[i]] || dst.values[dst.codes[i]];
    const pair = `${src.values[src.codes[i]]} → ${to}:${port[i]}`;
    return known.getOrInsert(pair, pair);
  });
}

/** Columns of the rich set that one request tells by itself, from index 4. */
const OWN = 4;

class HttpRichCollector implements FeatureCollector {
  readonly #own = new RowCollector(RICH_FEATURES.slice(OWN), ownFeatures);
  readonly #ts: number[] = [];
  readonly #pairs = new Map<string, number[]>();

  add(batch: RecordBatch): void {
    this.#own.add(batch);
    const ts = batch.numbers("ts");
    for (const [i, pair] of recordPairs(batch).entries()) {
      const rows = this.#pairs.get(pair);
      if (rows) rows.push(this.#ts.length);
      else this.#pairs.set(pair, [this.#ts.length]);
      this.#ts.push(ts[i]);
    }
  }

  finish(): FeatureMatrix {
    const steps = this.steps();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  *steps(): Generator<void, FeatureMatrix> {
    const own = this.#own.finish();
    const d = RICH_FEATURES.length;
    const data = new Float64Array(own.nSamples * d);
    for (let i = 0; i < own.nSamples; i++) {
      const row = own.data.subarray(i * own.nFeatures, (i + 1) * own.nFeatures);
      data.set(row, i * d + OWN);
    }
    for (const rows of this.#pairs.values()) {
      this.#addRhythm(data, rows);
      yield;
    }
    return featureMatrix(data, RICH_FEATURES.map(({ name }) => name), own.keys);
  }

  #addRhythm(data: Float64Array, rows: number[]): void {
    const d = RICH_FEATURES.length;
    rows.sort((a, b) => this.#ts[a] - this.#ts[b]);
    const { score, period } = timing(
      Float64Array.from(rows, (r) => this.#ts[r]),
    );
    for (const [k, row] of rows.entries()) {
      const interval = k === 0 ? 0 : this.#ts[row] - this.#ts[rows[k - 1]];
      const ratio = interval > 0 && period > 0 ? interval / period : 0;
      data[row * d] = Math.log1p(interval);
      data[row * d + 1] = ratio > 0
        ? Math.min(5, Math.abs(Math.log(ratio)))
        : 5;
      data[row * d + 2] = score;
      data[row * d + 3] = Math.log1p(rows.length);
    }
  }
}

function ownFeatures(batch: RecordBatch) {
  const method = batch.texts("method"), host = batch.texts("host");
  const referrer = batch.texts("referrer");
  const uri = batch.texts("uri"), agent = batch.texts("user_agent");
  const up = batch.numbers("request_body_len");
  const down = batch.numbers("response_body_len");
  const status = batch.numbers("status_code");
  return (i: number, row: Float64Array) => {
    row[0] = method.values[method.codes[i]] === "POST" ? 1 : 0;
    row[1] = host.values[host.codes[i]] === "" ? 0 : 1;
    row[2] = referrer.codes[i] === 0 ? 0 : 1;
    row[3] = Math.log1p(uri.values[uri.codes[i]].length);
    row[4] = Math.log1p(agent.values[agent.codes[i]].length);
    row[5] = Math.log1p(up[i] || 0);
    row[6] = Math.log1p(down[i] || 0);
    row[7] = status[i] >= 200 && status[i] < 300 ? 1 : 0;
  };
}
