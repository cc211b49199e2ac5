import assert from "node:assert/strict";
import { findLogs } from "../../pipeline/ingest/mod.ts";
import { read, withFile } from "./_logs.ts";

const CONN = {
  ts: 1700000000.5,
  uid: "C1",
  "id.orig_h": "192.0.2.1",
  "id.orig_p": 1,
  "id.resp_h": "192.0.2.2",
  "id.resp_p": 2,
  proto: "tcp",
  conn_state: "SF",
};

const TEXT = JSON.stringify(CONN);

const WRAPPERS: Record<string, unknown> = {
  "Filebeat's message": {
    "@timestamp": "2023-11-14T22:13:20.500Z",
    agent: { type: "filebeat" },
    log: { offset: 0, file: { path: "/opt/zeek/logs/current/conn.log" } },
    message: TEXT,
  },
  "Filebeat's event.original": {
    "@timestamp": "2023-11-14T22:13:20.500Z",
    event: { original: TEXT, module: "zeek" },
  },
  "Splunk's event": { time: 1700000000.5, sourcetype: "zeek", event: CONN },
  "Splunk's export": { preview: false, result: { _raw: TEXT } },
  "Elasticsearch's export": { _index: "zeek-1", _id: "a", _source: CONN },
  "Docker's log": { log: TEXT + "\n", stream: "stdout" },
  "a record in a record in a record": { message: { event: CONN } },
};

for (const [name, wrapped] of Object.entries(WRAPPERS)) {
  Deno.test(`readLog takes a record out of ${name}`, async () => {
    const text = `${JSON.stringify(wrapped)}\n`.repeat(2);
    const { rows, batches, report } = await withFile(
      text,
      (path) => read(path),
    );
    assert.deepEqual(rows, [CONN, CONN]);
    assert.equal(batches[0].schema.path, "conn");
    assert.equal(report.lines, 2);
  });
}

Deno.test("readLog keeps a Corelight record's sensor and counts its type by _path", async () => {
  const corelight = {
    _path: "conn",
    _system_name: "tap-1",
    _write_ts: "2023-11-14T22:13:25.000000Z",
    ...CONN,
    ts: "2023-11-14T22:13:20.500000Z",
  };
  const { rows } = await withFile(
    JSON.stringify(corelight) + "\n",
    (path) => read(path),
  );
  assert.deepEqual(rows, [{ ...CONN, _system_name: "tap-1" }]);
});

const ENDS = {
  timestamp: "2023-11-14T22:13:21.000000+0000",
  flow_id: 1805461738637437,
  src_ip: "192.0.2.1",
  src_port: 49152,
  dest_ip: "198.51.100.7",
  dest_port: 443,
  proto: "TCP",
};

const IDENTITY = {
  uid: "S1805461738637437",
  "id.orig_h": "192.0.2.1",
  "id.orig_p": 49152,
  "id.resp_h": "198.51.100.7",
  "id.resp_p": 443,
  proto: "tcp",
};

const EVE = [
  {
    ...ENDS,
    event_type: "flow",
    app_proto: "tls",
    flow: {
      pkts_toserver: 6,
      pkts_toclient: 5,
      bytes_toserver: 600,
      bytes_toclient: 5000,
      start: "2023-11-14T22:13:20.250000+0000",
      end: "2023-11-14T23:13:21.750001+0100",
      state: "closed",
    },
  },
  {
    ...ENDS,
    event_type: "tls",
    tls: {
      sni: "example.com",
      version: "TLS 1.2",
      subject: "CN=example.com",
      issuerdn: "CN=CA",
      ja3: { hash: "abc" },
    },
  },
  {
    ...ENDS,
    event_type: "http",
    tx_id: 1,
    http: {
      hostname: "example.com",
      url: "/a",
      http_method: "GET",
      protocol: "HTTP/1.1",
      status: 200,
      length: 7,
      http_user_agent: "ua",
      http_content_type: "text/html",
    },
  },
  {
    ...ENDS,
    event_type: "dns",
    dns: {
      type: "answer",
      rrname: "example.com",
      rrtype: "A",
      rcode: "NOERROR",
      ra: true,
      answers: [{ rrname: "example.com", ttl: 60, rdata: "198.51.100.7" }],
    },
  },
  { ...ENDS, event_type: "dns", dns: { type: "query", rrname: "example.com" } },
  { ...ENDS, event_type: "alert", alert: { signature: "ET X" } },
];

Deno.test("readLog reads Suricata's flow, tls, http and dns as Zeek's", async () => {
  const text = EVE.map((event) => JSON.stringify(event) + "\n").join("");
  const { batches, report } = await withFile(text, (path) => read(path));
  const rows = Object.fromEntries(
    batches.map((batch) => [batch.schema.path, batch.row(0)]),
  );
  assert.deepEqual(rows.conn, {
    ts: 1700000000.25,
    ...IDENTITY,
    service: "ssl",
    duration: 1.500001,
    orig_ip_bytes: 600,
    resp_ip_bytes: 5000,
    orig_pkts: 6,
    resp_pkts: 5,
    conn_state: "SF",
  });
  const { proto: _, ...ends } = IDENTITY;
  assert.deepEqual(rows.ssl, {
    ts: 1700000001,
    ...ends,
    version: "TLSv12",
    server_name: "example.com",
    subject: "CN=example.com",
    issuer: "CN=CA",
    ja3: "abc",
  });
  assert.deepEqual(rows.http, {
    ts: 1700000001,
    ...ends,
    trans_depth: 2,
    method: "GET",
    host: "example.com",
    uri: "/a",
    version: "1.1",
    user_agent: "ua",
    status_code: 200,
    response_body_len: 7,
    resp_mime_types: "text/html",
  });
  assert.deepEqual(rows.dns, {
    ts: 1700000001,
    ...IDENTITY,
    query: "example.com",
    qtype_name: "A",
    rcode_name: "NOERROR",
    RA: "T",
    answers: "198.51.100.7",
    TTLs: "60",
  });
  assert.deepEqual(report.otherTypes, {
    suricata_dns_query: 1,
    suricata_alert: 1,
  });
  assert.equal(report.lines, 6);
});

Deno.test("readLog keeps Suricata's other events where all types are asked for", async () => {
  const text = JSON.stringify(EVE[5]) + "\n";
  const { rows, batches } = await withFile(
    text,
    (path) => read(path, { logTypes: "all" }),
    "eve.json",
  );
  assert.equal(batches[0].schema.path, "suricata_alert");
  assert.equal(rows[0]["alert.signature"], "ET X");
  assert.equal(rows[0].ts, 1700000001);
});

const NOTICE = { ts: 1700000000.5, note: "Scan::Port_Scan", msg: "15 ports" };

Deno.test("readLog takes a record for what the file is that Filebeat names", async () => {
  const line = (file: string) =>
    JSON.stringify({
      log: { file: { path: `/opt/zeek/logs/${file}` } },
      message: JSON.stringify(NOTICE),
    }) + "\n";
  const text = line("current/notice.log") + line("2024/weird.10:00-11:00.log") +
    line("own.log");
  const { batches, report } = await withFile(
    text,
    (path) => read(path, { logTypes: "all" }),
    "beat.ndjson",
  );
  assert.deepEqual(
    batches.map(({ schema: { path }, length }) => [path, length]),
    [["notice", 1], ["weird", 1], ["unknown", 1]],
    JSON.stringify(report),
  );
});

for (
  const [file, type] of [
    ["notice.log", "notice"],
    ["notice.2023-11-14-22-00-00.log", "notice"],
    ["known_hosts_20231114_22:00:00-23:00:00+0000.log", "known_hosts"],
    ["conn.json", "conn"],
    ["open_conn.log", "open_conn"],
    ["noticed.log", "unknown"],
    ["my-notice.log", "unknown"],
    ["conn_long.log", "unknown"],
  ]
) {
  Deno.test(`findLogs takes JSON that names no type in ${file} for ${type}`, async () => {
    const text = JSON.stringify({ ...NOTICE, uid: "C1" }) + "\n";
    await withFile(text, async (path) => {
      const { logs: [log] } = await findLogs(path);
      assert.equal(log.logType, type);
      const { report } = await read(path, { logTypes: "all" });
      assert.deepEqual(report.streams.map(({ logType }) => logType), [type]);
    }, file);
  });
}
