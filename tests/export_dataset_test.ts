import assert from "node:assert/strict";
import { SkerryError } from "../pipeline/errors.ts";
import { exportDataset } from "../pipeline/export_dataset.ts";
import { importLogs, openStore, type SessionStore } from "../pipeline/mod.ts";
import { withFolder } from "./_skerry.ts";

const fixtures = new URL("../fixtures/", import.meta.url).pathname;

/** All records of a dataset by log type, as the store hands them out. */
async function recordsOf(store: SessionStore, name: string) {
  const dataset = await store.openDataset(name);
  const [{ records }] = (await store.datasets()).filter((d) => d.name === name);
  const out: Record<string, Record<string, string | number>[]> = {};
  for (const logType of Object.keys(records).sort()) {
    const rows = out[logType] = [] as Record<string, string | number>[];
    for await (const batch of store.batches(dataset, logType)) {
      for (let i = 0; i < batch.length; i++) rows.push(batch.row(i));
    }
  }
  return out;
}

const SOURCES = [
  "demo",
  "ingest/two_formats",
  "ingest/json_forms",
  "ingest/headers",
  "ingest/bad_values",
];

for (const source of SOURCES) {
  Deno.test(`what exportDataset writes of ${source} imports to the same records`, () =>
    withFolder(async (folder) => {
      await using store = await openStore(":memory:");
      const first = await store.openDataset("first");
      await importLogs(store, first, fixtures + source);
      const files = await exportDataset(store, first, `${folder}/out`);
      const again = await store.openDataset("again");
      const { skipped } = await importLogs(store, again, `${folder}/out`);
      assert.equal(skipped, 0);
      const expected = await recordsOf(store, "first");
      assert.ok(Object.keys(expected).length > 0);
      assert.deepEqual(await recordsOf(store, "again"), expected);
      assert.deepEqual(
        files.map(({ logType, records }) => [logType, records]).sort(),
        Object.entries(expected).map(([type, rows]) => [type, rows.length])
          .sort(),
      );
    }));
}

/** A log whose texts are as hostile as JSON and Zeek's lists allow. */
const HOSTILE = [
  {
    _path: "http",
    ts: 0.000001,
    uid: "C1",
    "id.orig_h": "::1",
    "id.orig_p": 1,
    "id.resp_h": "fe80::1",
    "id.resp_p": 80,
    host: "",
    uri: '/"\\\u0000\u001b\u2028🐟',
    tags: [],
    resp_mime_types: ["a/b", "-", ""],
    user_agent: "-",
    status_code: 0,
  },
  {
    _path: "http",
    ts: 99999999999.999999,
    uid: "C2",
    "id.orig_h": "10.0.0.1",
    "id.orig_p": 1,
    "id.resp_h": "10.0.0.2",
    "id.resp_p": 80,
    method: "123",
    referrer: "true",
    tags: ["HTTP::URI_SQLI"],
  },
  {
    _path: "dns",
    ts: 1718000000.1,
    uid: "C3",
    "id.orig_h": "10.0.0.1",
    "id.orig_p": 1,
    "id.resp_h": "10.0.0.2",
    "id.resp_p": 53,
    TTLs: [60.5, 1e-7, 300],
    rtt: 1e-7,
    AA: false,
    RD: true,
    answers: ["1.2.3.4", "T", "5"],
  },
];

Deno.test("exportDataset keeps empty and hostile texts, lists and tiny numbers", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    await Deno.writeTextFile(
      `${folder}/in/mixed.json`,
      HOSTILE.map((record) => JSON.stringify(record) + "\n").join(""),
    );
    await using store = await openStore(":memory:");
    const first = await store.openDataset("first");
    const { records } = await importLogs(store, first, `${folder}/in`);
    assert.equal(records, 3);
    await exportDataset(store, first, `${folder}/out`);
    const again = await store.openDataset("again");
    await importLogs(store, again, `${folder}/out`);
    assert.deepEqual(
      await recordsOf(store, "again"),
      await recordsOf(store, "first"),
    );
    const dns = JSON.parse(await Deno.readTextFile(`${folder}/out/dns.log`));
    assert.equal(dns.AA, false);
    assert.deepEqual(dns.answers, ["1.2.3.4", "T", "5"]);
    const text = await Deno.readTextFile(`${folder}/out/dns.log`);
    assert.match(text, /"ts":1718000000\.100000,/);
  }));

Deno.test("exportDataset overwrites nothing, and leaves nothing half-written", () =>
  withFolder(async (folder) => {
    await using store = await openStore(":memory:");
    const dataset = await store.openDataset("demo");
    await importLogs(store, dataset, fixtures + "demo");
    await Deno.writeTextFile(`${folder}/http.log`, "dear to somebody\n");
    await assert.rejects(
      exportDataset(store, dataset, folder),
      (error) =>
        error instanceof SkerryError &&
        error.message === `Cannot export: ${folder}/http.log is there already`,
    );
    const signal = AbortSignal.abort(new Error("stopped"));
    await assert.rejects(
      exportDataset(store, dataset, `${folder}/new`, { signal }),
      /stopped/,
    );
    assert.deepEqual([...Deno.readDirSync(`${folder}/new`)], []);
    assert.deepEqual(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["http.log", "new"],
    );
    assert.equal(
      await Deno.readTextFile(`${folder}/http.log`),
      "dear to somebody\n",
    );
  }));
