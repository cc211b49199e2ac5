import assert from "node:assert/strict";
import { FLOW, Flows } from "../../pipeline/features/flows.ts";
import { InternalHosts } from "../../pipeline/features/networks.ts";
import { pairsOf } from "../../pipeline/features/pair.ts";
import { factsOf } from "../../pipeline/features/pair_facts.ts";
import { RandomState } from "../../pipeline/models/mod.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";

const A = "10.0.0.5", B = "198.51.100.7";

function flowsOf(...batches: RecordBatch[]): Flows {
  const flows = new Flows();
  for (const batch of batches) flows.add(batch);
  return flows.finish();
}

const pairsIn = (flows: Flows) => pairsOf(flows, InternalHosts.find(flows));

/** The row without some fields. */
function without(row: Row, ...names: string[]): Row {
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => !names.includes(name)),
  );
}

Deno.test("Flows leaves bytes unset that only an ssl record could have told", () => {
  const conn = without(connRow(1e9, A, B), "orig_bytes", "resp_bytes");
  const ssl = ofConn(conn, { server_name: "a.example", established: "T" });
  const flows = flowsOf(batchOf("ssl", [ssl]), batchOf("conn", [conn]));
  assert.ok(Number.isNaN(flows.up.at(0)) && Number.isNaN(flows.down.at(0)));
});

Deno.test("Flows takes body bytes of requests where the connection has none", () => {
  const conn = without(connRow(1e9, A, B), "orig_bytes", "resp_bytes");
  const http = [1, 2].map((trans_depth) =>
    ofConn(conn, {
      trans_depth,
      method: "POST",
      host: "a.example",
      request_body_len: 40,
      response_body_len: 2,
    })
  );
  const flows = flowsOf(batchOf("http", http), batchOf("conn", [conn]));
  assert.deepEqual([flows.up.at(0), flows.down.at(0)], [80, 4]);
});

Deno.test("Flows counts IP bytes before payload bytes", () => {
  const [ip, payload] = [
    connRow(1e9, A, B, { orig_ip_bytes: 700, resp_ip_bytes: 0 }),
    connRow(1e9, A, B),
  ];
  const flows = flowsOf(batchOf("conn", [ip, payload]));
  assert.deepEqual([...flows.up], [700, 500]);
  assert.deepEqual([...flows.down], [900, 900]);
});

Deno.test("Flows keeps the longest open record whatever the order, also after one without a duration", () => {
  const open = connRow(1e9, A, B, { uid: "Copen", conn_state: "S1" });
  const rows = [
    without(open, "duration"),
    { ...open, duration: 3600 },
    { ...open, duration: 7200 },
  ];
  for (const [a, b, c] of [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]]) {
    const flows = flowsOf(batchOf("open_conn", [rows[a], rows[b], rows[c]]));
    assert.deepEqual([flows.length, flows.duration.at(0), flows.flags.at(0)], [
      1,
      7200,
      FLOW.open,
    ]);
    assert.deepEqual(flows.repeated, {});
  }
});

Deno.test("Flows counts a request that is read twice once", () => {
  const conn = connRow(1e9, A, B, { "id.resp_p": 80 });
  const http = ofConn(conn, {
    trans_depth: 1,
    method: "GET",
    host: "a.example",
    request_body_len: 10,
  });
  const flows = flowsOf(
    batchOf("http", [http]),
    batchOf("http", [http]),
    batchOf("conn", [conn]),
  );
  assert.equal(flows.requestTs.length, 1);
  assert.equal(flows.applications.requests[0], 1);
  assert.deepEqual(flows.repeated, { http: 1 });
  assert.deepEqual(flows.records, { http: 2, conn: 1 });
});

Deno.test("Flows makes one connection of a conn record and its requests", () => {
  const conn = connRow(1e9, A, B);
  const ssl = ofConn(conn, { server_name: "a.example", established: "T" });
  const orphan = ofConn(connRow(1e9 + 5, A, B), { server_name: "b.example" });
  const flows = flowsOf(batchOf("ssl", [ssl, orphan]), batchOf("conn", [conn]));
  assert.equal(flows.length, 2);
  assert.deepEqual(
    [...flows.flags].map((bits) => (bits & FLOW.connless) !== 0),
    [false, true],
  );
  assert.ok(Number.isNaN(flows.duration.at(1)) && Number.isNaN(flows.up.at(1)));
  assert.equal(flows.protos.values[flows.proto.at(1)], "tcp");
});

Deno.test("Flows marks what nobody answered and what the sensor joined midway", () => {
  const states: [more: Row, flags: number][] = [
    [{ conn_state: "S0", history: "S" }, FLOW.failed],
    [{ conn_state: "REJ", history: "Sr" }, FLOW.failed],
    [{ conn_state: "OTH", history: "DadA" }, FLOW.midStream],
    [{ conn_state: "SF", history: "ShADadFf" }, 0],
    [{ conn_state: "SF", history: "Dd", proto: "udp" }, 0],
  ];
  const flows = flowsOf(
    batchOf("conn", states.map(([more]) => connRow(1e9, A, B, more))),
  );
  assert.deepEqual([...flows.flags], states.map(([, flags]) => flags));
});

Deno.test("Flows.span leaves out hours without any record", () => {
  const conn = [0, 100, 86_400 * 400].map((t) => connRow(1.7e9 + t, A, B));
  assert.ok(flowsOf(batchOf("conn", conn)).span <= 3 * 3600);
  assert.equal(flowsOf(batchOf("conn", conn.slice(0, 2))).span, 100);
  assert.equal(flowsOf().span, 0);
});

Deno.test("pairsOf puts every connection in exactly one pair, on a random day too", () => {
  const random = new RandomState(11);
  const conn: Row[] = [], ssl: Row[] = [], http: Row[] = [];
  for (let i = 0; i < 2000; i++) {
    const row = connRow(
      1.7e9 + random.randint(86_400),
      `10.0.0.${random.randint(5)}`,
      `198.51.100.${random.randint(9)}`,
      { "id.resp_p": [80, 443][random.randint(2)] },
    );
    const kind = random.randint(4);
    if (kind !== 0) conn.push(row);
    const host = `h${random.randint(6)}.example`;
    if (kind === 1) ssl.push(ofConn(row, { server_name: host }));
    if (kind === 2) http.push(ofConn(row, { trans_depth: 1, host }));
  }
  const flows = flowsOf(
    batchOf("ssl", ssl),
    batchOf("http", http),
    batchOf("conn", conn),
  );
  const pairs = pairsIn(flows);
  const all = pairs.flatMap((pair) => [...pair.flows]).sort((a, b) => a - b);
  assert.deepEqual(all, Array.from(flows.ts, (_, f) => f));
  for (const { flows: own } of pairs) {
    const ts = Array.from(own, (f) => flows.ts.at(f));
    assert.deepEqual(ts, ts.toSorted((a, b) => a - b));
  }
  const keys = pairs.map(({ subject: { src, name, dst, port, proto } }) =>
    [src, name ?? dst, port, proto].join()
  );
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("pairsOf repairs no name where two names share the destination and port", () => {
  const conn = [0, 1, 2].map((t) => connRow(1e9 + t, A, B));
  const ssl = ["a.example", "b.example"].map((server_name, i) =>
    ofConn(conn[i], { server_name })
  );
  const pairs = pairsIn(flowsOf(batchOf("ssl", ssl), batchOf("conn", conn)));
  assert.deepEqual(pairs.map(({ subject }) => subject.name), [
    "a.example",
    "b.example",
    null,
  ]);
});

Deno.test("pairsOf tells sensors, ports, protocols and IPv6 destinations apart", () => {
  const conn = [
    connRow(1e9, A, B, { _system_name: "north" }),
    connRow(1e9, A, B, { _system_name: "south" }),
    connRow(1e9, A, B, { _system_name: "south", proto: "udp" }),
    connRow(1e9, A, B, { _system_name: "south", "id.resp_p": 444 }),
    connRow(1e9, "fd00::5", "2001:db8::7"),
  ];
  const pairs = pairsIn(flowsOf(batchOf("conn", conn)));
  assert.deepEqual(
    pairs.map(({ subject: s }) => [s.sensor, s.port, s.proto, s.dst]),
    [
      ["north", 443, "tcp", B],
      ["south", 443, "tcp", B],
      ["south", 443, "udp", B],
      ["south", 444, "tcp", B],
      [null, 443, "tcp", "2001:db8::7"],
    ],
  );
  assert.equal(pairs[4].direction, "egress");
});

Deno.test("pairsOf names the most frequent address behind a name", () => {
  const conn = [B, "198.51.100.9", "198.51.100.9"].map((dst, i) =>
    connRow(1e9 + i, A, dst)
  );
  const ssl = conn.map((row) => ofConn(row, { server_name: "a.example" }));
  const [pair, ...others] = pairsIn(
    flowsOf(batchOf("ssl", ssl), batchOf("conn", conn)),
  );
  assert.deepEqual(others, []);
  assert.equal(pair.subject.dst, "198.51.100.9");
});

Deno.test("factsOf takes requests as check-ins only where they are more than the connections", () => {
  const facts = (connections: number, requests: number) => {
    const conn = Array.from(
      { length: connections },
      (_, i) => connRow(1e9 + 100 * i, A, B, { "id.resp_p": 80 }),
    );
    const http = Array.from({ length: requests }, (_, i) =>
      ofConn(conn[0], {
        ts: 1e9 + 7 * i,
        trans_depth: i + 1,
        method: "GET",
        host: "a.example",
      }));
    const flows = flowsOf(batchOf("http", http), batchOf("conn", conn));
    const [pair] = pairsIn(flows);
    return factsOf(flows, pair);
  };
  assert.deepEqual([...facts(3, 4).ts], [0, 7, 14, 21].map((t) => 1e9 + t));
  assert.deepEqual([...facts(3, 3).ts], [0, 100, 200].map((t) => 1e9 + t));
});

Deno.test("factsOf counts an open connection, and takes no check-in from it", () => {
  const flows = flowsOf(
    batchOf("conn", [connRow(1e9, A, B)]),
    batchOf("open_conn", [connRow(1e9 + 5, A, B, { duration: 9000 })]),
  );
  const [pair] = pairsIn(flows);
  const facts = factsOf(flows, pair);
  assert.deepEqual([...facts.ts], [1e9]);
  assert.deepEqual([facts.connections, facts.longest, facts.longestOpen], [
    2,
    9000,
    true,
  ]);
});

Deno.test("factsOf joins no records of different sockets, and none that begin anew", () => {
  const conn = [
    connRow(1e9, A, B, { "id.orig_p": 5000 }),
    connRow(1e9 + 300, A, B, { "id.orig_p": 5001, history: "DadA" }),
    connRow(1e9 + 600, A, B, { "id.orig_p": 5000, history: "ShADad" }),
  ];
  const flows = flowsOf(batchOf("conn", conn));
  const [pair] = pairsIn(flows);
  assert.equal(factsOf(flows, pair).connections, 3);
  assert.equal(factsOf(flows, pair).longest, 0.5);
});

Deno.test("sceneOf counts what each rule leaves out, and measures the rest", async () => {
  const often = (dst: string, more: Row = {}) =>
    Array.from({ length: 6 }, (_, i) => connRow(1e9 + 60 * i, A, dst, more));
  const flows = flowsOf(batchOf("conn", [
    ...often(B),
    ...often("224.0.0.251", { proto: "udp" }),
    ...often("ff02::fb", { proto: "udp" }),
    ...often("255.255.255.255", { proto: "udp" }),
    ...often("169.254.1.1"),
    ...often("192.0.2.9", { proto: "icmp" }),
    connRow(1e9, A, "192.0.2.10"),
    connRow(1e9, A, "192.0.2.11", { duration: 60 }),
  ]));
  const { scene, hidden, pairs } = await sceneOf(flows);
  assert.equal(pairs, 8);
  assert.deepEqual(hidden, {
    multicast: 2,
    broadcast: 1,
    "link-local": 1,
    icmp: 1,
  });
  assert.deepEqual(scene.measured.map(({ pair }) => pair.subject.dst), [
    B,
    "192.0.2.11",
  ]);
});

Deno.test("InternalHosts tells the four directions", () => {
  const ends = [[A, B], [B, A], [A, "192.168.1.1"], [B, "203.0.113.1"]];
  const flows = flowsOf(
    batchOf("conn", ends.map(([src, dst]) => connRow(1e9, src, dst))),
  );
  const hosts = InternalHosts.find(flows, ["10.0.0.0/8", "192.168.0.0/16"]);
  assert.deepEqual(
    ends.map(([src, dst]) =>
      hosts.direction(flows.addresses.code(src), flows.addresses.code(dst))
    ),
    ["egress", "ingress", "internal", "external"],
  );
  assert.equal(hosts.foundBy, "given on the command line");
});

Deno.test("InternalHosts takes no public address where the private ones are busy", () => {
  const conn = Array.from({ length: 50 }, (_, i) => connRow(1e9 + i, A, B));
  const hosts = InternalHosts.find(flowsOf(batchOf("conn", conn)));
  assert.match(
    hosts.foundBy,
    /^private address ranges \(RFC 1918, RFC 6598, RFC 4193\)$/,
  );
  const none = InternalHosts.find(flowsOf());
  assert.equal(none.networks.length, 6);
});

Deno.test("InternalHosts takes a busy IPv6 source beside private IPv4", () => {
  const conn = [
    ...Array.from({ length: 90 }, (_, i) => connRow(1e9 + i, A, B)),
    ...Array.from(
      { length: 9 },
      (_, i) => connRow(1e9 + i, "2001:db8::5", "2001:db8:1::7"),
    ),
    connRow(1e9, "2001:db8::6", "2001:db8:1::7"),
  ];
  const flows = flowsOf(batchOf("conn", conn));
  const hosts = InternalHosts.find(flows);
  assert.ok(hosts.has(flows.addresses.code("2001:db8::5")));
  assert.ok(!hosts.has(flows.addresses.code("2001:db8::6")));
  assert.ok(!hosts.has(flows.addresses.code("2001:db8:1::7")));
});
