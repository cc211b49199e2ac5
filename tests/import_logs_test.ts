import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SkerryError } from "../pipeline/errors.ts";
import {
  type FileProgress,
  importLogs,
  logsUnder,
} from "../pipeline/import_logs.ts";
import type { Progress } from "../pipeline/progress.ts";
import {
  type Dataset,
  openStore,
  type SessionStore,
} from "../pipeline/store/mod.ts";
import { withLogs } from "./_with_logs.ts";
import { CONN_HEADER, connLog } from "./ingest/_logs.ts";

const demo = new URL("../fixtures/demo/", import.meta.url).pathname;

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
    "stats.log": CONN_HEADER.replace("#path\tconn", "#path\tstats") +
      "1700000000\tC1\t192.0.2.1\t1\t192.0.2.2\t80\ttcp\tSF\n",
  }, async (folder, store, dataset) => {
    const { notes, records } = await importLogs(store, dataset, folder);
    assert.equal(records, 2);
    const text = notes.join("\n");
    assert.match(text, /notes\.txt is no Zeek log: /);
    assert.match(text, /not kept.*--records all keeps them.*: stats 1/);
    const again = await importLogs(store, dataset, folder);
    assert.deepEqual(again.notes, notes, "also when nothing is new");
  }));

Deno.test("importLogs refuses a folder without logs, an empty and a missing one, each in one sentence", () =>
  withLogs({ "notes.txt": "buy milk\n" }, async (folder, store, dataset) => {
    await Deno.mkdir(`${folder}/empty`);
    const refused: [path: string, message: RegExp][] = [
      [folder, /none of its files is a Zeek log: .*notes\.txt/],
      [`${folder}/notes.txt`, /notes\.txt: it is no Zeek log: not compressed/],
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

Deno.test("importLogs tells of each file how far it is, and which it need not read", () =>
  withLogs({ "a.log": connLog(10) }, async (folder, store, dataset) => {
    await importLogs(store, dataset, folder);
    await Deno.writeTextFile(
      `${folder}/b.log`,
      connLog(7) + "too\tfew\tcolumns\n",
    );
    const told = new Map<string, FileProgress[]>();
    const onFile = (file: FileProgress) => {
      const before = told.get(file.path) ?? [];
      assert.ok(file.bytes >= (before.at(-1)?.bytes ?? 0));
      told.set(file.path, [...before, file]);
    };
    await importLogs(store, dataset, folder, { onFile });
    const states = (name: string) => [
      ...new Set(told.get(`${folder}/${name}`)!.map(({ state }) => state)),
    ];
    assert.deepEqual(states("a.log"), ["unchanged"]);
    assert.deepEqual(states("b.log"), ["waiting", "reading", "read"]);
    const { records, skipped, bytes, size } = told.get(`${folder}/b.log`)!
      .at(-1)!;
    assert.deepEqual([records, skipped], [7, 1]);
    assert.equal(bytes, size);
  }));

Deno.test("importLogs that is aborted midway leaves what was there before, and can be done again", () =>
  withLogs({ "a.log": connLog(10) }, async (folder, store, dataset) => {
    await importLogs(store, dataset, folder);
    for (const name of ["b", "c"]) {
      await Deno.writeTextFile(
        `${folder}/${name}.log`,
        connLog(name === "b" ? 20 : 30).replaceAll("\tC", `\tC${name}`),
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

/** Appends as Zeek does, and as a machine that is slow: bit by bit. */
async function append(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { append: true });
}

async function uidsIn(
  store: SessionStore,
  dataset: Dataset,
): Promise<string[]> {
  const uids: string[] = [];
  for await (const batch of store.batches(dataset, "conn")) {
    for (let i = 0; i < batch.length; i++) uids.push(String(batch.row(i).uid));
  }
  return uids.toSorted();
}

Deno.test("importLogs reads a file that has grown on from where it ended", () =>
  withLogs({}, async (folder, store, dataset) => {
    const text = connLog(30), path = `${folder}/conn.log`;
    const lines = text.split(/(?<=\n)/);
    await Deno.writeTextFile(path, lines.slice(0, 20).join(""));
    const first = await importLogs(store, dataset, folder);
    await append(path, lines.slice(20, 25).join(""));
    const second = await importLogs(store, dataset, folder);
    assert.deepEqual(
      [second.records, second.unchanged, [...second.newFiles]],
      [5, 0, [path]],
    );
    assert.match(second.notes[0], /conn\.log has grown: read on from line 21$/);
    await append(path, lines.slice(25).join("") + "17000009\tbad\n");
    const third = await importLogs(store, dataset, folder);
    assert.equal(first.records + second.records + third.records, 30);
    assert.equal(third.skipped, 1);
    const files = await store.importedFiles(dataset);
    assert.equal(files.at(-1)!.reports[0].errors[0].line, lines.length + 1);
    const again = await importLogs(store, dataset, folder);
    assert.deepEqual([again.records, again.unchanged], [0, 1]);
    assert.equal((await uidsIn(store, dataset)).length, 30);
    assert.equal((await store.datasets())[0].files, 1);
  }));

Deno.test("importLogs ends in the same records wherever a growing file was cut", () =>
  withLogs({}, async (folder, store) => {
    const text = connLog(12);
    for (const closed of [text, text.trimEnd()]) {
      for (let cut = text.indexOf("\n17") - 3; cut < closed.length; cut += 7) {
        const dataset = await store.openDataset(`${closed.length} ${cut}`);
        const path = `${folder}/conn.log`;
        await Deno.writeTextFile(path, closed.slice(0, cut));
        await importLogs(store, dataset, path);
        await append(path, closed.slice(cut));
        await importLogs(store, dataset, path);
        const files = await store.importedFiles(dataset);
        const sum = (of: "records" | "skipped") =>
          files.flatMap(({ reports }) => reports)
            .reduce((total, report) => total + report[of], 0);
        const held = await uidsIn(store, dataset);
        assert.deepEqual(
          [held.length, new Set(held).size, sum("records"), sum("skipped")],
          [12, 12, 12, 0],
          `cut at byte ${cut}`,
        );
      }
    }
  }));

Deno.test("importLogs knows a log again that was rotated, compressed or both", () =>
  withLogs({}, async (folder, store, dataset) => {
    const text = connLog(50), cut = text.indexOf("\n", 1500) + 1;
    const path = `${folder}/conn.log`;
    await Deno.writeTextFile(path, text.slice(0, cut));
    const half = (await importLogs(store, dataset, folder)).records;
    await Deno.remove(path);
    await Deno.writeFile(
      `${folder}/conn.10:00:00.log.gz`,
      gzipSync(text),
    );
    const rest = await importLogs(store, dataset, folder);
    assert.equal(half + rest.records, 50);
    assert.ok(half > 0 && rest.records > 0);
    const again = await importLogs(store, dataset, folder);
    assert.deepEqual([again.records, again.unchanged], [0, 1]);
    // Zeek begins a new file under the old name.
    await Deno.writeTextFile(path, connLog(3));
    assert.equal((await importLogs(store, dataset, folder)).records, 3);
    await Deno.writeFile(`${folder}/b.log.gz`, gzipSync(connLog(3)));
    const copy = await importLogs(store, dataset, folder);
    assert.deepEqual([copy.records, copy.unchanged], [0, 3]);
    assert.equal((await store.datasets())[0].files, 2);
    assert.equal((await uidsIn(store, dataset)).length, 53);
  }));

Deno.test("importLogs goes on after an abort with the files that are missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (let i = 0; i < 6; i++) {
      await Deno.writeTextFile(
        `${folder}/conn${i}.log`,
        connLog(40).replaceAll("\tC", `\tCfile${i}n`),
      );
    }
    const plain = await openStore(":memory:");
    const whole = await plain.openDataset("d");
    await importLogs(plain, whole, folder);
    const expected = await uidsIn(plain, whole);
    await plain[Symbol.asyncDispose]();

    await using store = await openStore(":memory:", { partRows: 50 });
    const dataset = await store.openDataset("d");
    for (let stops = 0; stops < 3; stops++) {
      const controller = new AbortController();
      const reason = new Error("enough");
      const stopping: SessionStore = Object.create(store, {
        beginImport: {
          value: async (...args: Parameters<SessionStore["beginImport"]>) => {
            const writer = await store.beginImport(...args);
            const addFile = writer.addFile.bind(writer);
            writer.addFile = async (...file) => {
              await addFile(...file);
              controller.abort(reason);
            };
            return writer;
          },
        },
      });
      await assert.rejects(
        importLogs(stopping, dataset, folder, { signal: controller.signal }),
        reason,
      );
      assert.deepEqual(await uidsIn(store, dataset), [], "nothing is shown");
    }
    const { unfinished } = (await store.datasets())[0];
    assert.ok(unfinished > 0, "whole files were kept");
    const rest = await importLogs(store, dataset, folder);
    assert.ok(rest.newFiles.size <= 3, `${rest.newFiles.size} were read again`);
    assert.deepEqual(await uidsIn(store, dataset), expected);
    assert.equal((await store.datasets())[0].unfinished, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("importLogs of the same folder at the same time reads it once", () =>
  withLogs({ "a.log": connLog(10), "b.log": connLog(20) }, async (
    folder,
    store,
    dataset,
  ) => {
    const both = await Promise.all(
      [1, 2, 3].map(() => importLogs(store, dataset, folder)),
    );
    assert.deepEqual(both.map(({ records }) => records).toSorted(), [0, 0, 30]);
    assert.equal(await recordsIn(store), 30);
  }));

Deno.test("importLogs counts by reason what it does not list, and suspects a clock that is ahead", () =>
  withLogs({
    "bad.log": connLog(300).replaceAll("\t80\t", "\tport\t"),
    "ahead.log": connLog(3).replaceAll("17000000", "47000000"),
  }, async (folder, store, dataset) => {
    const { notes, skipped, bytes } = await importLogs(store, dataset, folder);
    assert.equal(skipped, 300);
    const sizes = ["bad.log", "ahead.log"].map((name) =>
      Deno.statSync(`${folder}/${name}`).size
    );
    assert.equal(bytes, sizes[0] + sizes[1]);
    const about = (name: string) => notes.filter((n) => n.includes(name));
    assert.match(
      about("bad.log")[0],
      /300 lines of conn .*the first 100 .*\(300\)$/,
    );
    assert.match(about("ahead.log")[0], /days ahead of this machine's clock$/);
  }));
