import assert from "node:assert/strict";
import {
  findLogs,
  logTypes,
  readBatches,
  readLog,
} from "../../pipeline/ingest/mod.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { BATCH_ROWS, isNumeric } from "../../pipeline/record_batch.ts";
import { connLog, fixture, read, withFile } from "./_logs.ts";

function assertSameBatch(a: RecordBatch, b: RecordBatch): void {
  assert.equal(a.length, b.length);
  assert.deepEqual(a.schema, b.schema);
  for (const { name, type } of a.schema.fields) {
    const of = (batch: RecordBatch) =>
      isNumeric(type) ? batch.numbers(name) : batch.texts(name);
    assert.deepEqual(of(a), of(b), name);
  }
}

for (const { schema: { path } } of logTypes) {
  Deno.test(`readLog reads a ${path} log to the same batch from TSV and JSON`, async () => {
    const tsv = await read(fixture(`two_formats/${path}.log`));
    const json = await read(fixture(`two_formats/${path}.json`));
    assert.equal(tsv.batches.length, 1);
    assert.equal(json.batches.length, 1);
    assertSameBatch(tsv.batches[0], json.batches[0]);
    const shown = new Set(tsv.rows.flatMap((row) => Object.keys(row)));
    for (const { name } of tsv.batches[0].schema.fields) {
      assert.ok(shown.has(name), `no record of the fixture has ${name}`);
    }
    const { format: _, ...counts } = tsv.report.streams[0];
    assert.deepEqual(json.report.streams, [{ ...counts, format: "zeek-json" }]);
    assert.equal(counts.skipped, 0);
  });
}

Deno.test("readLog keeps every field of a conn record", async () => {
  const { rows: [first, second, third] } = await read(
    fixture("two_formats/conn.log"),
  );
  assert.deepEqual(first, {
    ts: 1700000000.123456,
    _system_name: "worker-1",
    uid: "CAlpha0000000001",
    "id.orig_h": "192.0.2.10",
    "id.orig_p": 49152,
    "id.resp_h": "198.51.100.7",
    "id.resp_p": 443,
    proto: "tcp",
    service: "ssl",
    duration: 12.25,
    orig_bytes: 1234,
    resp_bytes: 9007199254740991,
    conn_state: "SF",
    local_orig: "T",
    local_resp: "F",
    missed_bytes: 0,
    history: "ShADadFf",
    orig_pkts: 10,
    orig_ip_bytes: 1754,
    resp_pkts: 12,
    resp_ip_bytes: 5678,
    label: "Benign",
  });
  assert.equal(second.label, "", "empty is a value");
  assert.equal(second.duration, 0.000001);
  assert.equal("label" in third, false, "unset is none");
  assert.equal("duration" in third, false, "unset is no number");
});

Deno.test("readLog decodes escapes, UTF-8, sets and vectors of http records", async () => {
  const { rows: [first, second] } = await read(fixture("two_formats/http.log"));
  assert.equal(first.uri, "/a\tb\\x09c?x=1,2");
  assert.equal(first.referrer, "-");
  assert.equal(first.user_agent, "Mozilla/5.0 (日本語) 😀");
  assert.equal(first.proxied, "VIA -> proxy\\x2c one,FORWARDED -> 192.0.2.1");
  assert.equal(first.resp_mime_types, "text/html,image/png");
  assert.equal(first.tags, "");
  assert.deepEqual(
    [second.host, second.uri, second.user_agent],
    ["", "(empty)", "#fields"],
  );
  assert.equal("referrer" in second, false);
});

Deno.test("readLog writes numbers of a vector in their shortest form", async () => {
  const { rows } = await read(fixture("two_formats/dns.log"));
  assert.deepEqual(rows.map((row) => row.TTLs), ["300,60.5", undefined, "0"]);
});

Deno.test("readLog reports counts and the span of ts", async () => {
  const { report } = await read(fixture("two_formats/conn.log"));
  assert.deepEqual(report.otherTypes, {});
  assert.equal(report.problem, undefined);
  assert.deepEqual(report.streams, [{
    logType: "conn",
    format: "zeek-tsv",
    records: 3,
    skipped: 0,
    firstTs: 1700000000.123456,
    lastTs: 1700000120.5,
    errors: [],
    skippedByReason: {},
    large: 0,
    largeValues: [],
  }]);
});

Deno.test("readLog says where records lie ahead of this machine's clock", async () => {
  const ahead = Math.round(Date.now() / 1000 - 1700000000) + 3 * 3600;
  const text = connLog(1).replace(
    "1700000000",
    String(1700000000 + ahead),
  );
  const { report } = await withFile(text, (path) => read(path));
  assert.equal(
    report.clock,
    "its newest record lies 3 hours ahead of this machine's clock",
  );
  const { report: past } = await withFile(connLog(1), (path) => read(path));
  assert.equal(past.clock, undefined);
});

Deno.test("readLog appends extraFields to the schema", async () => {
  const extraFields = [
    { name: "detailed-label", type: "string" },
    { name: "label", type: "string" },
  ];
  const { batches: [batch], rows } = await read(
    fixture("headers/joined_columns.log"),
    { extraFields },
  );
  assert.deepEqual(batch.schema.fields.at(-1), extraFields[0]);
  assert.equal(
    batch.schema.fields.filter(({ name }) => name === "label").length,
    1,
  );
  assert.deepEqual(rows.map((row) => row["detailed-label"]), [
    undefined,
    "PartOfAHorizontalPortScan",
  ]);
});

Deno.test("readLog keeps only the fields that it is asked for", async () => {
  const fields = new Set(["ts", "id.resp_h", "duration"]);
  for (const name of ["conn.log", "conn.json"]) {
    const path = fixture(`two_formats/${name}`);
    const whole = await read(path),
      { batches, rows } = await read(path, {
        fields,
      });
    assert.deepEqual(
      batches[0].schema.fields.map(({ name }) => name),
      [...fields],
    );
    assert.deepEqual(
      rows,
      whole.rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).filter(([name]) => fields.has(name)),
        )
      ),
    );
  }
});

Deno.test("readLog counts log types that are not asked for, without reading them", async () => {
  const { batches, report } = await read(
    fixture("headers/conn_weird_http.log"),
    { logTypes: new Set(["http"]) },
  );
  assert.deepEqual(batches.map((b) => [b.schema.path, b.length]), [[
    "http",
    2,
  ]]);
  assert.deepEqual(report.otherTypes, { conn: 1, weird: 2 });
});

Deno.test("readLog splits a long log into batches of BATCH_ROWS", async () => {
  const { batches, report } = await withFile(
    connLog(BATCH_ROWS + 3),
    (path) => read(path),
  );
  assert.deepEqual(batches.map((b) => b.length), [BATCH_ROWS, 3]);
  assert.equal(batches[1].numbers("ts")[2], 1700000000 + BATCH_ROWS + 2);
  assert.equal(report.streams[0].records, BATCH_ROWS + 3);
});

Deno.test("readLog yields no batch for a log with a header only, and says so", async () => {
  const { batches, report } = await withFile(connLog(0), (path) => read(path));
  assert.equal(batches.length, 0);
  const [{ records, firstTs, lastTs }] = report.streams;
  assert.deepEqual([records, firstTs, lastTs], [0, NaN, NaN]);
});

Deno.test("readLog reports the first 100 errors and counts them all", async () => {
  const text = connLog(3) + "bad\n".repeat(150);
  const { report: { streams: [stream] } } = await withFile(
    text,
    (path) => read(path),
  );
  assert.equal(stream.records, 3);
  assert.equal(stream.skipped, 150);
  assert.equal(stream.errors.length, 100);
  assert.deepEqual(stream.skippedByReason, { "wrong number of fields": 150 });
});

Deno.test("readLog reports progress in bytes that never goes back", async () => {
  const done: number[] = [];
  const text = connLog(20_000);
  await withFile(text, (path) =>
    read(path, {
      onProgress: ({ stage, unit, total, done: d }) => {
        if (stage !== "reading") return;
        assert.equal(unit, "bytes");
        assert.equal(total, text.length);
        done.push(d);
      },
    }));
  assert.ok(done.length > 1);
  assert.deepEqual(done, done.toSorted((a, b) => a - b));
  assert.equal(done.at(-1), text.length);
});

Deno.test("readLog throws the reason of an aborted signal", async () => {
  const controller = new AbortController();
  await withFile(connLog(10), async (path) => {
    const { logs: [log] } = await findLogs(path);
    const reason = new Error("enough");
    controller.abort(reason);
    const batches = readLog(log, { signal: controller.signal });
    await assert.rejects(() => batches.next(), reason);
  });
});

Deno.test("readLog stops within a file whose signal is aborted, and closes it", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  await withFile(connLog(BATCH_ROWS * 16), async (path) => {
    const { logs: [log] } = await findLogs(path);
    let read = 0;
    const reading = readBatches(log, () => {}, {
      signal: controller.signal,
      onProgress: ({ done }) => {
        read = done;
        controller.abort(reason);
      },
    });
    await assert.rejects(() => reading, reason);
    assert.ok(read > 0 && read < log.size);
  });
});

Deno.test("readLog closes the file when its reader stops early", async () => {
  await withFile(connLog(BATCH_ROWS * 2), async (path) => {
    const { logs: [log] } = await findLogs(path);
    for await (const batch of readLog(log)) {
      assert.equal(batch.length, BATCH_ROWS);
      break;
    }
  });
});

Deno.test("readLog cannot read a file that is gone", async () => {
  const log = await withFile(
    connLog(1),
    async (path) => (await findLogs(path)).logs[0],
  );
  await assert.rejects(() => readLog(log).next(), {
    name: "SkerryError",
    message: new RegExp(`^Cannot read ${log.path}: `),
  });
});
