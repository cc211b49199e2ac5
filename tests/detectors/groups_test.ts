import assert from "node:assert/strict";
import {
  DETECTORS,
  nestedByKey,
  withRelated,
} from "../../pipeline/detectors/mod.ts";
import { Flows } from "../../pipeline/features/flows.ts";
import { compareFindings, type Finding } from "../../pipeline/finding.ts";
import { checkParams } from "../../pipeline/options.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";
import { seeded } from "../bench/synthetic.ts";

const A = "10.0.0.5", START = 1.7e9;

async function sceneFrom(tables: Readonly<Record<string, readonly Row[]>>) {
  const flows = new Flows();
  for (const [path, rows] of Object.entries(tables)) {
    flows.add(batchOf(path, rows));
  }
  return (await sceneOf(flows.finish())).scene;
}

async function findingsIn(
  tables: Readonly<Record<string, readonly Row[]>>,
): Promise<Finding[]> {
  const scene = await sceneFrom(tables);
  const out: Finding[] = [];
  for (const detector of DETECTORS) {
    const values = checkParams("test", detector.params, {});
    out.push(...await detector.detect(scene, values, {}));
  }
  return nestedByKey(withRelated(out, scene.without)).sort(compareFindings);
}

/** A check-in every five minutes, each to the next of some addresses. */
function rotating(places: number, ssl: (at: number) => Row) {
  const u = seeded(2);
  const conn = Array.from({ length: 120 }, (_, i) =>
    connRow(
      START + 300 * i + 20 * u(),
      A,
      `203.0.113.${1 + Math.floor(places * u())}`,
      { orig_bytes: 700 },
    ));
  return { ssl: conn.map((row, i) => ofConn(row, ssl(i))), conn };
}

Deno.test("beacon sees a rhythm that changes its addresses, by TLS fingerprint", async () => {
  const tables = rotating(12, () => ({ ja3: "0badc0de", established: "T" }));
  const [best] = await findingsIn(tables);
  assert.equal(best.evidence.groupedBy, "ja3");
  assert.equal((best.evidence.members as string[]).length, 12);
  assert.ok(Math.abs(Number(best.evidence.period) / 300 - 1) < 0.05);
  assert.equal(best.count, 120);
  assert.match(
    best.summary,
    /12 destinations with the TLS fingerprint 0badc0de/,
  );
  assert.ok(best.score > 0.4, String(best.score));
});

Deno.test("beacon sees a rhythm that changes its names under one domain", async () => {
  const tables = rotating(1, (i) => ({
    server_name: `n${Math.floor(9 * seeded(i)())}x.evil.example`,
    established: "T",
  }));
  const found = (await findingsIn(tables))
    .find(({ evidence }) => evidence.groupedBy === "domain");
  assert.ok(found);
  assert.equal(found.name, "evil.example");
  assert.equal(found.evidence.group, "evil.example");
});

Deno.test("one rhythm is one finding by its most specific key, the others told under it", async () => {
  const tables = rotating(1, (i) => ({
    server_name: `n${Math.floor(9 * seeded(i)())}x.evil.example`,
    ja3: "0badc0de",
    established: "T",
  }));
  const found = await findingsIn(tables);
  const groups = found.filter(({ evidence }) => evidence.groupedBy);
  assert.deepEqual(groups.map((f) => f.evidence.groupedBy), ["domain"]);
  const also = groups[0].evidence.alsoSeenAs as string[];
  assert.ok(also.some((text) => text.startsWith("names at 203.0.113.1 (120")));
  assert.ok(also.some((text) => /^TLS fingerprint 0badc0de \(/.test(text)));
  const pairs = found.filter(({ name }) => /^n\dx\.evil/.test(name ?? ""));
  assert.deepEqual(pairs, [], "its names go under the domain");
});

Deno.test("beacon sees a rhythm of names of many domains at one address", async () => {
  const tables = rotating(1, (i) => ({
    server_name: `lamprey${Math.floor(9 * seeded(i)())}.example`,
    established: "T",
  }));
  const [best] = await findingsIn(tables);
  assert.equal(best.evidence.groupedBy, "address");
  assert.equal(best.evidence.group, "203.0.113.1");
  assert.match(best.summary, /9 names at 203\.0\.113\.1/);
  const texts = best.reasons.map(({ text }) => text).join("; ");
  assert.ok(!/without any name/.test(texts), texts);
});

Deno.test("nestedByKey keeps a pair that ranks above its group", () => {
  const at = (name: string, more: Partial<Finding>) => ({
    ...{ detector: "beacon", src: A, dst: "203.0.113.1", port: 443 },
    ...{ proto: "tcp", sensor: null, name, id: name, count: 9, score: 0.4 },
    evidence: { timingScore: 0.3 },
    ...more,
  } as unknown as Finding);
  const members = ["a.example", "b.example", "c.example"];
  const pairs = [at(members[0], { score: 0.9 }), at(members[1], {})];
  const group = at("example", {
    score: 0.6,
    evidence: { timingScore: 0.8, groupedBy: "domain", members },
  });
  const other = at("a.example", { id: "other", src: "10.0.0.6" });
  const nested = nestedByKey([...pairs, group, other]);
  assert.deepEqual(nested.map(({ id }) => id), [
    "a.example",
    "example",
    "other",
  ]);
  assert.deepEqual(nested[1].evidence.alsoSeenAs, [
    "b.example (9 contacts, score 0.40)",
  ]);
});

Deno.test("a pair that explains its rhythm itself is not grouped", async () => {
  const tables = rotating(1, () => ({ ja3: "0badc0de", established: "T" }));
  for (const { evidence } of await findingsIn(tables)) {
    assert.equal(evidence.groupedBy, undefined);
  }
});

Deno.test("unanswered finds a dead server, and takes neither a scan nor a flood for one", async () => {
  const dead = (n: number, gap: number, dst: (i: number) => string) =>
    Array.from({ length: n }, (_, i) =>
      connRow(START + gap * i, A, dst(i), {
        "id.resp_p": 4444,
        conn_state: "S0",
        history: "S",
        orig_bytes: 0,
        resp_bytes: 0,
      }));
  const scoreOf = async (conn: Row[]) => {
    const found = (await findingsIn({ conn }))
      .filter(({ detector }) => detector === "unanswered");
    return Math.max(0, ...found.map(({ score }) => score));
  };
  const one = await scoreOf(dead(200, 30, () => "203.0.113.9"));
  const scan = await scoreOf(
    dead(2000, 3, (i) => `203.0.113.${1 + i % 100}`),
  );
  const flood = await scoreOf(dead(200, 0.1, () => "203.0.113.9"));
  assert.ok(one >= 0.6, String(one));
  assert.ok(scan < 0.2 && flood < 0.3, `${scan} ${flood}`);
});

Deno.test("Significance corrects for the pairs that were tested", async () => {
  const pairs = Array.from({ length: 50 }, (_, k) => {
    const u = seeded(k);
    return Array.from(
      { length: 12 },
      () => connRow(START + 86_400 * u(), A, `198.51.100.${k}`),
    );
  }).flat();
  const beacon = Array.from(
    { length: 12 },
    (_, i) => connRow(START + 600 * i, A, "203.0.113.1"),
  );
  const scene = await sceneFrom({ conn: [...pairs, ...beacon] });
  const own = scene.measured.find(({ pair }) =>
    pair.subject.dst === "203.0.113.1"
  )!;
  const quick = scene.significance.quick(own);
  assert.equal(quick.tested, scene.measured.length);
  const expected = own.timing.log10p + Math.log10(quick.tested);
  assert.ok(Math.abs(quick.log10q - expected) < 1e-9, "the smallest p of all");
  const chance = scene.measured.filter((pair) =>
    scene.significance.quick(pair).log10q < -2
  );
  assert.deepEqual(chance.map(({ pair }) => pair.subject.dst), ["203.0.113.1"]);
});

Deno.test("Significance is less sure of a rhythm that its source has in everything", async () => {
  /** Busy for one minute in ten, towards many places. */
  const others = Array.from({ length: 3000 }, (_, i) => {
    const u = seeded(i);
    return connRow(
      START + 600 * Math.floor(144 * u()) + 3 * u(),
      A,
      `198.51.100.${i % 250}`,
    );
  });
  const pair = Array.from(
    { length: 100 },
    (_, i) => connRow(START + 600 * (i + 5) + 2, A, "203.0.113.1"),
  );
  const scene = await sceneFrom({ conn: [...others, ...pair] });
  const own = scene.measured.find(({ pair }) =>
    pair.subject.dst === "203.0.113.1"
  )!;
  const quick = scene.significance.quick(own);
  const close = scene.significance.of(own);
  assert.equal(close.against, "source");
  assert.ok(
    close.log10q > 0.7 * quick.log10q,
    `${close.log10q} ${quick.log10q}`,
  );
  assert.deepEqual(scene.significance.of(own), close, "seeded");
});

Deno.test("withRelated raises what two hosts do beside their strange beacon, by a reason", async () => {
  const beaconOn = (port: number) =>
    Array.from(
      { length: 200 },
      (_, i) =>
        connRow(START + 300 * i, A, "203.0.113.1", { "id.resp_p": port }),
    );
  const shell = connRow(START + 500, A, "203.0.113.1", {
    "id.resp_p": 22,
    duration: 3000,
  });
  const other = connRow(START + 500, A, "203.0.113.2", {
    "id.resp_p": 22,
    duration: 3000,
  });
  const found = await findingsIn({ conn: [...beaconOn(4444), shell, other] });
  const of = (dst: string, list = found) =>
    list.find((finding) => finding.dst === dst && finding.port === 22)!;
  const raised = of("203.0.113.1");
  assert.ok(raised.reasons.some(({ name }) => name === "related"));
  assert.ok(raised.score > of("203.0.113.2").score + 0.1);
  const logit = raised.reasons.reduce((sum, { effect }) => sum + effect, 0);
  assert.ok(Math.abs(raised.score - 1 / (1 + Math.exp(-logit))) < 1e-9);
  // A service that is only polled says nothing of what else is done there.
  const polled = await findingsIn({ conn: [...beaconOn(8443), shell, other] });
  assert.equal(polled.find(({ port }) => port === 8443)!.severity, "medium");
  assert.ok(
    !of("203.0.113.1", polled).reasons.some(({ name }) => name === "related"),
  );
});

Deno.test("a name that nobody looked up, and a certificate of another name, speak for a pair", async () => {
  const hosts = Array.from({ length: 12 }, (_, i) => `h${i}.example`);
  const conn = hosts.flatMap((_, k) =>
    Array.from(
      { length: 20 },
      (_, i) => connRow(START + 300 * i + k, A, `203.0.113.${k}`),
    )
  );
  const ssl = conn.map((row, i) =>
    ofConn(row, {
      server_name: hosts[Math.floor(i / 20)],
      established: "T",
    })
  );
  const dns = hosts.slice(1).map((query, i) => ({
    ts: START + i,
    uid: `D${i}`,
    "id.orig_h": A,
    "id.resp_h": "10.0.0.1",
    "id.resp_p": 53,
    query,
  }));
  const hidden = (found: Finding[]) =>
    found.filter(({ reasons }) =>
      reasons.some(({ name }) => name === "hidden-name")
    ).map(({ name }) => name);
  assert.deepEqual(hidden(await findingsIn({ ssl, dns, conn })), [hosts[0]]);
  assert.deepEqual(hidden(await findingsIn({ ssl, conn })), [], "no dns log");
});

Deno.test("a proxy's target in another domain than the TLS name, an outer name and a resolver over HTTPS are told", async () => {
  const story = async (ssl: Row, http?: Row) => {
    const conn = Array.from(
      { length: 60 },
      (_, i) => connRow(START + 300 * i, A, "203.0.113.1"),
    );
    const [best] = await findingsIn({
      ssl: conn.map((row) => ofConn(row, { established: "T", ...ssl })),
      http: http ? conn.map((row) => ofConn(row, http)) : [],
      conn,
    });
    return best.reasons.map(({ name, effect }) => [name, Math.sign(effect)]);
  };
  const connect = (uri: string): Row => ({ method: "CONNECT", uri });
  const told = (name: string, sign: number) => (found: unknown[]) =>
    JSON.stringify(found).includes(JSON.stringify([name, sign]));
  const hidden = told("hidden-name", 1);
  const sni = { server_name: "front.example" };
  assert.ok(hidden(await story(sni, connect("c2.lamprey.example:443"))));
  assert.ok(!hidden(await story(sni, connect("front.example:443"))));
  assert.ok(hidden(await story({ server_name: "cloudflare-ech.com" })));
  const doh = await story({ server_name: "dns.google" });
  assert.ok(told("resolver", -1)(doh) && !hidden(doh));
});

Deno.test("beacon tells RITA's score of the same contacts beside its own", async () => {
  const conn = Array.from(
    { length: 280 },
    (_, i) => connRow(START + 300 * i, A, "203.0.113.1", { "id.resp_p": 8443 }),
  );
  const [found] = await findingsIn({ conn });
  assert.equal(found.evidence.ritaBeaconScore, 1);
});

Deno.test("a port that one pair alone uses speaks for it, but not in a small network nor of a peer", async () => {
  const web = (n: number) =>
    Array.from(
      { length: n },
      (_, i) => connRow(START + i, "10.0.0.9", `198.51.100.${i}`),
    );
  const shell = connRow(START + 500, A, "203.0.113.1", {
    "id.resp_p": 4711,
    duration: 3000,
  });
  const isLone = async (conn: Row[]) =>
    (await findingsIn({ conn }))
      .filter(({ dst }) => dst === "203.0.113.1")
      .map(({ reasons }) => reasons.some(({ name }) => name === "lone-port"));
  assert.deepEqual(await isLone([...web(40), shell]), [true]);
  assert.deepEqual(await isLone([...web(10), shell]), [false], "few places");
  const other = connRow(START, "10.0.0.9", "203.0.113.2", {
    "id.resp_p": 4711,
  });
  assert.deepEqual(await isLone([...web(40), shell, other]), [false]);
  const peer = Array.from(
    { length: 30 },
    (_, i) => connRow(START, A, "203.0.113.3", { "id.resp_p": 20_000 + i }),
  );
  assert.deepEqual(await isLone([...web(40), shell, ...peer]), [false]);
});

Deno.test("hosts that present one program's user agent at one pace are a fleet, whatever the address", async () => {
  const at = (agent: string) => {
    const conn = [5, 6, 7].flatMap((host) =>
      Array.from(
        { length: 60 },
        (_, i) =>
          connRow(START + 600 * i, `10.0.0.${host}`, `203.0.113.${host}`, {
            "id.resp_p": 80,
          }),
      )
    );
    const http = conn.map((row) =>
      ofConn(row, { method: "GET", host: row["id.resp_h"], user_agent: agent })
    );
    return findingsIn({ http, conn });
  };
  const told = (found: Finding[]) =>
    found.map(({ reasons }) =>
      reasons.find(({ name }) => name === "fleet")?.text ?? ""
    );
  const program = told(await at("Scanner/9.1"));
  assert.equal(program.length, 3);
  for (const text of program) {
    assert.match(text, /3 hosts present this user agent at the same pace/);
  }
  assert.deepEqual(told(await at("Mozilla/5.0")), ["", "", ""]);
});

Deno.test("a program that asks many domains at one pace is no beacon of each", async () => {
  const asked = async (n: number) => {
    const conn = Array.from({ length: n }, (_, k) =>
      Array.from(
        { length: 60 },
        (_, i) => connRow(START + 1800 * i + k, A, `203.0.113.${1 + k}`),
      )).flat();
    const ssl = conn.map((row) =>
      ofConn(row, {
        server_name: `feeds.of${
          String(row["id.resp_h"]).split(".")[3]
        }.example`,
        established: "T",
      })
    );
    const found = await findingsIn({ ssl, conn });
    return found.filter(({ detector }) => detector === "beacon").map((f) =>
      f.reasons.find(({ name }) => name === "fleet")?.effect ?? 0
    );
  };
  assert.deepEqual(await asked(4), [0, 0, 0, 0]);
  const twelve = await asked(12);
  assert.equal(twelve.length, 12);
  assert.ok(twelve.every((effect) => effect < -2), `${twelve}`);
});
