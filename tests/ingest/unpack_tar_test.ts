import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import tar from "tar-stream";
import { findLogs, placeOf, ScratchFolder } from "../../pipeline/ingest/mod.ts";
import { importLogs, logsUnder } from "../../pipeline/import_logs.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { connLog, withFile } from "./_logs.ts";

type File = readonly [
  name: string,
  content: string | Uint8Array,
  type?: "symlink" | "directory",
];

/** The bytes of a tar archive of these files. */
async function archiveOf(files: readonly File[]): Promise<Uint8Array> {
  const pack = tar.pack();
  for (const [name, content, type] of files) {
    if (type) pack.entry({ name, type, linkname: "/etc/passwd" });
    else pack.entry({ name }, content);
  }
  pack.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of pack) pieces.push(piece);
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** What is found in such an archive, the archive's own path as "A". */
async function found(bytes: Uint8Array) {
  let out!: Record<"logs" | "ignored", unknown>;
  await withFile(bytes, async (path) => {
    await using scratch = new ScratchFolder();
    const { logs, ignored } = await findLogs(path, { scratch });
    const bare = (text: string) => text.replace(path, "A");
    out = {
      logs: await Promise.all(logs.map(async (log) => [
        bare(log.path),
        log.logType,
        log.compression,
        (await Deno.stat(placeOf(log))).size,
      ])),
      ignored: ignored.map(({ path, reasons }) => [
        bare(path),
        reasons.join("; "),
      ]),
    };
  });
  return out;
}

Deno.test("logs in a tar archive are found as in a folder", async () => {
  const log = connLog(3), packed = gzipSync(log);
  const bytes = await archiveOf([
    ["2026-05-12/", "", "directory"],
    ["2026-05-12/conn.log", log],
    ["2026-05-12/conn.00.log.gz", packed],
    ["2026-05-12/conn.log", connLog(1)],
    ["notes.txt", "nothing"],
    [".conn.log.swp", log],
    ["../../etc/evil.log", connLog(2)],
    ["link.log", "", "symlink"],
  ]);
  const expected = {
    logs: [
      ["A/2026-05-12/conn.log", "conn", "none", log.length],
      ["A/2026-05-12/conn.00.log.gz", "conn", "gzip", packed.length],
      ["A/2026-05-12/conn.log (2)", "conn", "none", connLog(1).length],
      ["A/etc/evil.log", "conn", "none", connLog(2).length],
    ],
    ignored: [[
      "A/notes.txt",
      "not compressed; no #fields line; first line is not a JSON object",
    ]],
  };
  assert.deepEqual(await found(bytes), expected);
  assert.deepEqual(await found(gzipSync(bytes)), expected);
});

Deno.test("of a tar archive that is cut, what came is kept", async () => {
  const log = connLog(200);
  const bytes = await archiveOf([["a.log", connLog(1)], ["b.log", log]]);
  const { logs, ignored } = await found(bytes.subarray(0, 5000));
  assert.equal((logs as unknown[]).length, 2);
  assert.deepEqual(ignored, [[
    "A",
    "it is a tar archive, and damaged: Unexpected end of data",
  ]]);
});

Deno.test("an archive in an archive, and one that nobody unpacks, are told of", async () => {
  const inner = await archiveOf([["conn.log", connLog(1)]]);
  const bytes = await archiveOf([["inner.tar", inner]]);
  assert.deepEqual(await found(bytes), {
    logs: [],
    ignored: [[
      "A/inner.tar",
      "a tar archive in another: unpack the outer one first",
    ]],
  });
  await withFile(inner, async (path) => {
    const { logs, ignored } = await findLogs(path);
    assert.deepEqual(logs, []);
    assert.match(ignored[0].reasons[0], /^a tar archive: run/);
  });
});

Deno.test("a tar archive is imported once, and so is what was in it; no copy stays", async () => {
  const content = connLog(20);
  const bytes = await archiveOf([["day/conn.log", content]]);
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("d");
  await withFile(bytes, async (path) => {
    const logs = await logsUnder(path);
    const [{ copy }] = logs.logs;
    assert.equal(await Deno.readTextFile(copy!.path), content);
    const first = await importLogs(store, dataset, logs);
    assert.equal(first.records, 20);
    assert.deepEqual([...first.newFiles], [`${path}/day/conn.log`]);
    await logs[Symbol.asyncDispose]();
    await assert.rejects(Deno.stat(copy!.path), Deno.errors.NotFound);
    const again = await importLogs(store, dataset, path);
    assert.equal(again.records, 0);
    assert.equal(again.unchanged, 1);
  });
  await withFile(content, async (path) => {
    assert.equal((await importLogs(store, dataset, path)).unchanged, 1);
  });
});

Deno.test("unpacking stops when it is told to, and leaves nothing", async () => {
  const big = "x".repeat(1 << 22);
  const bytes = await archiveOf(
    Array.from({ length: 8 }, (_, i): File => [`${i}.log`, big]),
  );
  await withFile(bytes, async (path) => {
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error("enough"));
    await assert.rejects(
      logsUnder(path, { signal: stop.signal, onProgress }),
      /enough/,
    );
  });
});

Deno.test("standard input is imported, plain, compressed or an archive of logs", async () => {
  const log = connLog(5);
  const archive = gzipSync(await archiveOf([["conn.log", log]]));
  for (const input of [new TextEncoder().encode(log), gzipSync(log), archive]) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "main.ts", "import", "-", "--store", ":memory:"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const stdin = child.stdin.getWriter();
    await stdin.write(Uint8Array.from(input));
    await stdin.close();
    const [out, problems] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
    ]);
    assert.match(out, /Imported into stdin\n {2}read {7}1 file, 5 records/);
    assert.equal((await child.status).code, 0, problems);
  }
});
