import assert from "node:assert/strict";
import { DETECTORS } from "../../pipeline/detectors/mod.ts";
import { Flows } from "../../pipeline/features/flows.ts";
import {
  compareFindings,
  type Finding,
  findingId,
  severityOf,
} from "../../pipeline/finding.ts";
import { RandomState } from "../../pipeline/models/mod.ts";
import { checkParams } from "../../pipeline/options.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";

const DAY = 1.7e9;

/** An office day: readers, clocks, and four things that are there to be found. */
function office(): { conn: Row[]; ssl: Row[] } {
  const random = new RandomState(7);
  const uniform = (low: number, high: number) =>
    random.uniform(low, high, 1)[0];
  const conn: Row[] = [], ssl: Row[] = [];
  const tls = (row: Row, name: string) => {
    conn.push(row);
    ssl.push(ofConn(row, { server_name: name, established: "T", ja3: "aa" }));
  };
  for (let host = 1; host <= 10; host++) {
    const src = `10.0.0.${host}`;
    for (let t = DAY + uniform(0, 1024); t < DAY + 86_400; t += 1024) {
      conn.push(
        connRow(t, src, "192.0.2.123", {
          "id.resp_p": 123,
          proto: "udp",
          history: "Dd",
          orig_bytes: 48,
          resp_bytes: 48,
        }),
      );
    }
    for (
      let t = DAY;
      t < DAY + 36_000;
      t += -70 * Math.log(1 - uniform(0, 1))
    ) {
      const site = random.randint(30);
      tls(
        connRow(t, src, `198.51.100.${site}`, {
          orig_bytes: Math.round(uniform(200, 9000)),
        }),
        `www.site${site}.example`,
      );
    }
  }
  for (let t = DAY; t < DAY + 86_400; t += 300 * uniform(0.8, 1.2)) {
    conn.push(
      connRow(t, "10.0.0.3", "203.0.113.3", {
        "id.resp_p": 8443,
        orig_bytes: 600,
      }),
    );
    conn.push(
      connRow(t + 20, "10.0.0.4", "203.0.113.4", {
        "id.resp_p": 8443,
        conn_state: "S0",
        history: "S",
        resp_bytes: 0,
        orig_bytes: 0,
      }),
    );
  }
  for (let t = DAY + 30_000; t < DAY + 37_200; t += 60 * uniform(0.9, 1.1)) {
    tls(
      connRow(t, "10.0.0.6", "203.0.113.6", { orig_bytes: 700 }),
      "c2.lamprey.example",
    );
  }
  conn.push(
    connRow(DAY + 100, "10.0.0.7", "203.0.113.7", {
      "id.resp_p": 4022,
      duration: 18_000,
      orig_bytes: 5e6,
    }),
  );
  conn.push(
    ...Array.from(
      { length: 200 },
      (_, i) =>
        connRow(DAY + 60 * i, "10.0.0.8", "239.1.2.3", { proto: "udp" }),
    ),
  );
  return { conn, ssl };
}

async function findingsOf(...batches: RecordBatch[]): Promise<Finding[]> {
  const flows = new Flows();
  for (const batch of batches) flows.add(batch);
  const { scene } = await sceneOf(flows.finish());
  const out: Finding[] = [];
  for (const detector of DETECTORS) {
    out.push(
      ...await detector.detect(
        scene,
        checkParams("detect", detector.params, {}),
        {},
      ),
    );
  }
  return out.sort(compareFindings);
}

const day = office();
const findings = await findingsOf(
  batchOf("ssl", day.ssl),
  batchOf("conn", day.conn),
);
const beacons = findings.filter(({ detector }) => detector === "beacon");
const of = (dst: string, detector = "beacon") => {
  const found = findings.find((finding) =>
    finding.dst === dst && finding.detector === detector
  );
  assert.ok(found, `no ${detector} towards ${dst}`);
  return found;
};

Deno.test("beacon ranks answered beacons first, by address and by a name of two hours", () => {
  assert.deepEqual(
    new Set(beacons.slice(0, 2).map(({ dst }) => dst)),
    new Set(["203.0.113.3", "203.0.113.6"]),
  );
  assert.equal(of("203.0.113.6").name, "c2.lamprey.example");
  assert.equal(of("203.0.113.6").nameSource, "sni");
  assert.ok(Math.abs(Number(of("203.0.113.3").evidence.period) - 300) < 15);
});

Deno.test("beacon ranks unanswered traffic and clocks below answered traffic", () => {
  const answered = of("203.0.113.3");
  const unanswered = of("203.0.113.4", "unanswered");
  assert.ok(unanswered.score < answered.score);
  assert.equal(unanswered.evidence.answered, false);
  assert.ok(
    unanswered.reasons.some(({ name, effect }) =>
      name === "unanswered" && effect < 0
    ),
  );
  for (const finding of findings.filter(({ port }) => port === 123)) {
    assert.ok(finding.score < 0.2);
  }
});

Deno.test("beacon keeps what its test says of series drawn from the null, to be drawn beside its own", () => {
  const { log10p, nullLog10p, testedAgainst } = of("203.0.113.6").evidence;
  assert.equal(testedAgainst, "network");
  assert.ok(Array.isArray(nullLog10p) && nullLog10p.length >= 4);
  assert.deepEqual(nullLog10p, nullLog10p.toSorted((a, b) => a - b));
  assert.ok(nullLog10p.every((p) => p <= 0) && nullLog10p.at(-1)! > -1);
  assert.ok(Number(log10p) < nullLog10p[0]);
  for (const { evidence, score } of beacons) {
    const kept = evidence.nullLog10p as readonly number[];
    const [least, most] = score >= 0.2 ? [4, 32] : [0, 0];
    assert.ok(kept.length >= least && kept.length <= most, `${kept.length}`);
  }
});

Deno.test("beacon gives no high score to readers, nor any to multicast", () => {
  for (const finding of findings) {
    assert.notEqual(finding.dst, "239.1.2.3");
    if (finding.dst.startsWith("198.51.100.")) {
      assert.ok(finding.score < 0.4, finding.summary);
    }
  }
});

Deno.test("longConnection finds what stays open", () => {
  const found = of("203.0.113.7", "long-connection");
  assert.ok(found.score > 0.5);
  assert.equal(found.evidence.longestSeconds, 18_000);
  assert.match(
    found.summary,
    /stays connected to 203\.0\.113\.7 port 4022 for 5.h/,
  );
});

Deno.test("every finding's reasons add up to its score, its evidence survives JSON", () => {
  assert.ok(findings.length >= 4);
  for (const finding of findings) {
    const logit = finding.reasons.reduce((sum, { effect }) => sum + effect, 0);
    assert.ok(Math.abs(finding.score - 1 / (1 + Math.exp(-logit))) < 1e-9);
    assert.equal(finding.severity, severityOf(finding.score));
    assert.deepEqual(
      JSON.parse(JSON.stringify(finding.evidence)),
      finding.evidence,
    );
    assert.ok(
      finding.uids.length <= 100 && finding.uidCount >= finding.uids.length,
    );
    assert.ok(finding.firstTs <= finding.lastTs);
    assert.equal(finding.id, findingId(finding.detector, finding));
    const effects = finding.reasons.map(({ effect }) => Math.abs(effect));
    assert.deepEqual(effects, effects.toSorted((a, b) => b - a));
  }
});

Deno.test("detectors find the same whatever the order of the records", async () => {
  const turned = await findingsOf(
    batchOf("ssl", day.ssl.toReversed()),
    batchOf("conn", day.conn.slice(5000).toReversed()),
    batchOf("conn", day.conn.slice(0, 5000)),
  );
  const brief = (list: Finding[]) =>
    list.map((
      { id, score, summary, uids },
    ) => [id, score.toFixed(12), summary, uids]);
  assert.deepEqual(brief(turned), brief(findings));
});

Deno.test("findingId tells sensor, port and protocol apart, and not the address behind a name", () => {
  const subject = {
    src: "10.0.0.1",
    dst: "192.0.2.1",
    port: 443,
    proto: "tcp",
    name: null,
    nameSource: null,
    sensor: null,
  };
  const ids = [
    subject,
    { ...subject, port: 80 },
    { ...subject, proto: "udp" },
    { ...subject, sensor: "s" },
  ]
    .map((other) => findingId("beacon", other));
  assert.equal(new Set(ids).size, 4);
  const named = { ...subject, name: "a.example" };
  assert.equal(
    findingId("beacon", named),
    findingId("beacon", { ...named, dst: "192.0.2.2" }),
  );
  assert.notEqual(
    findingId("beacon", named),
    findingId("long-connection", named),
  );
});

Deno.test("every detector has a name, a sentence and parameters with defaults in range", () => {
  assert.ok(DETECTORS.length >= 2);
  for (const detector of DETECTORS) {
    assert.match(detector.name, /^[a-z0-9-]+$/);
    assert.match(detector.doc, /\.$/);
    checkParams(`run ${detector.name}`, detector.params, {});
  }
});
