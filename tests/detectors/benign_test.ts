import assert from "node:assert/strict";
import type { BenignClass } from "../../pipeline/detectors/benign_class.ts";
import { BENIGN_CLASSES } from "../../pipeline/detectors/benign_classes.ts";
import { DETECTORS } from "../../pipeline/detectors/mod.ts";
import { Flows } from "../../pipeline/features/flows.ts";
import { compareFindings, type Finding } from "../../pipeline/finding.ts";
import { checkParams } from "../../pipeline/options.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";

const A = "10.0.0.5", B = "203.0.113.7", INSIDE = "10.1.0.9", START = 1.7e9;

/** Records of one story, by log type. */
type Story = Readonly<Record<"conn" | "ssl" | "http", Row[]>>;

async function findingsOf(...stories: Story[]): Promise<Finding[]> {
  const flows = new Flows();
  for (const type of ["ssl", "http", "conn"] as const) {
    flows.add(batchOf(type, stories.flatMap((story) => story[type])));
  }
  const { scene } = await sceneOf(flows.finish());
  const out: Finding[] = [];
  for (const detector of DETECTORS) {
    const values = checkParams("test", detector.params, {
      minScore: 0,
    } as Record<string, unknown>);
    out.push(...await detector.detect(scene, values, {}));
  }
  return out.sort(compareFindings);
}

interface Shape {
  readonly src?: string;
  readonly dst?: string;
  readonly port?: number;
  readonly proto?: string;
  readonly n?: number;
  readonly more?: Row;
  readonly ssl?: Row;
  readonly http?: Row;
}

/** Contacts every ten minutes, of one size. */
function contacts(shape: Shape): Story {
  const { src = A, dst = B, port = 443, proto = "tcp", n = 60 } = shape;
  const conn = Array.from(
    { length: n },
    (_, i) =>
      connRow(START + 600 * i, src, dst, {
        "id.resp_p": port,
        proto,
        ...shape.more,
      }),
  );
  const told = (more: Row | undefined) =>
    more ? conn.map((row) => ofConn(row, more)) : [];
  return { conn, ssl: told(shape.ssl), http: told(shape.http) };
}

const tls = (name: string, more: Row = {}): Row => ({
  server_name: name,
  established: "T",
  subject: `CN=*.${name.split(".").slice(-2).join(".")},O=X`,
  issuer: "CN=Some CA,O=Y",
  ...more,
});
const SELF_SIGNED: Row = { subject: "CN=localhost", issuer: "CN=localhost" };

/** One idle connection of a day, cut every five minutes. */
const idle = (port: number, more: Row = {}): Story => ({
  conn: Array.from({ length: 200 }, (_, i) =>
    connRow(START + 300 * i, A, B, {
      "id.resp_p": port,
      "id.orig_p": 50_001,
      conn_state: "OTH",
      history: "DadA",
      orig_bytes: 60,
      resp_bytes: 60,
      ...more,
    })),
  ssl: [],
  http: [],
});

/** The same contacts from three hosts inside, or to five. */
const inside = (port: number, many: "sources" | "targets"): Story => {
  const stories = Array.from({ length: 5 }, (_, i) =>
    contacts({
      port,
      src: many === "sources" ? `10.0.${i}.5` : A,
      dst: many === "sources" ? INSIDE : `10.${i + 1}.0.9`,
    }));
  return {
    conn: stories.flatMap(({ conn }) => conn),
    ssl: [],
    http: [],
  };
};

/** What the class is, and what only looks like it and must still rank. */
const STORIES: Readonly<Record<string, readonly [Story, Story]>> = {
  "time sync": [
    contacts({
      port: 123,
      proto: "udp",
      more: { orig_bytes: 48, resp_bytes: 48, history: "Dd" },
    }),
    contacts({
      port: 123,
      proto: "udp",
      more: { orig_bytes: 300, resp_bytes: 4000, history: "Dd" },
    }),
  ],
  "OS update": [
    contacts({ ssl: tls("v10.windowsupdate.com") }),
    contacts({ ssl: tls("v10.windowsupdate.com", SELF_SIGNED) }),
  ],
  "OS telemetry": [
    contacts({ ssl: tls("v10.events.data.microsoft.com") }),
    contacts({ ssl: tls("v10.events.data.microsoft.com", SELF_SIGNED) }),
  ],
  "office and collaboration": [
    contacts({ ssl: tls("edge.slack.com") }),
    contacts({ ssl: tls("edge.slack.com", SELF_SIGNED) }),
  ],
  "endpoint protection": [
    contacts({ ssl: tls("pico.eset.com") }),
    contacts({ ssl: tls("pico.eset.com", SELF_SIGNED) }),
  ],
  "push notification": [idle(5223), idle(4444)],
  "certificate status": [
    contacts({
      port: 80,
      http: {
        host: "ocsp.digicert.com",
        method: "GET",
        user_agent: "Microsoft-CryptoAPI/10.0",
      },
    }),
    contacts({
      port: 8081,
      http: {
        host: "ocsp.digicert.com",
        method: "POST",
        user_agent: "Microsoft-CryptoAPI/10.0",
      },
    }),
  ],
  "analytics": [
    contacts({ ssl: tls("www.google-analytics.com") }),
    contacts({ ssl: tls("www.google-analytics.com", SELF_SIGNED) }),
  ],
  "printer and IoT": [
    contacts({ port: 9100, dst: INSIDE }),
    contacts({ port: 9100, dst: B }),
  ],
  "monitoring": [inside(10_050, "targets"), contacts({ port: 10_050 })],
  "directory": [inside(636, "sources"), contacts({ port: 636 })],
  "backup": [inside(873, "sources"), contacts({ port: 873 })],
  "proxy": [
    {
      ...inside(3128, "sources"),
      conn: inside(3128, "sources").conn.map((row) => ({
        ...row,
        resp_bytes: 90_000,
      })),
    },
    contacts({ port: 3128 }),
  ],
  "telephony": [
    contacts({
      port: 5060,
      proto: "udp",
      more: { orig_bytes: 600, resp_bytes: 500, history: "Dd" },
    }),
    contacts({
      port: 5060,
      proto: "udp",
      more: { orig_bytes: 600, resp_bytes: 40_000, history: "Dd" },
    }),
  ],
  "device": [
    contacts({
      port: 10_240,
      proto: "udp",
      more: { orig_bytes: 44, resp_bytes: 44, history: "Dd" },
    }),
    contacts({ port: 10_240, more: { orig_bytes: 44, resp_bytes: 44 } }),
  ],
  "broadcast": [
    contacts({
      port: 5353,
      proto: "udp",
      dst: INSIDE,
      more: { orig_bytes: 60, resp_bytes: 90, history: "Dd" },
    }),
    contacts({
      port: 5353,
      proto: "udp",
      more: { orig_bytes: 60, resp_bytes: 90, history: "Dd" },
    }),
  ],
  "background scanning": [
    contacts({
      src: B,
      dst: A,
      port: 3389,
      more: { conn_state: "S0", history: "S", orig_bytes: 0, resp_bytes: 0 },
    }),
    contacts({ src: B, dst: A, port: 3389 }),
  ],
  "remote administration": [
    contacts({ ssl: tls("router1.teamviewer.com") }),
    contacts({ ssl: tls("router1.teamviewer.com", SELF_SIGNED) }),
  ],
};

const classOf = (finding: Finding) =>
  finding.reasons.find(({ name }) => name === "class");
const ORDER = ["none", "low", "medium", "high", "critical"];

/** A day of other traffic, so that ports and names have something to be held against. */
const rest: Story = contacts({
  src: "10.9.0.1",
  dst: "198.51.100.1",
  n: 8,
  ssl: tls("www.other.example"),
});

for (const known of BENIGN_CLASSES) {
  Deno.test(`${known.name} is known by two signals, and its impostor still ranks`, async () => {
    const stories = STORIES[known.name];
    assert.ok(stories, "the class has fixtures");
    const [own] = (await findingsOf(stories[0], rest))
      .filter(({ src }) => src !== "10.9.0.1");
    const said = classOf(own);
    assert.equal(said?.value, known.name, JSON.stringify(own.reasons));
    assert.ok(ORDER.indexOf(own.severity) <= ORDER.indexOf(known.cap));
    const [impostor] = (await findingsOf(stories[1], rest))
      .filter(({ src }) => src !== "10.9.0.1");
    assert.ok(!((classOf(impostor)?.effect ?? 0) < 0), "nothing clears it");
    if (known.effect === 0) return;
    assert.ok(
      impostor.score > own.score + 0.05,
      `${impostor.score} over ${own.score}`,
    );
  });
}

Deno.test("every benign class asks for two independent signals and is told in words", () => {
  const possible = ({ names, ports, agents, behaviours }: BenignClass) =>
    [names, ports, agents].filter(Boolean).length + behaviours.length;
  for (const known of BENIGN_CLASSES) {
    assert.ok(known.needs >= 2 && known.needs <= possible(known), known.name);
    assert.ok(known.must.length >= 1);
    assert.match(known.doc, /[^.]$/);
    assert.ok(known.effect <= 0);
    for (const name of known.names ?? []) {
      assert.match(name, /^[a-z0-9.-]+\.[a-z]+$/);
    }
  }
  const names = BENIGN_CLASSES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("what lifts a cap is the class's own: a backup may send more than comes back", async () => {
  const sends = (port: number): Story => ({
    ...inside(port, "sources"),
    conn: inside(port, "sources").conn.map((row) => ({
      ...row,
      orig_bytes: 400_000,
      resp_bytes: 900,
    })),
  });
  const [backup] = await findingsOf(sends(873), rest);
  assert.ok(classOf(backup)!.effect < 0, JSON.stringify(backup.reasons));
  const [proxied] = await findingsOf(sends(3128), rest);
  assert.equal(classOf(proxied)?.effect ?? 0, 0);
});

Deno.test("a UDP port that announces inside clears nothing that goes out", async () => {
  for (const port of [161, 514, 1900, 5353]) {
    const out = contacts({ port, proto: "udp", more: { history: "Dd" } });
    const [found] = await findingsOf(out, rest);
    assert.ok(found.score > 0.3, `port ${port}: ${found.score}`);
  }
});

Deno.test("a name alone clears nothing", async () => {
  const [found] = await findingsOf(
    contacts({ ssl: { server_name: "x.windowsupdate.com", established: "T" } }),
    rest,
  );
  assert.equal(classOf(found), undefined);
});

Deno.test("a device that says at times more, came later or went earlier is no keep-alive, nor is a desk", async () => {
  const port = 10_240, proto = "udp";
  const alive = (n = 60) =>
    contacts({
      port,
      proto,
      n,
      more: { orig_bytes: 44, resp_bytes: 44, history: "Dd" },
    });
  const edges = contacts({ dst: "198.51.100.2", n: 61 });
  const [first, , ...late] = alive().conn.slice(10), { conn } = alive();
  const desk = Array.from(
    { length: 10 },
    (_, i) => connRow(START + 900 * i, A, `198.51.100.${10 + i}`),
  );
  const others: Readonly<Record<string, readonly Row[]>> = {
    "an order": conn.map((row, i) =>
      i === 30 ? { ...row, orig_bytes: 90 } : row
    ),
    "came later": [first, ...late],
    "went earlier": conn.slice(0, 50),
    "a desk": [...conn, ...desk],
    "TCP": conn.map((row) => ({ ...row, proto: "tcp" })),
  };
  const classIn = async (rows: readonly Row[]) => {
    const found = await findingsOf({
      ...edges,
      conn: [...edges.conn, ...rows],
    });
    const own = found.find((f) => f.dst === B && f.port === port);
    return own && classOf(own)?.value;
  };
  assert.equal(await classIn(conn), "device");
  for (const [what, rows] of Object.entries(others)) {
    assert.notEqual(await classIn(rows), "device", what);
  }
});
