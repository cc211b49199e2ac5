import assert from "node:assert/strict";

import { command, decoded, demo, skerry, withFolder } from "./_skerry.ts";

const ids = (document: { findings: { id: string; score: number }[] }) =>
  document.findings.map(({ id, score }) => [id, score]);

Deno.test("skerry run prints one JSON document, the demo's beacon first", () =>
  withFolder(async (folder) => {
    const store = `${folder}/a.db`;
    const { code, stdout, stderr } = await skerry(
      "run",
      demo,
      "--store",
      store,
      "--json",
      "-",
    );
    assert.equal(code, 0, stderr);
    const document = JSON.parse(stdout);
    const [first] = document.findings;
    assert.equal(first.detector, "beacon");
    assert.equal(first.src, "10.20.0.17");
    assert.equal(first.name, "cdn.lanternfish.example");
    assert.equal(first.severity, "critical");
    assert.equal(first.state, "new");
    assert.match(
      first.summary,
      /^10\.20\.0\.17 contacts cdn\.lanternfish\.example every 30\d/,
    );
    assert.deepEqual(
      document.imports.map((
        report: { logType: string; records: number; skipped: number },
      ) => [report.logType, report.skipped]),
      [["conn", 0], ["dns", 0], ["http", 0], ["ssl", 0]],
    );
    assert.ok(document.peakRssBytes > 1e6);
    assert.deepEqual(
      document.findings.map((finding: { score: number }) => finding.score),
      document.findings.map((finding: { score: number }) => finding.score)
        .toSorted((a: number, b: number) => b - a),
    );
  }));

Deno.test("a second skerry run imports nothing, says so and finds the same", () =>
  withFolder(async (folder) => {
    const store = `${folder}/a.db`;
    const first = JSON.parse(
      (await skerry("run", demo, "--store", store, "--json", "-")).stdout,
    );
    const second = JSON.parse(
      (await skerry("run", demo, "--store", store, "--json", "-")).stdout,
    );
    assert.deepEqual(ids(second), ids(first));
    assert.ok(
      second.imports.every((report: { status: string }) =>
        report.status === "unchanged"
      ),
    );
    assert.ok(
      second.findings.every((finding: { state: string }) =>
        finding.state === "unchanged"
      ),
    );
    const third = await skerry("run", demo, "--store", store);
    assert.match(third.stdout, /nothing new: 4 files were read before/);
    assert.match(third.stdout, /since last +nothing new, raised or lowered/);
  }));

Deno.test("skerry run --fresh clears the dataset's old records and runs first", () =>
  withFolder(async (folder) => {
    const store = `${folder}/a.db`;
    await skerry("run", demo, "--store", store);
    const { stdout } = await skerry(
      "run",
      demo,
      "--store",
      store,
      "--fresh",
      "--json",
      "-",
    );
    const document = JSON.parse(stdout);
    assert.ok(
      document.imports.every((report: { status: string }) =>
        report.status === "new"
      ),
    );
    const listed = JSON.parse(
      (await skerry("datasets", "--store", store, "--json", "-")).stdout,
    );
    assert.equal(listed.length, 1);
    assert.equal(listed[0].runs, 1);
    assert.equal(listed[0].files, 4);
  }));

Deno.test("skerry run writes plain text of at most 100 columns when piped", () =>
  withFolder(async (folder) => {
    const { stdout } = await skerry("run", demo, "--store", `${folder}/a.db`);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(stdout, /\u001b/);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
    for (
      const word of [
        "window",
        "coverage",
        "internal",
        "findings",
        "since last",
        "why:",
        "uid",
      ]
    ) {
      assert.ok(stdout.includes(word), word);
    }
    assert.match(
      stdout.trimEnd().split("\n").at(-1)!,
      /pages on 127\.0\.0\.1:8000 +deno task serve/,
    );
  }));

Deno.test("skerry mark keeps a verdict that outlives the run", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, ...store);
    const marked = await skerry(
      "mark",
      "1",
      "--verdict",
      "malicious",
      "--note",
      "ticket 7",
      ...store,
    );
    assert.equal(marked.code, 0, marked.stderr);
    const again = JSON.parse(
      (await skerry("run", demo, ...store, "--fresh", "--json", "-")).stdout,
    );
    assert.equal(again.findings[0].verdict, "malicious");
    const shown = await skerry("show", "1", ...store);
    assert.match(shown.stdout, /verdict +malicious/);
    assert.match(shown.stdout, /ticket 7/);
    assert.match(shown.stdout, /self-signed/);
  }));

Deno.test("skerry hunt looks at a window of a dataset without reading logs", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("import", demo, "--dataset", "office", ...store);
    const all = JSON.parse(
      (await skerry("hunt", "office", ...store, "--json", "-")).stdout,
    );
    const last = JSON.parse(
      (await skerry("hunt", "office", ...store, "--last", "2h", "--json", "-"))
        .stdout,
    );
    assert.equal(all.dataset, "office");
    assert.ok(last.connectionCount < all.connectionCount / 4);
    assert.ok(last.window.to - last.window.from <= 7200);
  }));

Deno.test("skerry findings --csv writes a header and a line per finding", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, ...store);
    const { stdout } = await skerry("findings", ...store, "--csv", "-");
    const [header, ...lines] = stdout.trimEnd().split("\r\n");
    assert.match(header, /^rank,id,detector,score,severity/);
    assert.equal(lines.length, 3);
  }));

Deno.test("skerry kmeans lists the sessions of the three least-populated clusters", async () => {
  const { code, stdout } = await skerry("kmeans", demo, "--json", "-");
  assert.equal(code, 0);
  const document = JSON.parse(stdout);
  assert.equal(document.sizes.length, 20);
  assert.ok(document.inertia > 0);
  const rare = document.sizes.filter((cluster: { outlier: boolean }) =>
    cluster.outlier
  );
  assert.equal(rare.length, 3);
  const listed = rare.reduce(
    (sum: number, { size }: { size: number }) => sum + size,
    0,
  );
  assert.equal(document.sessions.length, listed);
  assert.ok(document.sessions.some(
    ({ record }: { record: Record<string, unknown> }) =>
      record["id.resp_p"] === 4022,
  ));
});

Deno.test("skerry dbscan saves a model that labels the same when loaded", () =>
  withFolder(async (folder) => {
    const model = `${folder}/m.json`;
    const fitted = JSON.parse(
      (await skerry("dbscan", demo, "--save-model", model, "--json", "-"))
        .stdout,
    );
    const loaded = JSON.parse(
      (await skerry("dbscan", demo, "--load-model", model, "--json", "-"))
        .stdout,
    );
    assert.ok(
      fitted.clusters > 1 && fitted.noise > 0 && fitted.coreSamples > 1000,
    );
    const noise = (document: typeof fitted) =>
      document.sizes.find(({ label }: { label: number }) => label === -1).size;
    assert.equal(noise(fitted), fitted.noise);
    // A border row takes the nearest core sample's cluster: noise is the same.
    assert.equal(noise(loaded), fitted.noise);
  }));

const wrong: readonly [
  name: string,
  args: string[],
  code: number,
  says: RegExp,
][] = [
  ["an unknown command", ["hnut"], 2, /no such command/],
  ["an unknown flag", ["run", demo, "--stroe", "x"], 2, /did you mean --store/],
  ["a missing operand", ["run"], 2, /give a folder of Zeek logs/],
  ["one operand too many", ["run", demo, "b"], 2, /one operand too many/],
  [
    "a parameter out of range",
    ["dbscan", demo, "--eps", "0"],
    2,
    /eps must be a number in \(0, /,
  ],
  [
    "a bad time",
    ["run", demo, "--from", "noon"],
    2,
    /Cannot read the time "noon"/,
  ],
  ["a bad zone", ["run", demo, "--tz", "Mars"], 2, /no time zone "Mars"/],
  [
    "a missing folder",
    ["run", "./no/such/folder"],
    1,
    /no such file or folder/,
  ],
  [
    "more clusters than rows",
    [
      "kmeans",
      "./fixtures/demo/http.log.gz",
      "--features",
      "http",
      "--n-clusters",
      "600",
    ],
    1,
    /nClusters must be an integer in \[1, 509\], got 600/,
  ],
  [
    "a file that is no log",
    ["run", "./README.md"],
    1,
    /^Cannot read \.\/README\.md: it is no Zeek log: not compressed; /,
  ],
  [
    "a folder to follow that is not there",
    ["run", "./no/such/folder", "--follow"],
    1,
    /^Cannot follow \.\/no\/such\/folder: there is no such file or folder/,
  ],
  [
    "standard input to follow",
    ["run", "-", "--follow"],
    2,
    /^Cannot run --follow with -: it ends by itself/,
  ],
  ["a net without labels", ["mlp", "train", demo], 1, /have no label/],
  ["a prediction without a net", ["mlp", "predict", demo], 2, /--load-model/],
  [
    "a model that is none",
    ["kmeans", demo, "--load-model", "deno.json"],
    1,
    /no model of Skerry's/,
  ],
];

for (const [name, args, code, says] of wrong) {
  Deno.test(`skerry answers ${name} with one sentence and exit code ${code}`, () =>
    withFolder(async (folder) => {
      const store = `${folder}/a.db`;
      const takesStore = args.length > 1 || code === 1;
      const outcome = await skerry(
        ...args,
        ...(takesStore ? ["--store", store] : []),
      );
      assert.equal(outcome.code, code, outcome.stderr);
      assert.equal(outcome.stdout, "");
      assert.match(outcome.stderr, says);
      assert.doesNotMatch(outcome.stderr, /^ +at /m);
      assert.deepEqual(
        [...Deno.readDirSync(folder)],
        [],
        "nothing half-written",
      );
    }));
}

Deno.test("skerry run refuses folders without Zeek logs and keeps what a damaged one has", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/store/a.db`];
    const logs = `${folder}/logs`;
    await Deno.mkdir(logs);
    const empty = await skerry("run", logs, ...store);
    assert.equal(empty.code, 1);
    assert.match(empty.stderr, /there is no file in it/);
    await Deno.writeFile(
      `${logs}/core.bin`,
      new Uint8Array(4096).map((_, i) => i * 37),
    );
    const none = await skerry("run", logs, ...store);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /none of its files is a Zeek log/);
    const whole = await Deno.readFile(`${demo}conn.log.gz`);
    await Deno.writeFile(`${logs}/conn.log.gz`, whole.subarray(0, 50_000));
    const cut = await skerry("run", logs, ...store);
    assert.equal(cut.code, 0, cut.stderr);
    assert.match(
      cut.stdout.replaceAll(/\s+/g, " "),
      /the compressed data ends early/,
    );
  }));

Deno.test("skerry types the next command so that a shell takes the store for one word", () =>
  withFolder(async (folder) => {
    const store = `${folder}/Ann's case.db`;
    const { stdout } = await skerry("run", demo, "--store", store);
    const typed = `--store '${folder}/Ann'\\''s case.db'`;
    assert.ok(stdout.includes(`show 1 ${typed}`), stdout);
  }));

Deno.test("skerry refuses a store that is no database and does not touch it", () =>
  withFolder(async (folder) => {
    const file = `${folder}/notes.txt`;
    await Deno.writeTextFile(
      file,
      "not a database, but dear to somebody\n".repeat(40),
    );
    const before = await Deno.readFile(file);
    const { code, stderr } = await skerry("run", demo, "--store", file);
    assert.equal(code, 1);
    assert.match(stderr, /no SQLite database/);
    assert.deepEqual(await Deno.readFile(file), before);
  }));

Deno.test("Ctrl-C stops skerry run with 130 and leaves the store sound", () =>
  withFolder(async (folder) => {
    const logs = `${folder}/logs`;
    await Deno.mkdir(logs);
    await writeLongLog(`${logs}/conn.log`);
    const store = ["--store", `${folder}/a.db`];
    const child = command(["run", logs, ...store]).spawn();
    await until(async () => (await sizeOf(`${folder}/a.db-wal`)) > 1_000_000);
    const asked = performance.now();
    child.kill("SIGINT");
    const outcome = decoded(await child.output());
    assert.equal(outcome.code, 130, outcome.stderr);
    // A second when alone; other tests run beside it.
    assert.ok(performance.now() - asked < 8000, "it ends soon");
    assert.match(outcome.stderr, /Stopped/);
    const held = async () => {
      const [{ files, records }] = JSON.parse(
        (await skerry("datasets", ...store, "--json", "-")).stdout,
      );
      return [files, records.conn ?? 0];
    };
    const [files, records] = await held();
    assert.equal(records, 400_000 * files, "the whole file or nothing of it");
    const again = await skerry("run", logs, ...store);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(await held(), [1, 400_000]);
  }));

/** A conn log of 400,000 records: long enough to be stopped in. */
async function writeLongLog(path: string): Promise<void> {
  const fields =
    "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto duration orig_bytes resp_bytes conn_state";
  const types =
    "time string addr port addr port enum interval count count string";
  const lines = [
    "#separator \\x09",
    "#path\tconn",
    `#fields\t${fields.replaceAll(" ", "\t")}`,
    `#types\t${types.replaceAll(" ", "\t")}`,
  ];
  for (let i = 0; i < 400_000; i++) {
    lines.push(
      `${1.7e9 + i}.000000\tC${i}\t10.0.${i % 200}.7\t${
        1024 + i % 60_000
      }\t192.0.2.${i % 250}\t443\ttcp\t0.5\t${i % 900}\t${i % 7000}\tSF`,
    );
  }
  await Deno.writeTextFile(path, lines.join("\n") + "\n");
}

async function sizeOf(path: string): Promise<number> {
  return await Deno.stat(path).then(({ size }) => size, () => 0);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it never came to hold");
}

Deno.test({
  name: "skerry says in one sentence that standard output takes no more",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const { code, stderr } = decoded(
      await new Deno.Command("sh", {
        args: ["-c", '"$0" run main.ts --help > /dev/full', Deno.execPath()],
        cwd: new URL("../", import.meta.url),
      }).output(),
    );
    assert.equal(code, 1);
    assert.match(stderr, /^Cannot write to standard output: No space left/);
    assert.doesNotMatch(stderr, /^ +at /m);
  },
});

Deno.test("every command has help with examples", async () => {
  const overview = await skerry("--help");
  assert.equal(overview.code, 0);
  const names = [...overview.stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) =>
    match[1]
  );
  assert.ok(names.includes("run") && names.includes("mlp"), names.join(" "));
  for (const line of overview.stdout.split("\n")) {
    assert.ok(line.length <= 100, line);
    // Two columns, a blank between them; the second begins with a capital.
    if (/^ {2}[a-z]/.test(line)) {
      assert.match(line, /^.{33} [A-Z]|^ {2}\S.{32,}[^ ]$/);
    }
  }
  for (const name of names) {
    const { code, stdout } = await skerry(name, "--help");
    assert.equal(code, 0, name);
    assert.match(stdout, /Examples\n {2}skerry /);
  }
});

Deno.test("a file that cannot be written is said before the work, not after it", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    const lost = await skerry(
      ...["run", demo, "--json", `${folder}/none/a.json`],
      ...store,
    );
    assert.equal(lost.code, 1);
    assert.match(lost.stderr, /Cannot write .*: there is no such folder/);
    const both = await skerry(
      ...["run", demo, "--json", "-", "--csv", "-"],
      ...store,
    );
    assert.equal(both.code, 2);
    assert.match(both.stderr, /give one of them a file/);
    await assert.rejects(() => Deno.stat(`${folder}/a.db`), "nothing was read");
  }));
