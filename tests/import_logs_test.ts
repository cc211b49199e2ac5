import assert from "node:assert/strict";
import { SkerryError } from "../pipeline/errors.ts";
import { importLogs, logsUnder } from "../pipeline/import_logs.ts";
import type { Progress } from "../pipeline/progress.ts";
import {
  type Dataset,
  openStore,
  type SessionStore,
} from "../pipeline/store/mod.ts";
import { CONN_HEADER, connLog } from "./ingest/_logs.ts";

const demo = new URL("../fixtures/demo/", import.meta.url).pathname;

/** A store in memory and a folder with these files, gone afterwards. */
async function withLogs(
  files: Readonly<Record<string, string>>,
  use: (
    folder: string,
    store: SessionStore,
    dataset: Dataset,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await using store = await openStore(":memory:");
    await use(folder, store, await store.openDataset("office"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function recordsIn(store: SessionStore): Promise<number> {
  const [{ records }] = await store.datasets();
  return Object.values(records).reduce((sum, n) => sum + n, 0);
}

Deno.test("importLogs reads a file that was added, and nothing that it has read", () =>
  withLogs({ "a.log": connLog(10) }, async (folder, store, dataset) => {
    const first = await importLogs(store, dataset, folder);
    assert.deepEqual([...first.newFiles], [`${folder}/a.log`]);
    assert.deepEqual([first.records, first.unchanged], [10, 0]);
    const again = await importLogs(store, dataset, folder);
    assert.deepEqual([again.newFiles.size, again.records, again.unchanged], [
      0,
      0,
      1,
    ]);
    await Deno.writeTextFile(`${folder}/b.log`, connLog(7));
    const more = await importLogs(store, dataset, folder);
    assert.deepEqual([...more.newFiles], [`${folder}/b.log`]);
    assert.deepEqual([more.records, more.unchanged], [7, 1]);
    assert.equal(await recordsIn(store), 17);
  }));

Deno.test("importLogs knows content again under another name and in another folder", () =>
  withLogs({ "a.log": connLog(10) }, async (folder, store, dataset) => {
    await importLogs(store, dataset, folder);
    await Deno.rename(`${folder}/a.log`, `${folder}/renamed.log`);
    const moved = await importLogs(store, dataset, `${folder}/renamed.log`);
    assert.deepEqual([moved.newFiles.size, moved.unchanged], [0, 1]);
    const other = await store.openDataset("other");
    const fresh = await importLogs(store, other, folder);
    assert.equal(fresh.records, 10, "each dataset has records of its own");
  }));

Deno.test("importLogs counts the lines that it cannot read and keeps the others", () =>
  withLogs({
    "conn.log": connLog(3) +
      "never\tC9\t192.0.2.1\t1\t192.0.2.2\t80\ttcp\tSF\n" +
      "1700000009\tC9\t192.0.2.1\tmany\t192.0.2.2\t80\ttcp\tSF\n",
  }, async (folder, store, dataset) => {
    const imported = await importLogs(store, dataset, folder);
    assert.deepEqual([imported.records, imported.skipped], [3, 2]);
    const [{ reports: [report] }] = await store.importedFiles(dataset);
    assert.deepEqual([report.records, report.skipped], [3, 2]);
    assert.deepEqual(
      report.errors.map(({ line, field, value }) => [line, field, value]),
      [[11, "ts", "never"], [12, "id.orig_p", "many"]],
    );
    assert.deepEqual([report.firstTs, report.lastTs], [1.7e9, 1.7e9 + 2]);
  }));

Deno.test("importLogs keeps a log without records and has no times for it", () =>
  withLogs({ "conn.log": CONN_HEADER }, async (folder, store, dataset) => {
    const imported = await importLogs(store, dataset, folder);
    assert.deepEqual([imported.newFiles.size, imported.records], [1, 0]);
    const [{ reports }] = await store.importedFiles(dataset);
    for (const { firstTs, lastTs } of reports) {
      assert.deepEqual([firstTs, lastTs], [null, null]);
    }
  }));

Deno.test("importLogs notes what it left out", () =>
  withLogs({
    "conn.log": connLog(2),
    "notes.txt": "buy milk\n",
    "weird.log": CONN_HEADER.replace("#path\tconn", "#path\tweird") +
      "1700000000\tC1\t192.0.2.1\t1\t192.0.2.2\t80\ttcp\tSF\n",
  }, async (folder, store, dataset) => {
    const { notes, records } = await importLogs(store, dataset, folder);
    assert.equal(records, 2);
    const text = notes.join("\n");
    assert.match(text, /notes\.txt is no Zeek log: /);
    assert.match(text, /weird/);
    const again = await importLogs(store, dataset, folder);
    assert.deepEqual(again.notes, notes, "also when nothing is new");
  }));

Deno.test("importLogs refuses a folder without logs, an empty and a missing one, each in one sentence", () =>
  withLogs({ "notes.txt": "buy milk\n" }, async (folder, store, dataset) => {
    await Deno.mkdir(`${folder}/empty`);
    const refused: [path: string, message: RegExp][] = [
      [folder, /none of its files is a Zeek log: .*notes\.txt/],
      [`${folder}/notes.txt`, /none of its files is a Zeek log/],
      [`${folder}/empty`, /there is no file in it$/],
      [`${folder}/missing`, /there is no such file or folder$/],
    ];
    for (const [path, message] of refused) {
      await assert.rejects(
        importLogs(store, dataset, path),
        (error) =>
          error instanceof SkerryError && message.test(error.message) &&
          error.message.startsWith(`Cannot read ${path}`) &&
          !error.message.includes("\n"),
        path,
      );
    }
    assert.deepEqual(await store.importedFiles(dataset), []);
  }));

Deno.test("importLogs takes what logsUnder found", () =>
  withLogs({ "a.log": connLog(4) }, async (folder, store, dataset) => {
    const found = await logsUnder(folder);
    assert.deepEqual(found.logs.map(({ path }) => path), [`${folder}/a.log`]);
    assert.equal((await importLogs(store, dataset, found)).records, 4);
  }));

Deno.test("importLogs reports progress that never goes back and ends at the whole", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  const seen: Progress[] = [];
  await importLogs(store, dataset, demo, {
    onProgress: (progress) => void seen.push(progress),
  });
  const stages = [...new Set(seen.map(({ stage }) => stage))];
  assert.ok(stages.includes("comparing") && stages.includes("reading"));
  for (const stage of stages) {
    const steps = seen.filter((step) => step.stage === stage);
    for (const [i, { done, total }] of steps.entries()) {
      assert.ok(i === 0 || done >= steps[i - 1].done, `${stage} step ${i}`);
      assert.ok(total === undefined || done <= total, `${stage} step ${i}`);
    }
  }
  const last = seen.filter(({ stage }) => stage === "reading").at(-1)!;
  assert.equal(last.unit, "bytes");
  assert.equal(last.done, last.total);
});

Deno.test("importLogs that is aborted midway leaves what was there before, and can be done again", () =>
  withLogs({ "a.log": connLog(10) }, async (folder, store, dataset) => {
    await importLogs(store, dataset, folder);
    for (const name of ["b", "c"]) {
      await Deno.writeTextFile(
        `${folder}/${name}.log`,
        connLog(name === "b" ? 20 : 30),
      );
    }
    const controller = new AbortController();
    const reason = new Error("enough");
    let read = 0;
    await assert.rejects(
      importLogs(store, dataset, folder, {
        signal: controller.signal,
        onProgress: ({ stage, done }) => {
          if (stage === "reading" && done > 0 && ++read === 2) {
            controller.abort(reason);
          }
        },
      }),
      reason,
    );
    assert.equal((await store.importedFiles(dataset)).length, 1);
    assert.equal(await recordsIn(store), 10);
    const again = await importLogs(store, dataset, folder);
    assert.deepEqual([again.records, await recordsIn(store)], [50, 60]);
  }));

/** The store, with the writers of its imports counting what ends them. */
function counting(store: SessionStore) {
  const ends = { finish: 0, abort: 0 };
  const beginImport: SessionStore["beginImport"] = async (dataset) => {
    const writer = await store.beginImport(dataset);
    return {
      add: (batch) => writer.add(batch),
      addFile: (file) => writer.addFile(file),
      finish: () => (ends.finish++, writer.finish()),
      abort: () => (ends.abort++, writer.abort()),
    };
  };
  const importedFiles: SessionStore["importedFiles"] = (dataset) =>
    store.importedFiles(dataset);
  return { ends, store: { beginImport, importedFiles } as SessionStore };
}

Deno.test("importLogs removes what it wrote when it fails, and ends every import once", () =>
  withLogs({ "a.log": connLog(10) }, async (folder, store, dataset) => {
    const { ends, store: counted } = counting(store);
    const reason = new Error("enough");
    const controller = new AbortController();
    await assert.rejects(
      importLogs(counted, dataset, folder, {
        signal: controller.signal,
        onProgress: ({ stage }) =>
          stage === "reading" && controller.abort(reason),
      }),
      reason,
    );
    assert.deepEqual(ends, { finish: 0, abort: 1 });
    await importLogs(counted, dataset, folder);
    assert.deepEqual(ends, { finish: 1, abort: 1 });
    await importLogs(counted, dataset, folder);
    assert.deepEqual(ends, { finish: 1, abort: 1 }, "nothing new, no import");
  }));
