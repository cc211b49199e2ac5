import assert from "node:assert/strict";
import {
  evaluate,
  evaluateRanking,
  type Ranked,
} from "../pipeline/evaluate.ts";
import { openStore } from "../pipeline/mod.ts";
import { parseTruth } from "../pipeline/truth.ts";
import { command, decoded, demo, withFolder } from "./_skerry.ts";

const truth = parseTruth(
  [
    "log\tsrc\tdst\tport\tproto\tname\tlabel\tconfidence",
    "conn\t10.0.0.1\t192.0.2.1\t443\ttcp\t-\tc2-one\tlabelled",
    "http\t10.0.0.1\t192.0.2.1\t443\ttcp\t-\tc2-one\tlabelled",
    "conn\t10.0.0.1\t192.0.2.2\t443\ttcp\t-\tc2-two\tdocumented",
    "conn\t10.0.0.1\t192.0.2.3\t443\ttcp\t-\tbenign-x\tlabelled",
    "conn\t10.0.0.1\t192.0.2.4\t443\ttcp\t-\tscan\tlabelled",
    "conn\t10.0.0.1\t192.0.2.5\t443\ttcp\t-\tc2-guess\tinferred",
  ].join("\n"),
  "TRUTH.tsv",
);
const ranking = (...last: number[]): Ranked[] =>
  last.map((n, i) => ({
    src: "10.0.0.1",
    dst: `192.0.2.${n}`,
    port: 443,
    proto: "tcp",
    name: null,
    score: 1 - i / 100,
    alarm: i < 3,
  }));

Deno.test("evaluateRanking counts unlabelled and benign lines as wrong, scans and guesses neither way", () => {
  const found = evaluateRanking(ranking(4, 5, 1, 9, 2, 3), truth);
  assert.equal(found.averagePrecision, (1 + 2 / 3) / 2);
  assert.deepEqual(found.rows.map(({ rank }) => rank), [3, 3, 5, 6, 1, 2]);
  assert.equal(found.precisionAt[1], 1);
  assert.equal(found.precisionAt[3], 2 / 3);
  assert.equal(found.falseAlarms, 1, "the scan is shown as high");
  assert.deepEqual([found.benign, found.benignAlarms], [1, 0]);
});

Deno.test("evaluateRanking counts a missed positive as 0 and a pair found twice once", () => {
  assert.equal(evaluateRanking(ranking(1, 1, 1), truth).averagePrecision, 0.5);
  assert.equal(evaluateRanking([], truth).averagePrecision, 0);
  assert.equal(evaluateRanking([], []).averagePrecision, null);
  const alarm = evaluateRanking(ranking(3), truth);
  assert.deepEqual([alarm.benignAlarms, alarm.falseAlarms], [1, 1]);
});

Deno.test("evaluate hunts in a folder and holds it against the truth, overall and by detector", async () => {
  await using store = await openStore(":memory:");
  const known = parseTruth(
    "src\tdst\tport\tproto\tname\tlabel\tconfidence\n" +
      "10.20.0.17\t*\t*\ttcp\t-\tc2-demo\tlabelled\n",
    "TRUTH.tsv",
  );
  const { overall, byDetector } = await evaluate(store, demo, known);
  assert.equal(overall.rows[0].rank, 1);
  assert.ok(Object.keys(byDetector).includes("beacon"));
});

Deno.test("skerry evaluate --memory says what skerry evaluate says, from files that are gone at the end", () =>
  withFolder(async (folder) => {
    const truthFile = `${folder}/TRUTH.tsv`, temporary = `${folder}/tmp`;
    await Deno.mkdir(temporary);
    await Deno.writeTextFile(
      truthFile,
      "src\tdst\tport\tproto\tname\tlabel\tconfidence\n" +
        "10.20.0.17\t*\t*\ttcp\t-\tc2-demo\tlabelled\n",
    );
    const told = async (...memory: string[]) => {
      const args = ["evaluate", demo, "--truth", truthFile, ...memory];
      return decoded(await command(args, { TMPDIR: temporary }).output());
    };
    const plain = await told();
    assert.equal(plain.code, 0);
    assert.match(plain.stdout, /c2-demo/);
    assert.equal((await told("--memory", "16MB")).stdout, plain.stdout);
    assert.deepEqual([...Deno.readDirSync(temporary)], []);
    const refused = await told("--memory", "1MB");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /Cannot hunt in 1MB of memory/);
  }));
