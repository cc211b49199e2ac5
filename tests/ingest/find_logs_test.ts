import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { findLogs, whyNothing } from "../../pipeline/ingest/mod.ts";
import { connLog, fixture, withFile } from "./_logs.ts";

/** Runs in an empty folder that is gone afterwards. */
async function withFolder(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("findLogs tells format, compression and log type by content", async () => {
  await withFolder(async (folder) => {
    const json = await Deno.readTextFile(fixture("two_formats/dns.json"));
    await Deno.writeTextFile(`${folder}/a.gz`, connLog(1));
    await Deno.writeFile(`${folder}/b`, gzipSync(json));
    const { logs, ignored } = await findLogs(folder);
    assert.deepEqual(ignored, []);
    assert.deepEqual(logs, [{
      path: `${folder}/a.gz`,
      format: "zeek-tsv",
      compression: "none",
      logType: "conn",
      size: connLog(1).length,
    }, {
      path: `${folder}/b`,
      format: "zeek-json",
      compression: "gzip",
      logType: "dns",
      size: gzipSync(json).length,
    }]);
  });
});

Deno.test("findLogs walks folders in the order of paths, past hidden files", async () => {
  await withFolder(async (folder) => {
    const names = [
      "2026-11-23/conn.00:00:00-01:00:00.log.gz",
      "2026-11-24/conn.log",
      "CONN.LOG",
      "conn-2026-11-23.log",
      "conn.log.1",
      "extensionless",
    ];
    const hidden = [".conn.log.swp", ".git/conn.log"];
    for (const name of [...hidden, ...names].reverse()) {
      await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), {
        recursive: true,
      });
      await Deno.writeTextFile(`${folder}/${name}`, connLog(1));
    }
    const { logs } = await findLogs(folder);
    assert.deepEqual(
      logs.map(({ path }) => path.slice(folder.length + 1)),
      names,
    );
  });
});

Deno.test("findLogs follows links once and survives loops", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/spool`);
    await Deno.writeTextFile(`${folder}/spool/conn.log`, connLog(1));
    await Deno.symlink("spool", `${folder}/current`);
    await Deno.symlink("..", `${folder}/spool/loop`);
    await Deno.symlink("spool/conn.log", `${folder}/again.log`);
    await Deno.symlink("nowhere", `${folder}/broken`);
    const { logs, ignored } = await findLogs(folder);
    assert.deepEqual(logs.map(({ path }) => path), [
      `${folder}/spool/conn.log`,
    ]);
    assert.deepEqual(ignored.map(({ path }) => path), [`${folder}/broken`]);
  });
});

Deno.test("findLogs follows a link that leads out of the folder", async () => {
  await withFolder((outside) =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(`${outside}/conn.log`, connLog(1));
      await Deno.symlink(outside, `${folder}/logs`);
      const { logs } = await findLogs(folder);
      assert.deepEqual(logs.map(({ path }) => path), [
        `${folder}/logs/conn.log`,
      ]);
    })
  );
});

Deno.test("findLogs lists every reason against a file that is no log", async () => {
  const { ignored: [{ reasons }] } = await findLogs(fixture("README.md"));
  assert.deepEqual(reasons, [
    "not compressed",
    "no #fields line",
    "first line is not a JSON object",
  ]);
});

Deno.test("findLogs knows what else is no log", async () => {
  const reasonOf = async (content: string | Uint8Array) =>
    (await withFile(content, (path) => findLogs(path))).ignored[0].reasons.at(
      -1,
    );
  assert.equal(await reasonOf(""), "the file is empty");
  assert.equal(await reasonOf(gzipSync("")), "gzip data of an empty file");
  assert.equal(
    await reasonOf('[{"ts":1}]\n'),
    "a JSON array instead of one JSON object per line",
  );
  assert.equal(
    await reasonOf('{"event_type":"dns","timestamp":"2026"}\n'),
    "its JSON objects have neither ts nor _path",
  );
  assert.equal(
    await reasonOf('# Notes\nA record:\n{"_path":"conn","ts":1}\n'),
    "only 1 of its first 3 lines hold a JSON object",
  );
  assert.match(
    (await reasonOf(Uint8Array.of(0x1f, 0x8b, 1, 2, 3)))!,
    /^its gzip data cannot be decompressed/,
  );
});

Deno.test("findLogs takes open_conn from the name where JSON does not name its type", async () => {
  const { logs: [log] } = await findLogs(fixture("json_forms/open_conn.json"));
  assert.equal(log.logType, "open_conn");
  const conn = await Deno.readTextFile(fixture("two_formats/conn.json"));
  const { logs: [named] } = await withFile(
    conn,
    (path) => findLogs(path),
    "open_conn.log",
  );
  assert.equal(named.logType, "conn");
});

Deno.test("findLogs recognises a first line longer than its first look", async () => {
  const conn = await Deno.readTextFile(fixture("two_formats/conn.json"));
  const long = conn.replace('"_path"', `"x":"${"y".repeat(100_000)}","_path"`);
  const { logs: [log] } = await withFile(long, (path) => findLogs(path));
  assert.equal(log.logType, "conn");
});

Deno.test("findLogs recognises a log in gzip data that swells a thousandfold", async () => {
  const bytes = gzipSync(connLog(10) + "0".repeat(20_000_000));
  assert.ok(bytes.length < 32_768, "all of it is within the first look");
  const { logs: [log] } = await withFile(bytes, (path) => findLogs(path));
  assert.equal(log.logType, "conn");
});

const isRoot = Deno.build.os !== "windows" && Deno.uid() === 0;
if (isRoot) console.log("skipped: root may read a file that nobody may read");
Deno.test({
  name: "findLogs keeps the reason against a file that may not be read",
  ignore: isRoot,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/conn.log`, connLog(1));
      await Deno.writeTextFile(`${folder}/secret.log`, connLog(1));
      await Deno.chmod(`${folder}/secret.log`, 0o000);
      const { logs, ignored } = await findLogs(folder);
      assert.deepEqual(logs.map(({ path }) => path), [`${folder}/conn.log`]);
      assert.deepEqual(ignored.map(({ path }) => path), [
        `${folder}/secret.log`,
      ]);
      assert.match(ignored[0].reasons[0], /^cannot be read \(.*denied/i);
    }),
});

Deno.test("findLogs says why a path cannot be read", async () => {
  await assert.rejects(() => findLogs("./nope"), {
    name: "SkerryError",
    message: "Cannot read ./nope: there is no such file or folder",
    hint: /spelling/,
  });
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/.hidden`, connLog(1));
    await assert.rejects(() => findLogs(folder), {
      name: "SkerryError",
      message: `Cannot read ${folder}: there is no file in it`,
    });
  });
});

Deno.test("findLogs reports progress in files and can be aborted", async () => {
  const seen: unknown[] = [];
  await findLogs(fixture("bad_values"), { onProgress: (p) => seen.push(p) });
  const stage = "finding logs", total = 2, unit = "files";
  assert.deepEqual(seen, [
    { stage, done: 1, total, unit },
    { stage, done: 2, total, unit },
  ]);
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(() => findLogs(fixture("."), { signal }), /enough/);
});

Deno.test("whyNothing makes one sentence of the reasons", () => {
  const file = (path: string) => ({ path, reasons: ["not gzip", "empty"] });
  assert.equal(whyNothing([]), "There is no file to look at.");
  assert.equal(
    whyNothing([file("/logs/a")]),
    "1 file is no Zeek log: a (not gzip; empty).",
  );
  assert.equal(
    whyNothing(["a", "b", "c", "d", "e"].map(file)),
    "5 files are no Zeek logs: a (not gzip; empty), b (not gzip; empty), " +
      "c (not gzip; empty), and 2 more.",
  );
});
Deno.test("findLogs says what other data are and how to make a log of them", async () => {
  const cases: [number[], RegExp][] = [
    [[0x28, 0xb5, 0x2f, 0xfd, 0], /^its zstd data cannot be decompressed/],
    [
      [..."BZh91AY"].map((c) => c.charCodeAt(0)),
      /^its bzip2 data cannot be decompressed/,
    ],
    [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], /^its xz data cannot be decompressed/],
    [[0xd4, 0xc3, 0xb2, 0xa1, 2, 0], /zeek -r FILE/],
    [[0x0a, 0x0d, 0x0d, 0x0a, 0, 0], /zeek -r FILE/],
  ];
  for (const [bytes, reason] of cases) {
    await withFile(Uint8Array.from(bytes), async (path) => {
      const { logs, ignored } = await findLogs(path);
      assert.equal(logs.length, 0);
      assert.match(ignored[0].reasons[0], reason);
    });
  }
});

for (const start of [[0xff, 0xfe], [0xfe, 0xff]]) {
  Deno.test(`findLogs says of text that begins with ${start} that it is UTF-16`, () =>
    withFile(Uint8Array.of(...start, 35, 0, 115, 0), async (path) => {
      const { logs, ignored } = await findLogs(path);
      assert.deepEqual(logs, []);
      assert.match(ignored[0].reasons.join(), /UTF-16 text: convert it/);
    }));
}
