import assert from "node:assert/strict";
import { Flows } from "../../pipeline/features/flows.ts";
import { hostName } from "../../pipeline/features/names.ts";
import { InternalHosts } from "../../pipeline/features/networks.ts";
import { outOfScope, pairsOf } from "../../pipeline/features/pair.ts";
import { factsOf, steadySize } from "../../pipeline/features/pair_facts.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";

const A = "10.0.0.5", B = "198.51.100.7";

function flowsOf(...batches: RecordBatch[]): Flows {
  const flows = new Flows();
  for (const batch of batches) flows.add(batch);
  return flows.finish();
}

function pairs(...batches: RecordBatch[]) {
  const flows = flowsOf(...batches);
  const found = pairsOf(flows, InternalHosts.find(flows));
  return { flows, found };
}

Deno.test("pairsOf keeps each connection in one pair, by name where one is told", () => {
  const conns = [
    connRow(1e9, A, B),
    connRow(1e9 + 1, A, B),
    connRow(1e9 + 2, A, "198.51.100.8"),
  ];
  const ssl = [
    ofConn(conns[0], { server_name: "A.Example.", established: "T" }),
    ofConn(conns[1], { established: "T" }),
  ];
  const { flows, found } = pairs(batchOf("ssl", ssl), batchOf("conn", conns));
  const told = found.map((
    { subject, flows },
  ) => [subject.name, subject.dst, flows.length]);
  assert.deepEqual(told, [["a.example", B, 1], [null, B, 1], [
    null,
    "198.51.100.8",
    1,
  ]]);
  assert.equal(
    found.reduce((sum, pair) => sum + pair.flows.length, 0),
    flows.length,
  );
  assert.equal(found[0].subject.nameSource, "sni");
});

Deno.test("pairsOf gives a flow without a record the only name of its destination and port", () => {
  const conns = [
    connRow(1e9, A, B),
    connRow(1e9 + 1, A, B),
    connRow(1e9 + 2, A, B, { "id.resp_p": 22 }),
  ];
  const { found } = pairs(
    batchOf("ssl", [ofConn(conns[0], { server_name: "a.example" })]),
    batchOf("conn", conns),
  );
  assert.deepEqual(
    found.map(({ subject, flows }) => [subject.name, flows.length]),
    [["a.example", 2], [null, 1]],
  );
});

Deno.test("pairsOf names a proxied pair by its CONNECT target, towards the outside", () => {
  const conn = connRow(1e9, A, "10.0.0.9", { "id.resp_p": 3128 });
  const http = ofConn(conn, {
    trans_depth: 1,
    method: "CONNECT",
    host: "evil.example",
    uri: "evil.example:443",
  });
  const { found: [pair] } = pairs(
    batchOf("http", [http]),
    batchOf("conn", [conn]),
  );
  assert.deepEqual(
    [
      pair.subject.name,
      pair.subject.nameSource,
      pair.subject.dst,
      pair.subject.port,
      pair.direction,
    ],
    ["evil.example", "connect", "10.0.0.9", 3128, "egress"],
  );
});

Deno.test("factsOf counts a Host that is an address and takes no name from it", () => {
  const conn = connRow(1e9, A, B, { "id.resp_p": 80 });
  const http = ofConn(conn, {
    trans_depth: 1,
    method: "POST",
    host: B,
    uri: "/",
    request_body_len: 9,
  });
  const { flows, found: [pair] } = pairs(
    batchOf("http", [http]),
    batchOf("conn", [conn]),
  );
  const facts = factsOf(flows, pair);
  assert.equal(pair.subject.name, null);
  assert.deepEqual([
    facts.literal,
    facts.requests,
    facts.posts,
    facts.missingHost,
  ], [1, 1, 1, 0]);
});

Deno.test("Flows keeps the longest total of an open connection until the closed record comes", () => {
  const open = (duration: number): Row =>
    connRow(1e9, A, B, { uid: "Copen", duration, conn_state: "S1" });
  const flows = flowsOf(batchOf("open_conn", [open(7200), open(3600)]));
  assert.deepEqual([flows.length, flows.duration.at(0)], [1, 7200]);
  for (const order of [["open_conn", "conn"], ["conn", "open_conn"]]) {
    const closed = connRow(1e9, A, B, { uid: "Copen", duration: 9000 });
    const both = flowsOf(
      ...order.map((path) =>
        batchOf(path, path === "conn" ? [closed] : [open(7200)])
      ),
    );
    assert.deepEqual([both.length, both.duration.at(0), both.flags.at(0)], [
      1,
      9000,
      0,
    ], order.join());
  }
});

Deno.test("Flows counts a record that repeats a uid once", () => {
  const conn = connRow(1e9, A, B);
  const flows = flowsOf(batchOf("conn", [conn, conn]));
  assert.equal(flows.length, 1);
  assert.deepEqual(flows.repeated, { conn: 1 });
});

Deno.test("Flows makes connections of http and ssl records without a conn log", () => {
  const conn = connRow(1e9, A, B);
  const http = [1, 2, 3].map((depth) =>
    ofConn(conn, {
      ts: 1e9 + depth,
      trans_depth: depth,
      method: "GET",
      host: "a.example",
    })
  );
  const { flows, found: [pair] } = pairs(batchOf("http", http));
  assert.equal(flows.length, 1);
  const facts = factsOf(flows, pair);
  assert.deepEqual([...facts.ts], [1e9 + 1, 1e9 + 2, 1e9 + 3]);
  assert.ok(facts.answered);
});

Deno.test("Flows leaves unset bytes NaN", () => {
  const { orig_bytes: _up, resp_bytes: _down, ...rest } = connRow(
    1e9,
    A,
    B,
  ) as Record<string, string | number>;
  const flows = flowsOf(batchOf("conn", [rest]));
  assert.ok(Number.isNaN(flows.up.at(0)) && Number.isNaN(flows.down.at(0)));
});

Deno.test("factsOf joins what the sensor cut into one long connection", () => {
  const cut = Array.from(
    { length: 20 },
    (_, i) =>
      connRow(1e9 + 300 * i, A, B, {
        "id.orig_p": 55_768,
        duration: 1,
        history: i === 0 ? "ShADad" : "DadA",
      }),
  );
  const { flows, found: [pair] } = pairs(batchOf("conn", cut));
  const facts = factsOf(flows, pair);
  assert.equal(facts.ts.length, 1);
  assert.equal(facts.connections, 1);
  assert.equal(facts.longest, 5701);
});

Deno.test("factsOf gives each pair its own times and bytes, asked by turns", () => {
  const rows = [7, 7, 9, 9, 9].map((last, i) =>
    connRow(1e9 + i, A, `198.51.100.${last}`, { orig_ip_bytes: 100 * (i + 1) })
  );
  const { flows, found } = pairs(batchOf("conn", rows));
  const [one, other] = found.map((pair) => factsOf(flows, pair));
  for (let turn = 0; turn < 2; turn++) {
    assert.deepEqual([...one.ts], [1e9, 1e9 + 1]);
    assert.deepEqual([...other.ts], [1e9 + 2, 1e9 + 3, 1e9 + 4]);
    assert.deepEqual([...one.bytes], [100, 200]);
    assert.deepEqual([...other.bytes], [300, 400, 500]);
  }
});

Deno.test("outOfScope names what is no candidate for a beacon", () => {
  const rows: [Row, string | null][] = [
    [connRow(1e9, A, "239.255.255.250", { proto: "udp" }), "multicast"],
    [connRow(1e9, A, "ff02::fb", { proto: "udp" }), "multicast"],
    [connRow(1e9, A, "255.255.255.255", { proto: "udp" }), "broadcast"],
    [
      connRow(1e9, A, "10.0.0.255", { proto: "udp", resp_bytes: 0 }),
      "broadcast",
    ],
    [connRow(1e9, "fe80::1", "2001:db8::2"), "link-local"],
    [connRow(1e9, A, B, { proto: "icmp" }), "icmp"],
    [echo(0.1, 84, 84), "icmp"],
    [echo(86_400, 84 * 86_400, 84 * 60_000), "icmp"],
    [echo(30, 90_000, 90_000), "icmp"],
    [echo(86_400, 84 * 86_400, 100 * 86_400), null],
    [echo(600, 900_000, 900_000), null],
    [echo(600, 900_000, 0), "icmp"],
    [echo(0.1, 84, 400, 3), "icmp"],
    [connRow(1e9, "2001:db8::1", "2001:db8:1::2"), null],
    [connRow(1e9, A, B), null],
  ];
  for (const [row, rule] of rows) {
    const { flows, found: [pair] } = pairs(batchOf("conn", [row]));
    assert.equal(outOfScope(flows, pair.flows), rule, String(row["id.resp_h"]));
  }
});

/** An ICMP echo, or another type of it. */
const echo = (duration: number, up: number, down: number, type = 8) =>
  connRow(1e9, A, B, {
    proto: "icmp",
    "id.orig_p": type,
    "id.resp_p": 0,
    duration,
    orig_bytes: up,
    resp_bytes: down,
    conn_state: "OTH",
  });

Deno.test("InternalHosts takes private ranges, given ones, and a busy public address", () => {
  const office = flowsOf(batchOf("conn", [connRow(1e9, A, B)]));
  const own = InternalHosts.find(office);
  assert.ok(
    own.has(office.addresses.code(A)) && !own.has(office.addresses.code(B)),
  );
  const given = InternalHosts.find(office, ["198.51.100.0/24"]);
  assert.ok(
    !given.has(office.addresses.code(A)) && given.has(office.addresses.code(B)),
  );
  const server = flowsOf(
    batchOf(
      "conn",
      Array.from(
        { length: 50 },
        (_, i) => connRow(1e9 + i, `203.0.113.${i}`, B),
      ),
    ),
  );
  const found = InternalHosts.find(server);
  assert.ok(found.has(server.addresses.code(B)));
  assert.ok(!found.has(server.addresses.code("203.0.113.9")));
  assert.match(found.foundBy, /198\.51\.100\.7/);
  assert.throws(() => InternalHosts.find(office, ["10.0/8"]), SyntaxError);
});

Deno.test("steadySize finds the share of sizes that lie together", () => {
  const { share, size } = steadySize(
    Float64Array.of(100, 101, 102, 103, 900, NaN),
  );
  assert.equal(share, 0.8);
  assert.equal(size, 102);
  assert.equal(steadySize(new Float64Array()).share, 0);
});

Deno.test("hostName drops port, case, brackets and the final dot", () => {
  assert.equal(hostName("Example.COM.:8080"), "example.com");
  assert.equal(hostName("2001:db8::1"), "2001:db8::1");
  assert.equal(hostName(""), "");
});

Deno.test("factsOf joins UDP records of one socket, and tells the heartbeat", () => {
  const beat = (i: number, more: Row = {}) =>
    connRow(1e9 + 300 * i, A, B, {
      proto: "udp",
      "id.orig_p": 50_000,
      history: "Dd",
      ...more,
    });
  const one = pairs(
    batchOf("conn", Array.from({ length: 40 }, (_, i) => beat(i))),
  );
  const facts = factsOf(one.flows, one.found[0]);
  assert.deepEqual(
    [facts.connections, facts.longest, facts.heartbeats.length],
    [
      1,
      39 * 300 + 0.5,
      40,
    ],
  );
  const ports = Array.from(
    { length: 40 },
    (_, i) => beat(i, { "id.orig_p": 50_000 + i }),
  );
  const many = pairs(batchOf("conn", ports));
  assert.equal(factsOf(many.flows, many.found[0]).connections, 40);
  const apart = pairs(batchOf("conn", [beat(0), beat(13)]));
  assert.equal(factsOf(apart.flows, apart.found[0]).connections, 2);
});

Deno.test("Flows turns a connection around that was joined midway while the server spoke", () => {
  const row = connRow(1e9, B, A, {
    "id.orig_p": 8883,
    "id.resp_p": 55_768,
    conn_state: "OTH",
    history: "DadA",
    orig_bytes: 7,
    resp_bytes: 9,
  });
  const { found: [pair], flows } = pairs(batchOf("conn", [row]));
  const { src, dst, port } = pair.subject;
  assert.deepEqual([src, dst, port], [A, B, 8883]);
  assert.deepEqual([flows.up.at(0), flows.down.at(0)], [9, 7]);
  const begun = connRow(1e9, B, A, {
    "id.orig_p": 8883,
    "id.resp_p": 55_768,
    conn_state: "SF",
  });
  assert.equal(pairs(batchOf("conn", [begun])).found[0].subject.src, B);
});

Deno.test("factsOf names each certificate once, by subject, issuer and the first fingerprint", () => {
  const conns = [0, 1, 2, 3].map((i) => connRow(1e9 + i, A, B));
  const shown: readonly Row[] = [
    { subject: "CN=a", issuer: "CN=ca", cert_chain_fps: "f1,f2" },
    { subject: "CN=a", issuer: "CN=ca", cert_chain_fps: "f1,f3" },
    { cert_chain_fps: "f9" },
    {},
  ];
  const ssl = conns.map((conn, i) => ofConn(conn, shown[i]));
  const { flows, found: [pair] } = pairs(
    batchOf("ssl", ssl),
    batchOf("conn", conns),
  );
  assert.deepEqual(
    factsOf(flows, pair).certificates.map((c) => flows.certificates.values[c]),
    ["CN=a, issued by CN=ca, fingerprint f1", "fingerprint f9"],
  );
});
