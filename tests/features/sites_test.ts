import assert from "node:assert/strict";
import { Flows } from "../../pipeline/features/flows.ts";
import { InternalHosts } from "../../pipeline/features/networks.ts";
import { pairsOf } from "../../pipeline/features/pair.ts";
import { clientOf, realSources } from "../../pipeline/features/proxied.ts";
import { separateSites } from "../../pipeline/features/sites.ts";
import { joinTaps } from "../../pipeline/features/taps.ts";
import { RandomState } from "../../pipeline/models/mod.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";

const A = "10.0.0.5", B = "198.51.100.7";
const at = (sensor: string): Row => ({ _system_name: sensor });

function flowsOf(...batches: RecordBatch[]): Flows {
  const flows = new Flows();
  for (const batch of batches) flows.add(batch);
  return flows.finish();
}

/** The same connection as another tap logs it. */
function again(row: Row, sensor: string, more: Row = {}): Row {
  const { ts, uid } = row;
  return {
    ...row,
    uid: `${uid}-${sensor}`,
    ts: Number(ts) + 0.3,
    ...at(sensor),
    ...more,
  };
}

const minutes = (n: number, sensor: string, more: Row = {}) =>
  Array.from(
    { length: n },
    (_, i) => connRow(1.7e9 + 60 * i, A, B, { ...at(sensor), ...more }),
  );

Deno.test("joinTaps counts a connection of two taps once, with what either saw of it", () => {
  const core = minutes(5, "core", { orig_bytes: 100, history: "ShA" });
  const edge = core.map((row) =>
    again(row, "edge", { orig_bytes: 500, history: "ShADd" })
  );
  const flows = flowsOf(batchOf("conn", [...core, ...edge]));
  const { merged, sites } = joinTaps(flows);
  assert.deepEqual([merged, sites.count, flows.length], [5, 1, 5]);
  assert.deepEqual([...flows.up], [500, 500, 500, 500, 500]);
  assert.deepEqual([...flows.flags], [0, 0, 0, 0, 0], "data was seen by edge");
  assert.equal(flows.uid.length, flows.application.length);
});

Deno.test("joinTaps gives the connections that one tap missed the same sensor", () => {
  const core = minutes(6, "core");
  const edge = core.slice(0, 4).map((row) => again(row, "edge"));
  const alone = connRow(1.7e9 + 999, A, B, at("edge"));
  const flows = flowsOf(batchOf("conn", [...core, ...edge, alone]));
  assert.equal(joinTaps(flows).merged, 4);
  const [pair, ...others] = pairsOf(flows, InternalHosts.find(flows));
  assert.equal(others.length, 0);
  assert.deepEqual([pair.flows.length, pair.subject.sensor], [7, "core"]);
});

Deno.test("joinTaps keeps apart what begins later, has another port or the same sensor", () => {
  const [row] = minutes(1, "core");
  for (
    const other of [
      again(row, "edge", { ts: Number(row.ts) + 2.1 }),
      again(row, "edge", { "id.orig_p": 1 + Number(row["id.orig_p"]) }),
      again(row, "edge", { proto: "udp" }),
      again(row, "core"),
    ]
  ) {
    const flows = flowsOf(batchOf("conn", [row, other]));
    assert.equal(joinTaps(flows).merged, 0);
    assert.equal(flows.length, 2);
  }
});

Deno.test("joinTaps knows a connection whose ends the second tap has turned", () => {
  const [row] = minutes(1, "core");
  const turned = again(row, "edge", {
    "id.orig_h": B,
    "id.orig_p": 443,
    "id.resp_h": A,
    "id.resp_p": row["id.orig_p"],
  });
  const flows = flowsOf(batchOf("conn", [row, turned]));
  assert.equal(joinTaps(flows).merged, 1);
});

Deno.test("joinTaps does not merge two sites whose clocks ask at the same time", () => {
  const ntp = { "id.orig_p": 123, "id.resp_p": 123, proto: "udp" };
  const rows = ["north", "south"].flatMap((s) => minutes(20, s, ntp));
  const flows = flowsOf(batchOf("conn", rows));
  const { merged, sites } = joinTaps(flows);
  assert.deepEqual([merged, sites.count], [0, 2]);
});

Deno.test("joinTaps counts the requests of a connection once", () => {
  const [row] = minutes(1, "core", { "id.resp_p": 80 });
  const two = again(row, "edge");
  const ask = (conn: Row, sensor: string) =>
    ofConn(conn, { trans_depth: 1, host: "a.example", ...at(sensor) });
  const flows = flowsOf(
    batchOf("http", [ask(row, "core"), ask(two, "edge")]),
    batchOf("conn", [row, two]),
  );
  assert.equal(flows.requestTs.length, 2);
  joinTaps(flows);
  assert.equal(flows.requestTs.length, 1);
  assert.equal(flows.requestApplication[0], flows.application.at(0));
});

Deno.test("joinTaps loses and invents no connection, whatever two taps see of it", () => {
  const random = new RandomState(7);
  for (let round = 0; round < 20; round++) {
    const rows: Row[] = [];
    let both = 0;
    for (let i = 0; i < 60; i++) {
      const row = connRow(1.7e9 + 10 * i, A, B, at("core"));
      const seen = random.randint(3);
      if (seen !== 1) rows.push(row);
      if (seen !== 0) rows.push(again(row, "edge"));
      if (seen === 2) both++;
    }
    const order = random.choose(rows.length, rows.length);
    const mixed = Array.from(order, (i) => rows[i]);
    const flows = flowsOf(batchOf("conn", mixed));
    assert.equal(joinTaps(flows).merged, both);
    assert.equal(flows.length, 60);
    assert.equal(new Set([...flows.ts].map((ts) => Math.floor(ts))).size, 60);
  }
});

Deno.test("separateSites makes a private address at two sites two hosts, a public one stays one", () => {
  const rows = ["north", "south"].flatMap((s) => minutes(3, s));
  const flows = flowsOf(batchOf("conn", rows));
  separateSites(flows, joinTaps(flows).sites);
  assert.equal(new Set(flows.src).size, 2);
  assert.equal(new Set(flows.dst).size, 1);
  assert.deepEqual(
    [...new Set(flows.src)].map((code) => flows.addresses.values[code]),
    [A, A],
  );
});

Deno.test("sceneOf counts the hosts of two sites apart, their pairs keep the sensor", async () => {
  const rows = ["north", "south"].flatMap((s) => minutes(30, s));
  const { scene, corrections } = await sceneOf(
    flowsOf(batchOf("conn", rows)),
  );
  assert.equal(scene.around.hosts, 2);
  assert.equal(corrections.merged, 0);
  const subjects = scene.measured.map(({ pair }) => pair.subject);
  assert.deepEqual(subjects.map(({ sensor }) => sensor), ["north", "south"]);
  assert.deepEqual(subjects.map(({ src }) => src), [A, A]);
});

Deno.test("clientOf reads the client that a proxy names, whatever the header", () => {
  for (
    const [proxied, client] of [
      ["X-FORWARDED-FOR -> 10.1.2.3", "10.1.2.3"],
      ["VIA -> 1.1 squid,X-FORWARDED-FOR -> 10.1.2.3", "10.1.2.3"],
      ["X-FORWARDED-FOR -> 10.1.2.3:5123", "10.1.2.3"],
      ["X-FORWARDED-FOR -> [fd00::5]:80", "fd00::5"],
      ["FORWARDED -> for=10.9.9.9;proto=http", "10.9.9.9"],
      ['FORWARDED -> for="[fd00::7]:4711"', "fd00::7"],
      ["CLIENT-IP -> 10.4.4.4", "10.4.4.4"],
      ["X-FORWARDED-FOR -> unknown", null],
      ["X-FORWARDED-FOR -> 10.1.2.999", null],
      ["VIA -> 1.1 10.1.2.3", null],
      ["", null],
    ] as const
  ) assert.equal(clientOf(proxied), client, proxied);
});

Deno.test("realSources gives a proxy's connection the client that its headers name", () => {
  const proxy = "10.0.0.3";
  const conns = [1, 2, 3, 4].map((i) =>
    connRow(1.7e9 + i, proxy, B, { "id.resp_p": 80 })
  );
  const ask = (conn: Row, proxied: string, trans_depth = 1) =>
    ofConn(conn, { trans_depth, host: "a.example", proxied });
  const flows = flowsOf(
    batchOf("http", [
      // As a set holds an element with a comma in it.
      ask(conns[0], "VIA -> b,X-FORWARDED-FOR -> 10.1.2.3\\x2c 10.0.0.9"),
      // Two clients over one connection: it stays the proxy's.
      ask(conns[1], "X-FORWARDED-FOR -> 10.1.2.3"),
      ask(conns[1], "X-FORWARDED-FOR -> 10.1.2.4", 2),
      // An outside client is no source within.
      ask(conns[2], "X-FORWARDED-FOR -> 203.0.113.9"),
      ofConn(conns[3], { trans_depth: 1, host: "a.example" }),
    ]),
    batchOf("conn", conns),
  );
  const proxies = realSources(flows, InternalHosts.find(flows));
  assert.deepEqual(
    [...flows.src].map((code) => flows.addresses.values[code]),
    ["10.1.2.3", proxy, proxy, proxy],
  );
  assert.deepEqual([...proxies], [[conns[0].uid, proxy]]);
});

Deno.test("realSources believes no header that comes from outside", () => {
  const conn = connRow(1.7e9, B, A, { "id.resp_p": 80 });
  const http = ofConn(conn, { proxied: "X-FORWARDED-FOR -> 10.1.2.3" });
  const flows = flowsOf(batchOf("http", [http]), batchOf("conn", [conn]));
  assert.equal(realSources(flows, InternalHosts.find(flows)).size, 0);
  assert.equal(flows.addresses.values[flows.src.at(0)], B);
});

Deno.test("InternalHosts takes what local_orig and local_resp call local, and says so", () => {
  const own = "203.0.113.20";
  const rows = [
    ...Array.from(
      { length: 3 },
      (_, i) =>
        connRow(1.7e9 + i, own, B, { local_orig: "T", local_resp: "F" }),
    ),
    // One slip does not outweigh the others.
    connRow(1.7e9 + 9, B, own, { local_orig: "T", local_resp: "T" }),
    connRow(1.7e9 + 8, A, B, { local_orig: "T", local_resp: "F" }),
  ];
  const flows = flowsOf(batchOf("conn", rows));
  const hosts = InternalHosts.find(flows);
  const has = (address: string) => hosts.has(flows.addresses.code(address));
  assert.deepEqual([has(own), has(A), has(B)], [true, true, false]);
  assert.match(hosts.foundBy, /203\.0\.113\.20.*local_orig/);
  assert.ok(hosts.networks.includes(own));
  const given = InternalHosts.find(flows, ["198.51.100.0/24"]);
  assert.ok(!given.has(flows.addresses.code(own)), "--internal comes first");
});

Deno.test("InternalHosts falls back to the private ranges where nothing is called local", () => {
  const rows = ["100.64.1.1", "fd00::1", "172.20.0.1"].map((src) =>
    connRow(1.7e9, src, B, { local_orig: "F", local_resp: "F" })
  );
  const flows = flowsOf(batchOf("conn", rows));
  const hosts = InternalHosts.find(flows);
  assert.ok([...flows.src].every((code) => hosts.has(code)));
  assert.match(hosts.foundBy, /^private address ranges \(RFC 1918/);
});
