import assert from "node:assert/strict";
import type { FeatureMatrix } from "../../pipeline/feature_matrix.ts";
import { recordPairs } from "../../pipeline/features/http.ts";
import { FEATURE_SETS, featureSet } from "../../pipeline/features/mod.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";

const A = "10.0.0.5", B = "198.51.100.7";

function collect(name: string, ...batches: RecordBatch[]): FeatureMatrix {
  const collector = featureSet(name).collect();
  for (const batch of batches) collector.add(batch);
  return collector.finish();
}

/** One value of the matrix. */
function at(X: FeatureMatrix, i: number, name: string): number {
  const j = X.featureNames.indexOf(name);
  assert.ok(j >= 0, `no feature ${name}`);
  return X.data[i * X.nFeatures + j];
}

const bare: Row = {
  ts: 1.7e9,
  "id.orig_h": A,
  "id.orig_p": 1,
  "id.resp_h": B,
  "id.resp_p": 9999,
};

for (const { name, logType, features } of FEATURE_SETS) {
  Deno.test(`featureSet ${name} gives a finite row for every record, also a bare one`, () => {
    const full: Row = logType === "conn"
      ? connRow(1.7e9, A, "2001:db8::1")
      : { ...bare, uid: "C1", method: "POST", host: "a.example" };
    const X = collect(
      name,
      batchOf(logType, [full, bare]),
      batchOf(logType, [
        bare,
      ]),
    );
    assert.deepEqual([X.nSamples, X.nFeatures], [3, features.length]);
    assert.deepEqual(X.featureNames, features.map((feature) => feature.name));
    assert.ok(X.data.every(Number.isFinite));
    assert.deepEqual(X.keys, [full.uid, "", ""]);
    assert.equal(collect(name).nSamples, 0);
  });
}

Deno.test("featureSet names the sets that there are when one is not known", () => {
  assert.throws(() => featureSet("sessions"), {
    name: "RangeError",
    message: /no set called sessions; there are session, session-rich, http, /,
  });
});

Deno.test("session is the seven numbers of a connection as they are", () => {
  const X = collect("session", batchOf("conn", [connRow(1.7e9, A, B)]));
  assert.deepEqual([...X.data], [
    1.7e9,
    10 * 2 ** 24 + 5,
    198 * 2 ** 24 + 51 * 2 ** 16 + 100 * 2 ** 8 + 7,
    443,
    0.5,
    500,
    900,
  ]);
});

Deno.test("session-rich says what absence means: half sent, answered", () => {
  const X = collect(
    "session-rich",
    batchOf("conn", [
      bare,
      connRow(1.7e9, A, B, { conn_state: "S0", proto: "udp" }),
      connRow(1.7e9, A, B, { orig_bytes: 100, resp_bytes: 0 }),
    ]),
  );
  assert.deepEqual([at(X, 0, "sent_share"), at(X, 0, "is_answered")], [0.5, 1]);
  assert.deepEqual([at(X, 1, "is_udp"), at(X, 1, "is_answered")], [1, 0]);
  assert.equal(at(X, 2, "sent_share"), 1);
  assert.equal(at(X, 0, "is_service_port"), 0);
  assert.equal(at(X, 1, "is_service_port"), 1);
  for (let i = 0; i < 3; i++) {
    const circle = at(X, i, "hour_sin") ** 2 + at(X, i, "hour_cos") ** 2;
    assert.ok(Math.abs(circle - 1) < 1e-12);
  }
});

Deno.test("http-rich gives the rhythm of a pair whatever the order of its requests", () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({
    ...bare,
    ts: 1.7e9 + 60 * i,
    uid: `C${i}`,
    host: i % 2 ? "A.example:80" : "a.example",
  }));
  const other = { ...bare, uid: "Cother", host: "b.example" };
  const X = collect("http-rich", batchOf("http", [...rows, other]));
  const turned = collect(
    "http-rich",
    batchOf("http", rows.slice(10).reverse()),
    batchOf("http", [other, ...rows.slice(0, 10)]),
  );
  assert.equal(at(X, 0, "log_interval"), 0);
  assert.ok(Math.abs(at(X, 9, "log_interval") - Math.log1p(60)) < 1e-12);
  assert.ok(at(X, 9, "pair_regularity") > 0.9);
  assert.equal(at(X, 9, "off_beat"), 0);
  assert.equal(at(X, 9, "log_pair_count"), Math.log1p(30));
  assert.deepEqual([at(X, 30, "pair_regularity"), at(X, 30, "off_beat")], [
    0,
    5,
  ]);
  for (const [i, key] of X.keys.entries()) {
    const j = turned.keys.indexOf(key);
    const row = (matrix: FeatureMatrix, r: number) =>
      matrix.data.slice(r * matrix.nFeatures, (r + 1) * matrix.nFeatures);
    assert.deepEqual(row(turned, j), row(X, i), key);
  }
});

Deno.test("recordPairs tells a pair by host name, by address where there is none", () => {
  const batch = batchOf("http", [
    { ...bare, host: "A.Example.:9999" },
    bare,
    { ...bare, host: "" },
  ]);
  assert.deepEqual(recordPairs(batch), [
    `${A} → a.example:9999`,
    `${A} → ${B}:9999`,
    `${A} → ${B}:9999`,
  ]);
});

Deno.test("http is time, source and destination of a request", () => {
  const conn = connRow(1.7e9, A, B);
  const X = collect("http", batchOf("http", [ofConn(conn, { host: "a" })]));
  assert.deepEqual([...X.data].slice(0, 2), [1.7e9, 10 * 2 ** 24 + 5]);
});
