import assert from "node:assert/strict";
import {
  hunt,
  importLogs,
  openStore,
  type RunReport,
} from "../pipeline/mod.ts";
import type { RunOptions } from "../pipeline/progress.ts";

const demo = new URL("../fixtures/demo/", import.meta.url).pathname;
const shared = new URL("../../shared/data/", import.meta.url).pathname;

async function huntIn(
  path: string,
  options: RunOptions = {},
): Promise<RunReport> {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset(path);
  const { newFiles } = await importLogs(store, dataset, path, options);
  return await hunt(store, dataset, { ...options, newFiles });
}

Deno.test("hunt finds the demo's beacon, tunnel and dead server, in that order", async () => {
  const report = await huntIn(demo);
  assert.deepEqual(
    report.findings.slice(0, 3).map((
      { detector, src, severity },
    ) => [detector, src, severity]),
    [
      ["beacon", "10.20.0.17", "critical"],
      ["long-connection", "10.20.0.21", "high"],
      ["beacon", "10.20.0.14", "high"],
    ],
  );
  assert.deepEqual(
    report.findings.map(({ rank }) => rank),
    report.findings.map((_, i) => i + 1),
  );
  assert.equal(report.window.logCoverage, 1);
  assert.equal(report.hostCount, 14);
});

Deno.test("hunt tells new, raised and lowered findings from the run before", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  const first = await hunt(store, dataset);
  const part = await hunt(store, dataset, { last: 3600 });
  const whole = await hunt(store, dataset);
  assert.ok(first.findings.every(({ state }) => state === "new"));
  const states = new Set(
    [...part.findings, ...whole.findings].map(({ state }) => state),
  );
  assert.ok(states.has("lowered") && states.has("raised"), [...states].join());
  assert.deepEqual(
    whole.findings.map(({ id, score }) => [id, score]),
    first.findings.map(({ id, score }) => [id, score]),
  );
  assert.equal((await store.runs(dataset)).length, 3);
});

Deno.test("hunt reports gaps and what was not looked at", async () => {
  await using store = await openStore(":memory:");
  const folder = await Deno.makeTempDir();
  try {
    const day = (ts: number, uid: string) =>
      JSON.stringify({
        _path: "conn",
        ts,
        uid,
        "id.orig_h": "10.0.0.1",
        "id.orig_p": 4000,
        "id.resp_h": "192.0.2.1",
        "id.resp_p": 443,
        proto: "tcp",
        conn_state: "SF",
      });
    const lines = Array.from(
      { length: 48 },
      (_, i) => i >= 20 && i < 30 ? "" : day(1.7e9 + 1800 * i, `C${i}`),
    );
    await Deno.writeTextFile(
      `${folder}/conn.json`,
      [...lines.filter(Boolean), '{"_path":"conn","ts":"never"}'].join("\n"),
    );
    const dataset = await store.openDataset("gaps");
    await importLogs(store, dataset, folder);
    const report = await hunt(store, dataset);
    assert.equal(report.window.gaps.length, 1);
    const [gap] = report.window.gaps;
    assert.ok(gap.to - gap.from >= 4 * 3600 && gap.to - gap.from <= 5 * 3600);
    assert.ok(
      report.window.logCoverage > 0.7 && report.window.logCoverage < 0.9,
    );
    assert.ok(
      report.notLookedAt.some((text) => text.startsWith("no http log")),
    );
    assert.equal(report.imports[0].skipped, 1);
    assert.equal(report.imports[0].errors[0].line, 39);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("importLogs reads each content once, whatever its name, and nothing when aborted", async () => {
  await using store = await openStore(":memory:");
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["a.log.gz", "b.log.gz"]) {
      await Deno.copyFile(`${demo}http.log.gz`, `${folder}/${name}`);
    }
    const dataset = await store.openDataset("twice");
    const controller = new AbortController();
    const stopped = importLogs(store, dataset, folder, {
      signal: controller.signal,
      onProgress: ({ stage }) =>
        stage === "reading" && controller.abort(new Error("enough")),
    });
    await assert.rejects(stopped, /enough/);
    assert.deepEqual(await store.importedFiles(dataset), []);
    const imported = await importLogs(store, dataset, folder);
    assert.deepEqual([
      imported.newFiles.size,
      imported.records,
      imported.unchanged,
    ], [1, 509, 1]);
    const again = await importLogs(store, dataset, folder);
    assert.deepEqual([again.newFiles.size, again.records], [0, 0]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Truth that the data's own documentation tells: rank at worst, who, to whom. */
const TRUTH: readonly [
  set: string,
  worst: number,
  detector: string,
  src: string,
  to: string,
][] = [
  ["11-rita-proxy", 1, "beacon", "10.136.0.18", "www.honestimnotevil.com"],
  ["10-rita-missing-host", 5, "beacon", "73.54.23.243", "64.225.56.201"],
  [
    "10-rita-missing-host",
    20,
    "long-connection",
    "73.54.23.243",
    "64.225.56.201",
  ],
  [
    "20-ctu-testing/001-zeek-scenario-malicious",
    1,
    "beacon",
    "192.168.1.115",
    "41.108.179.197",
  ],
  [
    "20-ctu-testing/003-zeek-scenario-malicious",
    1,
    "long-connection",
    "10.8.0.61",
    "147.32.83.234",
  ],
  [
    "20-ctu-testing/009-zeek-malicious",
    1,
    "beacon",
    "192.168.1.113",
    "91.82.226.222",
  ],
  ["30-iot23-34-1", 2, "beacon", "192.168.1.195", "185.244.25.235"],
];

const absent = await Deno.stat(shared).then(() => false, () => true);
if (absent) {
  console.log("skipped: the real captures are not beside this checkout");
}

for (const [set, worst, detector, src, to] of TRUTH) {
  Deno.test({
    name:
      `hunt ranks ${src} → ${to} (${detector}) of ${set} at ${worst} or better`,
    ignore: absent,
    async fn() {
      const { findings } = await huntIn(shared + set);
      const found = findings.find((finding) =>
        finding.detector === detector && finding.src === src &&
        (finding.name ?? finding.dst) === to
      );
      assert.ok(found, "it is listed");
      assert.ok(found.rank <= worst, `rank ${found.rank}`);
    },
  });
}

for (
  const set of [
    "20-ctu-testing/008-zeek-mixed",
    "20-ctu-testing/010-zeek-mixed",
    "40-m57-2009",
    "12-rita-proxy-rolling",
  ]
) {
  Deno.test({
    name: `hunt finds nothing high in ${set}, which has no C2`,
    ignore: absent,
    async fn() {
      const { findings } = await huntIn(shared + set);
      assert.deepEqual(
        findings.filter(({ score }) => score >= 0.6).map(({ summary }) =>
          summary
        ),
        [],
      );
    },
  });
}
