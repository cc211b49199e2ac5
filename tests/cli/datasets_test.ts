import assert from "node:assert/strict";
import { lineFrom } from "../../pipeline/cli/confirm.ts";
import { connLog } from "../ingest/_logs.ts";
import { demo, json, skerry, withFolder } from "../_skerry.ts";

const names = async (store: string[]) =>
  (await json("datasets", ...store)).map(({ name }: { name: string }) => name);

Deno.test("skerry datasets lists, renames, merges and deletes, and asks before it removes", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("import", `${demo}conn.log.gz`, "--dataset", "a", ...store);
    await skerry("import", `${demo}http.log.gz`, "--dataset", "b", ...store);
    const taken = await skerry("datasets", "rename", "a", "b", ...store);
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /there is a dataset b already/);
    const renamed = await skerry("datasets", "rename", "a", "c", ...store);
    assert.equal(renamed.code, 0, renamed.stderr);
    assert.deepEqual(await names(store), ["c", "b"]);

    const unasked = await skerry("datasets", "merge", "b", "c", ...store);
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /moves everything of b into c and removes b/);
    assert.match(unasked.stderr, /add --yes/);
    assert.deepEqual(await names(store), ["c", "b"]);
    const merged = await skerry("datasets", "merge", "b", "c", "-y", ...store);
    assert.equal(merged.code, 0, merged.stderr);
    assert.match(merged.stdout, /c now holds 2 files with 14.013 records/);
    const csv = await skerry("datasets", "list", "--csv", "-", ...store);
    assert.match(csv.stdout, /^name,.*,conn,http\r\nc,2,0,.*,13504,509\r\n$/);

    const unsaid = await skerry("datasets", "delete", "c", ...store);
    assert.equal(unsaid.code, 2);
    assert.match(unsaid.stderr, /This removes c: 2 files with 14.013 records/);
    const gone = await skerry("datasets", "delete", "c", "--yes", ...store);
    assert.equal(gone.code, 0, gone.stderr);
    assert.deepEqual(await names(store), []);
  }));

Deno.test("skerry datasets show tells skipped lines, gaps, runs, and a grown file as one", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`, "--dataset", "live"];
    const log = `${folder}/logs/conn.log`;
    await Deno.mkdir(`${folder}/logs`);
    const fields =
      "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto conn_state";
    const line = (ts: string, uid: string) =>
      `${ts}\t${uid}\t10.0.0.1\t1024\t192.0.2.1\t443\ttcp\tSF\n`;
    await Deno.writeTextFile(
      log,
      `#separator \\x09\n#path\tconn\n#fields\t${
        fields.replaceAll(" ", "\t")
      }\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\n` +
        line("1700000000.0", "C1") + line("noon", "C2"),
    );
    await skerry("run", `${folder}/logs`, ...store);
    await Deno.writeTextFile(log, line("1700003600.0", "C3"), { append: true });
    await skerry("run", `${folder}/logs`, ...store);
    const shown = await json("datasets", "show", "live", "--store", store[1]);
    assert.equal(shown.files.length, 1);
    const [file] = shown.files;
    assert.deepEqual([file.path, file.parts], [log, 2]);
    const [{ logType, records, skipped, errors }] = file.logs;
    assert.deepEqual([logType, records, skipped], ["conn", 2, 1]);
    assert.deepEqual(errors[0], {
      line: 6,
      field: "ts",
      value: "noon",
      reason: "is not a number",
    });
    assert.equal(shown.coverage.gaps.length, 1);
    assert.equal(shown.runs.length, 2);
    const { stdout } = await skerry(
      "datasets",
      "show",
      "live",
      "--store",
      store[1],
    );
    assert.match(stdout, /conn\.log:6:ts:"noon" is not a number/);
    assert.match(stdout, /in 2 parts/);
    assert.match(stdout, /gaps: /);
  }));

Deno.test("skerry datasets export writes logs and findings.json that import again", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, "--dataset", "office", ...store);
    const out = `${folder}/out`;
    const exported = await skerry(
      "datasets",
      "export",
      "office",
      out,
      ...store,
    );
    assert.equal(exported.code, 0, exported.stderr);
    const kept = JSON.parse(await Deno.readTextFile(`${out}/findings.json`));
    assert.equal(kept.findings.length, 18);
    const again = await json("run", out, "--dataset", "again", ...store);
    const scores = (
      { findings }: { findings: { id: string; score: number }[] },
    ) => findings.map(({ id, score }) => [id, score]);
    assert.deepEqual(scores(again), scores(kept));
    const twice = await skerry("datasets", "export", "office", out, ...store);
    assert.equal(twice.code, 1);
    assert.match(twice.stderr, /conn\.log is there already/);
  }));

Deno.test("skerry datasets prune removes whole imports by age, and says how many first", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    const into = ["--dataset", "office", ...store];
    for (const type of ["conn", "ssl", "dns", "http"]) {
      await skerry("import", `${demo}${type}.log.gz`, ...into);
    }
    const prune = (...args: string[]) =>
      skerry("datasets", "prune", "office", ...args, ...store);
    const silent = await prune();
    assert.equal(silent.code, 2);
    assert.match(silent.stderr, /say what may stay/);
    const none = await prune("--older-than", "30d", "--max-size", "1GB");
    assert.equal(none.code, 0);
    assert.match(none.stdout, /Nothing to remove/);
    const unasked = await prune("--older-than", "2h");
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /2 imports with 2.677 records/);
    const done = await prune("--older-than", "2h", "--yes");
    assert.equal(done.code, 0, done.stderr);
    const [{ records }] = await json("datasets", ...store);
    assert.deepEqual(records, { conn: 13504, ssl: 9225 });
    const small = await prune("--max-size", "10kB", "--yes");
    assert.equal(small.code, 0, small.stderr);
    assert.match(small.stdout, /Removed 1 import with 9.225 records/);
    assert.match(small.stdout, /still more than --max-size: what is left is/);
    await skerry("import", demo, ...into);
    const [{ records: left }] = await json("datasets", ...store);
    assert.deepEqual(left, { conn: 13504 }, "none comes back");
  }));

Deno.test("skerry datasets answers a wrong verb or name with one sentence", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("import", `${demo}http.log.gz`, "--dataset", "a", ...store);
    for (
      const [args, code, says] of [
        [["frob"], 2, /there is no "frob"; there are list, show, rename/],
        [["constructor"], 2, /there is no "constructor"/],
        [["show"], 2, /give a dataset/],
        [["show", "nowhere"], 1, /Cannot find nowhere/],
        [["rename", "a"], 2, /give its new name/],
        [["merge", "a", "a", "--yes"], 2, /it is the same dataset/],
        [["prune", "a", "--max-size", "big"], 2, /Cannot read the size "big"/],
      ] as const
    ) {
      const outcome = await skerry("datasets", ...args, ...store);
      assert.equal(outcome.code, code, outcome.stderr);
      assert.match(outcome.stderr, says);
      assert.equal(outcome.stdout, "");
    }
  }));

Deno.test("lineFrom reads one line in pieces, or what there is when the input ends", async () => {
  const read = (...parts: string[]) =>
    lineFrom(
      ReadableStream.from(parts).pipeThrough(new TextEncoderStream()),
      new AbortController().signal,
    );
  assert.equal(await read("y", "es\r", "\nmore"), "yes");
  assert.equal(await read("no"), "no");
  assert.equal(await read(), "");
});

Deno.test("lineFrom stops waiting when it is told to", async () => {
  const { readable } = new TransformStream<Uint8Array, Uint8Array>();
  const controller = new AbortController();
  const line = lineFrom(readable, controller.signal);
  controller.abort(new Error("stopped"));
  await assert.rejects(line, /stopped/);
});

Deno.test("skerry datasets copy puts one dataset into another store, under another name", () =>
  withFolder(async (folder) => {
    const [from, to] = [`${folder}/a.db`, `${folder}/b.db`];
    await skerry("run", demo, "--dataset", "office", "--store", from);
    const copied = await skerry(
      ...["datasets", "copy", "office", to, "--as", "case 7", "--store", from],
    );
    assert.equal(copied.code, 0, copied.stderr);
    assert.match(copied.stdout, /conn +13\s504 {2}[0-9a-f]{16}/);
    const [dataset] = await json("datasets", "--store", to);
    assert.deepEqual([dataset.name, dataset.runs], ["case 7", 1]);
    const again = await skerry(
      ...["datasets", "copy", "office", to, "--as", "case 7", "--store", from],
    );
    assert.equal(again.code, 1);
    assert.match(again.stderr, /has a dataset case 7 already/);
  }));

/** Lines that cannot be read, for different reasons. */
const BAD_LINES = ["x", "-", "1", "1\t2", "9\tC\tno address"].join("\n");

Deno.test("skerry import says where to read which lines were skipped, and that says how many it does not show", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/logs`);
    await Deno.writeTextFile(
      `${folder}/logs/conn.log`,
      connLog(2) + BAD_LINES + "\n",
    );
    const store = ["--store", `${folder}/a.db`];
    const done = await skerry(
      ...["import", `${folder}/logs`, "--dataset", "bad", ...store],
    );
    assert.match(
      done.stdout.replace(/\s+/g, " "),
      /not read 5 lines: \S.* datasets show bad .*says which and why/,
    );
    const shown = await skerry("datasets", "show", "bad", ...store);
    assert.match(shown.stdout, /… and 2 more; --json - lists all\n/);
  }));

Deno.test("skerry import of logs that it does not keep does not call them known", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/logs`);
    const line = JSON.stringify({ _path: "stats", ts: 1.5, mem: 3 });
    await Deno.writeTextFile(`${folder}/logs/stats.log`, line + "\n");
    const words = ["import", `${folder}/logs`, "--store", `${folder}/a.db`];
    const first = await skerry(...words);
    assert.match(first.stdout, /read +nothing that is kept\n/);
    assert.match(first.stdout, /left out .*stats 1/s);
    const second = await skerry(...words);
    assert.match(second.stdout, /nothing new: 1 file was read before/);
  }));
