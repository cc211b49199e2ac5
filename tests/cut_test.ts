import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { cut, type CutOptions } from "../pipeline/cut.ts";

const root = new URL("../", import.meta.url);
const demo = new URL("fixtures/demo/", root).pathname;
const ingest = new URL("fixtures/ingest/", root).pathname;

async function textOf(
  paths: string[],
  fields: string[],
  options?: CutOptions,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of cut(paths, fields, options)) {
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

const FIELDS = ["ts", "uid", "id.orig_h", "duration", "service", "label"];

Deno.test("cut prints the columns of a log just as the log has them", async () => {
  const path = `${ingest}two_formats/conn.log`;
  const log = await Deno.readTextFile(path);
  const [names, ...rows] = log.split("\n")
    .filter((line) => line.startsWith("#fields") || /^\d/.test(line))
    .map((line) => line.split("\t"));
  const at = FIELDS.map((name) => names.indexOf(name) - 1);
  const lines = rows.map((row) => at.map((i) => row[i]).join("\t") + "\n");
  assert.equal(await textOf([path], FIELDS), lines.join(""));
  assert.equal(
    await textOf([path], FIELDS, { header: true }),
    FIELDS.join("\t") + "\n" + lines.join(""),
  );
});

Deno.test("cut escapes what would end a cell or a line, as Zeek does", async () => {
  const text = await textOf([`${ingest}two_formats/http.log`], [
    "uri",
    "referrer",
    "tags",
    "user_agent",
  ]);
  const [first] = text.split("\n");
  assert.equal(
    first,
    "/a\\x09b\\\\x09c?x=1,2\t\\x2d\t(empty)\tMozilla/5.0 (日本語) 😀",
  );
});

Deno.test("cut knows fields that Skerry's schemas do not have", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/ssh.json`;
    const lines = [
      { _path: "ssh", ts: 1.5, client: "OpenSSH_9", n: 3, ok: true },
      { _path: "ssh", ts: 1600000000.060902, client: 'a "b"\n', x: [1, "y"] },
      { _path: "weird", ts: 3.5, name: "data" },
    ];
    await Deno.writeTextFile(
      path,
      lines.map((line) => JSON.stringify(line) + "\n").join(""),
    );
    assert.equal(
      await textOf([path], ["ts", "client", "n", "ok", "x"], {
        logType: "ssh",
      }),
      "1.5\tOpenSSH_9\t3\tT\t-\n" +
        '1600000000.060902\ta "b"\\x0a\t-\t-\t1,y\n',
    );
    assert.equal(
      await textOf([path], ["client", "x"], { format: "csv" }),
      'client,x\r\nOpenSSH_9,\r\n"a ""b""\n","1,y"\r\n',
    );
    assert.equal(
      await textOf([path], ["name"], { format: "json" }),
      '{"name":"data"}\n',
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("cut gives JSON numbers and flags by the log's types", async () => {
  const text = await textOf([`${ingest}two_formats/conn.log`], [
    "ts",
    "id.orig_p",
    "local_orig",
    "service",
  ], { format: "json" });
  assert.deepEqual(JSON.parse(text.split("\n")[0]), {
    ts: 1700000000.123456,
    "id.orig_p": 49152,
    local_orig: true,
    service: "ssl",
  });
});

Deno.test("cut counts the lines that it could not read", async () => {
  const pieces = cut([`${ingest}bad_values/conn.log`], ["uid"]);
  let step = await pieces.next();
  while (!step.done) step = await pieces.next();
  // Lines with the wrong number of cells; values are taken as they are.
  assert.equal(step.value, 4);
});

Deno.test("cut says so where no record has the field, and prints nothing", async () => {
  const pieces = cut([`${demo}conn.log.gz`], ["nosuch"]);
  await assert.rejects(() => pieces.next(), {
    name: "SkerryError",
    message: "Cannot cut nosuch: no record has that field",
  });
});

const ENVIRONMENT =
  "--allow-env=SKERRY_STORE,SKERRY_DB_PASSWORD,HOME,XDG_DATA_HOME,LOCALAPPDATA,USER,USERNAME,NO_COLOR,TERM,LANG,LC_ALL";

/** Runs `skerry cut` with the permissions of its task. */
async function skerry(stdin: Uint8Array, ...args: string[]) {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--cached-only", "--allow-read", ENVIRONMENT]
      .concat("main.ts", "cut", args),
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  const written = writer.write(stdin).then(() => writer.close());
  const { code, stdout, stderr } = await process.output();
  await written.catch(() => {});
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("skerry cut reads standard input, compressed or not", async () => {
  const zipped = await Deno.readFile(`${demo}conn.log.gz`);
  const expected = await textOf([`${demo}conn.log.gz`], ["uid", "resp_bytes"]);
  const log = await new Response(
    new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).bytes();
  for (const bytes of [zipped, log, gzipSync(log)]) {
    const { code, stdout, stderr } = await skerry(bytes, "uid", "resp_bytes");
    assert.equal(code, 0, stderr);
    assert.equal(stdout, expected);
  }
});

Deno.test("skerry cut names what is wrong with its operands", async () => {
  const none = new Uint8Array();
  const cases: [string[], number, RegExp][] = [
    [[], 2, /^Cannot cut: name a field/],
    [["ts", "gone.log"], 1, /^Cannot read gone.log: there is no such file/],
    [["ts"], 1, /^Cannot read standard input: the file is empty/],
    [["ts", "--format", "xml", demo], 2, /must be one of tsv, csv, json/],
  ];
  for (const [args, code, message] of cases) {
    const outcome = await skerry(none, ...args);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.stdout, "");
  }
});

/** Two records of a log with lists, as Zeek writes them in TSV and in JSON. */
const LISTS = {
  "t.log": [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    "#path\tdns",
    "#fields\tts\tuid\tqtype\tAA\tanswers\tTTLs",
    "#types\ttime\tstring\tcount\tbool\tvector[string]\tvector[interval]",
    "1.500000\tC1\t16\tT\tv=spf1\\x2c a,b\\\\c,-\t60.5,-",
    "2.500000\tC2\t-\tF\t(empty)\t-",
    "",
  ],
  "j.log": [
    '{"_path":"dns","ts":1.500000,"uid":"C1","qtype":16,"AA":true,"answers":["v=spf1, a","b\\\\c",null],"TTLs":[60.5,null]}',
    '{"_path":"dns","ts":2.500000,"uid":"C2","AA":false,"answers":[]}',
    "",
  ],
};

Deno.test("cut prints lists alike from TSV and JSON, an element with a comma as one", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const fields = ["uid", "qtype", "AA", "answers", "TTLs"];
    for (const [name, lines] of Object.entries(LISTS)) {
      const path = `${folder}/${name}`;
      await Deno.writeTextFile(path, lines.join("\n"));
      assert.equal(
        await textOf([path], fields),
        "C1\t16\tT\tv=spf1\\x2c a,b\\\\c,-\t60.5,-\nC2\t-\tF\t(empty)\t-\n",
      );
      const rows = (await textOf([path], fields, { format: "json" }))
        .trimEnd().split("\n").map((line) => JSON.parse(line));
      assert.deepEqual(rows, [
        {
          uid: "C1",
          qtype: 16,
          AA: true,
          answers: ["v=spf1, a", "b\\c", null],
          TTLs: [60.5, null],
        },
        { uid: "C2", AA: false, answers: [] },
      ]);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
