import assert from "node:assert/strict";
import { hunt } from "../../pipeline/hunt.ts";
import { importLogs } from "../../pipeline/import_logs.ts";
import {
  copyDataset,
  openStore,
  type SessionStore,
} from "../../pipeline/store/mod.ts";
import { Mariadb, withoutMariadb } from "../_mariadb.ts";
import { rowsOf } from "./_records.ts";

const demo = new URL("../../fixtures/demo/", import.meta.url).pathname;
const NAME = "odd\0 näme 🦀";

/** A store with another dataset first, so that no id is the same. */
async function fill(location: string, said = true): Promise<void> {
  await using store = await openStore(location);
  const other = await store.openDataset("other");
  await importLogs(store, other, `${demo}http.log.gz`);
  await hunt(store, other);
  const dataset = await store.openDataset(NAME);
  await importLogs(store, dataset, demo);
  await hunt(store, dataset);
  const { findings } = await hunt(store, dataset, { last: 7200 });
  if (!said) return;
  const { id, src } = findings[0];
  await store.setVerdict(id, "malicious", { who: "ann", why: "'; --" });
  await store.setTags(id, ["a\0", "🦀"]);
  await store.addNote(id, "ticket 4711");
  await store.addLabels(dataset, [{ uid: "C1", value: 1, source: "analyst" }]);
  await store.addHostNote(dataset, src, "a \0 laptop", { who: "bob" });
  await store.setHostTags(dataset, src, ["vip"]);
}

/** All that a store shows of the dataset, without ids. */
async function shown(store: SessionStore, name: string): Promise<string> {
  const { id: _id, name: _name, ...summary } = (await store.datasets())
    .find((dataset) => dataset.name === name)!;
  const dataset = (await store.findDataset(name))!;
  const out: unknown[] = [summary];
  for (const logType of ["conn", "http", "dns", "ssl"]) {
    out.push(await rowsOf(store, dataset, logType));
  }
  out.push(await store.importedFiles(dataset), await store.labels(dataset));
  out.push(await store.pairs(dataset, { limit: 1000 }));
  for (const run of await store.runs(dataset)) {
    const findings = await store.findings(run.id);
    out.push(run.report, findings);
    if (findings.length === 0) continue;
    out.push(await store.opinion(findings[0].id));
    const { notes, tags } = await store.hostMark(dataset, findings[0].src);
    out.push(tags, notes.map(({ id: _id, ...note }) => note));
  }
  return JSON.stringify(
    out,
    (_, value) => value instanceof Float64Array ? [...value] : value,
  );
}

async function inFolder(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What was copied there is what was here; what else was there is as it was. */
async function assertSame(from: string, to: string, as = NAME) {
  await using a = await openStore(from);
  await using b = await openStore(to);
  assertAlike(await shown(b, as), await shown(a, NAME));
}

/** As equal, but of long texts only where they begin to differ is shown. */
function assertAlike(a: string, b: string): void {
  if (a === b) return;
  let at = 0;
  while (a[at] === b[at]) at++;
  assert.equal(a.slice(at - 60, at + 200), b.slice(at - 60, at + 200));
  assert.fail(`${a.length} and ${b.length} characters`);
}

Deno.test("copyDataset puts a dataset beside those of another file, and refuses a name that is taken", () =>
  inFolder(async (folder) => {
    const [from, to] = [`${folder}/a.db`, `${folder}/b.db`];
    await fill(from);
    await fill(to, false);
    let before: string;
    {
      await using store = await openStore(to);
      before = await shown(store, "other");
    }
    const { tables } = await copyDataset(from, to, NAME, { as: "copy" });
    const rows = Object.fromEntries(
      tables.map(({ name, rows }) => [name, rows]),
    );
    assert.ok(rows.conn > 10_000 && rows.findings > 18, JSON.stringify(rows));
    assert.deepEqual([rows.labels, rows.host_notes, rows.notes], [1, 1, 1]);
    await assertSame(from, to, "copy");
    await using store = await openStore(to);
    assertAlike(await shown(store, "other"), before);
    await assert.rejects(copyDataset(from, to, NAME), {
      message:
        `Cannot copy into the store ${to}: it has a dataset ${NAME} already`,
    });
    await assert.rejects(copyDataset(from, to, "none"), /no such dataset/);
    await assert.rejects(copyDataset(from, from, NAME), /that it is in/);
    assert.equal((await store.datasets()).length, 3);
    // What was said there stays, and nothing is said twice.
    const [run] = await store.runs((await store.findDataset("copy"))!);
    const [{ id }] = await store.findings(run.id, { limit: 1 });
    await store.setVerdict(id, "unsure");
    const again = await copyDataset(from, to, NAME, { as: "again" });
    for (const { name, rows } of again.tables) {
      if (["opinions", "notes"].includes(name)) assert.equal(rows, 0, name);
    }
    assert.equal((await store.opinion(id)).verdict, "unsure");
    // Nothing is read twice, and the next import finds its files.
    const dataset = (await store.findDataset("copy"))!;
    assert.equal((await importLogs(store, dataset, demo)).records, 0);
  }));

Deno.test("a copy that is stopped leaves nothing, and is made anew", () =>
  inFolder(async (folder) => {
    const [from, to] = [`${folder}/a.db`, `${folder}/b.db`];
    await fill(from);
    const stop = new AbortController();
    const stages = new Set<string>();
    await assert.rejects(
      copyDataset(from, to, NAME, {
        signal: stop.signal,
        onProgress: ({ stage, done }) => {
          stages.add(stage);
          if (stage === "copying conn" && done >= 2000) stop.abort();
        },
      }),
      { name: "AbortError" },
    );
    assert.ok(stages.has("copying conn") && !stages.has("copying findings"));
    {
      await using store = await openStore(to);
      assert.deepEqual(await store.datasets(), []);
    }
    await copyDataset(from, to, NAME);
    await assertSame(from, to);
  }));

Deno.test({
  name:
    "copyDataset goes to a server that holds another, and from there into a file",
  ignore: withoutMariadb !== null,
  fn: () =>
    inFolder(async (folder) => {
      await using server = await Mariadb.start();
      const from = `${folder}/a.db`, back = `${folder}/b.db`;
      const there = server.address("skerry");
      await fill(from);
      {
        await using store = await openStore(there);
        const office = await store.openDataset("office");
        await importLogs(store, office, `${demo}dns.log.gz`);
        await hunt(store, office);
      }
      await copyDataset(from, there, NAME);
      await assertSame(from, there);
      const returned = await copyDataset(there, back, NAME, { as: "back" });
      await assertSame(from, back, "back");
      assert.ok(
        returned.tables.every(({ checksum }) => checksum.length === 64),
      );
      await using store = await openStore(there);
      const dataset = (await store.findDataset(NAME))!;
      const again = await hunt(store, dataset);
      await using file = await openStore(from);
      const same = await hunt(file, (await file.findDataset(NAME))!);
      const scores = (report: typeof same) =>
        report.findings.map(({ id, score }) => [id, score]);
      assert.deepEqual(scores(again), scores(same));
    }),
});
