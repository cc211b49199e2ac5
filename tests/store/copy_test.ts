import assert from "node:assert/strict";
import { hunt } from "../../pipeline/hunt.ts";
import { importLogs } from "../../pipeline/import_logs.ts";
import { schemas } from "../../pipeline/ingest/mod.ts";
import { runJson } from "../../pipeline/report/run_json.ts";
import {
  copyStore,
  openStore,
  type SessionStore,
} from "../../pipeline/store/mod.ts";
import { Mariadb, withoutMariadb } from "../_mariadb.ts";
import { batchOf, connRow, importBatches, rowsOf } from "./_records.ts";

const demo = new URL("../../fixtures/demo/", import.meta.url).pathname;

/** Everything that a store can hold, some of it hard to carry. */
async function fill(location: string): Promise<void> {
  await using store = await openStore(location);
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  const odd = await store.openDataset("odd\0 näme");
  const rows = [
    connRow({ uid: "🦀\0\t\n\\N", duration: 1e-7, orig_bytes: 2 ** 53 }),
    connRow({ uid: "C1", duration: Infinity, service: "a\0b", label: "" }),
    connRow({ "id.resp_h": "2001:db8::1", "id.resp_p": 0, history: "^h" }),
  ];
  const notice = {
    path: "notice",
    fields: [
      ...schemas.get("conn")!.fields.slice(0, 7),
      { name: "msg", type: "string" },
      { name: "actions", type: "set[enum]" },
      { name: "n", type: "count" },
    ],
  };
  await importBatches(
    store,
    odd,
    batchOf(schemas.get("conn")!, rows),
    batchOf(notice, [
      connRow({ msg: "a\0 '🦀\\", actions: "A,B", n: 0.1 }),
      { ts: 7, actions: "" },
    ]),
  );
  const report = await hunt(store, dataset);
  const { id } = report.findings[0];
  await store.setVerdict(id, "malicious", { who: "ann", why: "'; --" });
  await store.setTags(id, ["a\0", "🦀"]);
  await store.addNote(id, "ticket 4711");
  await store.setOwner(id, "bob");
  await store.addHostNote(dataset, "10.20.0.17", "a \0 laptop", { who: "bob" });
  await store.setHostTags(dataset, "2001:db8::1", ["vip"]);
  await store.addLabels(dataset, [{ uid: "C1", value: 1, source: "analyst" }]);
  await store.saveModel("net", "mlp", { weights: [0.1, 1 / 3] }, "demo");
  await store.addSafelistEntry({
    kind: "port",
    value: "53",
    reason: "dns",
    author: "ann",
    expiresAt: null,
  });
}

/** All that a store shows, as text. */
async function shown(store: SessionStore): Promise<string> {
  const out: unknown[] = [await store.datasets(), await store.models()];
  for (const dataset of await store.datasets()) {
    for (const logType of [...schemas.keys(), "notice"]) {
      out.push(await rowsOf(store, dataset, logType));
    }
    out.push(await store.importedFiles(dataset), await store.labels(dataset));
    out.push(await store.pairs(dataset, { limit: 1000 }));
    out.push(await store.hostMarks(dataset));
  }
  for (const run of await store.runs()) {
    const findings = await store.findings(run.id);
    out.push(run, findings, await store.opinion(findings[0].id));
  }
  out.push(await store.safelist(), await store.model("net", "mlp"));
  return JSON.stringify(
    out,
    (_, value) =>
      value instanceof Float64Array
        ? [...value]
        : value === Infinity
        ? "∞"
        : value,
  );
}

Deno.test("copyStore into a file carries everything, and refuses what is not empty", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [from, to] = [`${folder}/a.db`, `${folder}/b.db`];
    await fill(from);
    const { tables } = await copyStore(from, to);
    const conn = tables.find(({ name }) => name === "conn")!;
    assert.ok(conn.rows > 100);
    await using a = await openStore(from);
    await using b = await openStore(to);
    assert.equal(await shown(b), await shown(a));
    await assert.rejects(copyStore(from, to), {
      name: "SkerryError",
      message: `Cannot copy into the store ${to}: it holds datasets already`,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name:
    "copyStore to a server and back gives the same store; its hunt the same findings",
  ignore: withoutMariadb !== null,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await using server = await Mariadb.start();
    try {
      const from = `${folder}/a.db`, back = `${folder}/b.db`;
      const there = server.address("copy");
      await fill(from);
      const sent = await copyStore(from, there);
      const returned = await copyStore(there, back);
      assert.deepEqual(returned, sent);
      const texts: string[] = [], findings: string[] = [];
      for (const location of [from, there, back]) {
        await using store = await openStore(location);
        texts.push(await shown(store));
        const dataset = (await store.findDataset("demo"))!;
        const report = await hunt(store, dataset);
        findings.push(JSON.stringify(runJson({
          ...report,
          startedAt: 0,
          timings: {},
          peakRssBytes: 0,
        })));
      }
      assert.equal(texts[1], texts[0]);
      assert.equal(texts[2], texts[0]);
      assert.equal(findings[1], findings[0]);
      assert.equal(findings[2], findings[0]);
      assert.match(findings[0], /"score":0\.9/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
