import assert from "node:assert/strict";
import { beacon } from "../../pipeline/detectors/beacon.ts";
import { longConnection } from "../../pipeline/detectors/long_connection.ts";
import { Flows } from "../../pipeline/features/flows.ts";
import type { Finding } from "../../pipeline/finding.ts";
import { RandomState } from "../../pipeline/models/mod.ts";
import { checkParams } from "../../pipeline/options.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";

const A = "10.0.0.5", B = "203.0.113.7", START = 1.7e9;

async function sceneFrom(tables: Readonly<Record<string, readonly Row[]>>) {
  const flows = new Flows();
  for (const [path, rows] of Object.entries(tables)) {
    flows.add(batchOf(path, rows));
  }
  return (await sceneOf(flows.finish())).scene;
}

async function beaconsIn(
  tables: Readonly<Record<string, readonly Row[]>>,
  values: { minScore?: number; minCheckIns?: number } = {},
): Promise<Finding[]> {
  return await beacon.detect(
    await sceneFrom(tables),
    checkParams("run beacon", beacon.params, values),
    {},
  );
}

const every = (period: number, n: number, more: Row = {}, dst = B) =>
  Array.from(
    { length: n },
    (_, i) => connRow(START + period * i, A, dst, more),
  );

/** The reasons' names, without the prior. */
const namesOf = ({ reasons }: Finding) =>
  reasons.map(({ name }) => name).filter((name) => name !== "prior");

Deno.test("beacon keeps what reaches minScore and has minCheckIns contacts", async () => {
  const conn = [...every(60, 40), ...every(60, 6, {}, "203.0.113.8")];
  const all = await beaconsIn({ conn }, { minScore: 0 });
  assert.deepEqual(all.map(({ count }) => count), [40, 6]);
  const [best, other] = all.map(({ score }) => score);
  assert.ok(best > other);
  const above = await beaconsIn({ conn }, { minScore: best });
  assert.deepEqual(above.map(({ score }) => score), [best]);
  assert.deepEqual(await beaconsIn({ conn }, { minScore: 1 }), []);
  const often = await beaconsIn({ conn }, { minScore: 0, minCheckIns: 7 });
  assert.deepEqual(often.map(({ dst }) => dst), [B]);
  const six = await beaconsIn({ conn }, { minScore: 0, minCheckIns: 6 });
  assert.equal(six.length, 2);
});

Deno.test("longConnection keeps what lasts minDuration and is answered", async () => {
  const conn = [
    connRow(START, A, B, { duration: 299 }),
    connRow(START, A, "203.0.113.8", { duration: 300 }),
    connRow(START, A, "203.0.113.9", { duration: 5000, resp_bytes: 0 }),
    connRow(START + 90_000, A, "203.0.113.10"),
  ];
  const scene = await sceneFrom({ conn });
  const found = async (minDuration: number) =>
    (await longConnection.detect(
      scene,
      checkParams("run", longConnection.params, { minDuration, minScore: 0 }),
      {},
    )).map(({ dst }) => dst);
  assert.deepEqual(await found(300), ["203.0.113.8"]);
  assert.deepEqual(await found(299), [B, "203.0.113.8"]);
  assert.deepEqual(await found(301), []);
});

Deno.test("beacon lists at most 100 uids, the first in time, and counts them all", async () => {
  const conn = every(60, 250);
  const random = new RandomState(2);
  const shuffled = Array.from(random.choose(250, 250), (i) => conn[i]);
  const [found] = await beaconsIn({ conn: shuffled });
  assert.equal(found.uidCount, 250);
  assert.deepEqual(found.uids, conn.slice(0, 100).map(({ uid }) => uid));
  assert.deepEqual(
    [found.firstTs, found.lastTs, found.count],
    [START, START + 60 * 249, 250],
  );
  assert.equal(found.series.ts.length, 250);
  assert.equal(found.series.bytes.length, 250);
});

Deno.test("beacon leaves the uids out of records that have none", async () => {
  const conn = every(60, 20).map(({ uid: _uid, ...row }) => row as Row);
  const [found] = await beaconsIn({ conn });
  assert.deepEqual([found.uids, found.uidCount, found.count], [[], 0, 20]);
});

Deno.test("beacon has an id per sensor, port and protocol", async () => {
  const found = await beaconsIn({
    conn: [
      ...every(60, 20),
      ...every(60, 20, { _system_name: "north" }),
      ...every(60, 20, { "id.resp_p": 8443 }),
      ...every(60, 20, { proto: "udp" }),
    ],
  }, { minScore: 0 });
  assert.equal(found.length, 4);
  assert.equal(new Set(found.map(({ id }) => id)).size, 4);
  assert.equal(found.filter(({ sensor }) => sensor === "north").length, 1);
});

Deno.test("beacon scores a clock poll far below the same rhythm elsewhere", async () => {
  const found = await beaconsIn({
    conn: [
      ...every(64, 100, {
        proto: "udp",
        "id.resp_p": 123,
        orig_bytes: 48,
        resp_bytes: 48,
      }),
      ...every(64, 100, { proto: "udp", "id.resp_p": 4123 }, "203.0.113.8"),
    ],
  }, { minScore: 0 });
  const [clock, other] = found;
  assert.equal(clock.evidence.clock, true);
  assert.ok(
    clock.reasons.some(({ name, value }) =>
      name === "class" && value === "time sync"
    ),
  );
  assert.ok(!namesOf(other).includes("class"));
  assert.ok(clock.score < 0.1 && other.score > clock.score + 0.3);
});

Deno.test("beacon raises no reason that a log without the field cannot tell", async () => {
  const [bare] = await beaconsIn({
    conn: every(60, 60).map((row) => ({
      ts: row.ts,
      uid: row.uid,
      "id.orig_h": A,
      "id.orig_p": 1,
      "id.resp_h": B,
      "id.resp_p": 443,
      proto: "tcp",
    })),
  });
  for (const name of ["size", "name", "asymmetry", "user-agent", "ja3"]) {
    assert.ok(!namesOf(bare).includes(name), name);
  }
  assert.equal(bare.evidence.size, null);
  assert.deepEqual(JSON.parse(JSON.stringify(bare.evidence)), bare.evidence);
});

Deno.test("beacon judges each fact once, by the reasons that it gives", async () => {
  const told = async (more: Row, http: Row = {}): Promise<string[]> => {
    const conn = every(60, 40, { "id.resp_p": 80, ...more });
    const rows = conn.map((row) =>
      ofConn(row, {
        trans_depth: 1,
        method: "GET",
        host: "a.example",
        user_agent: "curl/8",
        ...http,
      })
    );
    const [found] = await beaconsIn({ http: rows, conn }, { minScore: 0 });
    const names = namesOf(found);
    assert.equal(new Set(names).size, names.length);
    return names;
  };
  assert.ok((await told({}, { method: "POST" })).includes("method"));
  assert.ok((await told({}, { host: "" })).includes("missing-host"));
  assert.ok(!(await told({})).includes("missing-host"));
  assert.ok(!(await told({}, { host: B })).includes("missing-host"));
  assert.ok(
    (await told({}, { resp_mime_types: "image/png" })).includes("content"),
  );
  assert.ok((await told({ "id.resp_p": 4444 })).includes("port"));
  assert.ok(!(await told({})).includes("port"));
});

Deno.test("beacon stops when its signal is aborted, with the signal's reason", async () => {
  const scene = await sceneFrom({
    conn: Array.from(
      { length: 4000 },
      (_, i) => every(60, 6, {}, `203.0.${i >> 8}.${i & 255}`),
    ).flat(),
  });
  const reason = new Error("enough");
  await assert.rejects(
    longConnection.detect(
      scene,
      checkParams("run", longConnection.params, {}),
      { signal: AbortSignal.abort(reason) },
    ),
    reason,
  );
  const controller = new AbortController();
  let calls = 0;
  const stopped = beacon.detect(
    { ...scene, measured: repeated(scene.measured, 100) },
    checkParams("run", beacon.params, { minScore: 1 }),
    {
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        calls++;
        assert.ok(total !== undefined && done < total);
        controller.abort(reason);
      },
    },
  );
  await assert.rejects(stopped, reason);
  assert.equal(calls, 1);
});

function repeated<T>(items: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => items).flat();
}
