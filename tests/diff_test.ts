import assert from "node:assert/strict";
import {
  areComparable,
  atLeast,
  baselineOf,
  countsOf,
  diffRuns,
  hasChanged,
  highestScore,
} from "../pipeline/diff.ts";
import { SkerryError } from "../pipeline/errors.ts";
import { diffCsv, diffJson, diffText } from "../pipeline/report/diff_text.ts";
import { PLAIN } from "../pipeline/report/terminal.ts";
import type { RankedFinding } from "../pipeline/run_report.ts";
import type { RunSummary } from "../pipeline/store/session_store.ts";
import { finding, report } from "./report/_findings.ts";

const DAY = 86_400;

function run(id: number, day: number, dataset = "office"): RunSummary {
  const { findings: _, ...rest } = report([]);
  return {
    id,
    dataset,
    startedAt: 1.7e9 + day * DAY,
    findingCount: 0,
    report: rest,
  };
}

/** A beacon of one host, so that its id is its own. */
function beacon(
  src: string,
  score: number,
  evidence: RankedFinding["evidence"] = {},
  rank = 1,
): RankedFinding {
  const base = finding({ src, score, rank });
  return { ...base, evidence: { ...base.evidence, ...evidence } };
}

const difference = (
  before: RankedFinding[],
  after: RankedFinding[],
) => diffRuns(run(1, 0), run(2, 1), before, after);

Deno.test("diffRuns tells new, gone, raised, lowered and unchanged findings, worst first", () => {
  const { findings } = difference(
    [
      beacon("10.0.0.1", 0.3, {}, 4),
      beacon("10.0.0.2", 0.9, {}, 1),
      beacon("10.0.0.3", 0.5, {}, 3),
      beacon("10.0.0.4", 0.7, {}, 2),
    ],
    [
      beacon("10.0.0.1", 0.85, {}, 1),
      beacon("10.0.0.5", 0.75, {}, 2),
      beacon("10.0.0.4", 0.71, {}, 3),
      beacon("10.0.0.3", 0.3, {}, 4),
    ],
  );
  assert.deepEqual(
    findings.map(({ state, before, after }) => [state, (after ?? before)!.src]),
    [
      ["new", "10.0.0.5"],
      ["raised", "10.0.0.1"],
      ["lowered", "10.0.0.3"],
      ["gone", "10.0.0.2"],
      ["unchanged", "10.0.0.4"],
    ],
  );
});

Deno.test("diffRuns of a run with itself has only unchanged findings", () => {
  const findings = [beacon("10.0.0.1", 0.3), beacon("10.0.0.2", 0.9)];
  assert.ok(!difference(findings, findings).findings.some(hasChanged));
});

Deno.test("diffRuns sees another interval or size, but not what varies anyway", () => {
  const changes = (
    before: RankedFinding["evidence"],
    after: RankedFinding["evidence"],
  ) =>
    difference(
      [beacon("10.0.0.1", 0.9, before)],
      [beacon("10.0.0.1", 0.9, after)],
    ).findings[0].changes;
  assert.deepEqual(changes({ period: 60 }, { period: 300 }), ["interval"]);
  assert.deepEqual(changes({ period: 60 }, { period: 64 }), []);
  assert.deepEqual(
    changes({ period: 60, jitter: 40 }, { period: 90, jitter: 5 }),
    [],
    "30 s lie within ± 40 s",
  );
  assert.deepEqual(
    changes({ period: 60 }, { period: 300, timingScore: 0 }),
    [],
  );
  const sized = (size: number, sizeShare = 0.9) => ({ size, sizeShare });
  assert.deepEqual(changes(sized(80), sized(800)), ["size"]);
  assert.deepEqual(changes(sized(80), sized(85)), []);
  assert.deepEqual(changes(sized(80, 0.2), sized(800)), []);
  assert.deepEqual(
    changes({ ...sized(80), period: 60 }, { ...sized(800), period: 90 }),
    ["interval", "size"],
  );
});

Deno.test("countsOf counts each finding once by its state, and aspects on their own", () => {
  const { findings } = difference(
    [beacon("10.0.0.1", 0.3), beacon("10.0.0.2", 0.5), beacon("10.0.0.3", 0.5)],
    [
      beacon("10.0.0.1", 0.9, { period: 300 }),
      beacon("10.0.0.2", 0.5, { period: 300 }),
      beacon("10.0.0.3", 0.5),
    ],
  );
  assert.deepEqual(countsOf(findings), {
    new: 0,
    gone: 0,
    raised: 1,
    lowered: 0,
    unchanged: 1,
    interval: 2,
    size: 0,
  });
});

Deno.test("areComparable and highestScore look at both runs", () => {
  const [before, after] = [run(1, 0), run(2, 1)];
  const found = diffRuns(before, after, [beacon("10.0.0.1", 0.9)], [
    beacon("10.0.0.1", 0.3),
    beacon("10.0.0.2", 0.1),
  ]);
  assert.deepEqual(found.findings.map(highestScore), [0.1, 0.9]);
  assert.ok(areComparable(found));
  const window = { ...after.report.window, to: 1.7e9 + 3600 };
  const short = { ...after, report: { ...after.report, window } };
  assert.ok(!areComparable({ ...found, after: short }));
  assert.match(
    diffText({ ...found, after: short }, {
      terminal: PLAIN,
      timeZone: "UTC",
      limit: 9,
    }),
    /careful +their windows differ in length/,
  );
});

Deno.test("atLeast orders severities", () => {
  assert.ok(atLeast("critical", "high") && atLeast("high", "high"));
  assert.ok(!atLeast("medium", "high") && !atLeast("none", "low"));
});

Deno.test("baselineOf takes the newest run of the dataset that is old enough", () => {
  const last = run(9, 10);
  const runs = [
    last,
    run(8, 9),
    run(7, 2.5, "lab"),
    run(6, 3),
    run(5, 2),
    run(4, 0),
  ];
  assert.equal(baselineOf(runs, last, 7 * DAY).id, 6);
  assert.equal(baselineOf(runs, last, 7.5 * DAY).id, 5);
  assert.throws(
    () => baselineOf(runs, last, 30 * DAY),
    (error) =>
      error instanceof SkerryError &&
      /no run of office is 30.days older than run 9/.test(error.message),
  );
});

Deno.test("diffText, diffJson and diffCsv say how it was and how it is", () => {
  const found = difference(
    [beacon("10.0.0.1", 0.3), beacon("10.0.0.2", 0.9)],
    [
      beacon("10.0.0.1", 0.85, { period: 300 }),
      beacon("10.0.0.\u001b[1m", 0.7),
    ],
  );
  const text = diffText(found, { terminal: PLAIN, timeZone: "UTC", limit: 2 })
    .replace(/[\u00a0\u202f]/g, " ");
  for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
  assert.match(text, /1 new, 1 gone, 1 raised, 1 with another interval/);
  assert.match(text, /0\.30 low → 0\.85 critical; every 60 s → every 300 s/);
  assert.match(text, /2 of 3 shown/);
  assert.ok(!text.includes("\u001b"));
  const { counts, findings } = diffJson(found) as {
    counts: { gone: number };
    findings: { state: string; before: unknown; after: { series?: unknown } }[];
  };
  assert.equal(counts.gone, 1);
  assert.deepEqual(findings.map(({ state }) => state), [
    "new",
    "raised",
    "gone",
  ]);
  assert.equal(findings[0].before, null);
  assert.equal(findings[0].after.series, undefined);
  const [header, , raised] = diffCsv(found).split("\r\n");
  assert.match(header, /^state,changes,id,.*,intervalBefore,intervalAfter,/);
  assert.match(raised, /^raised,interval,.*,low,critical,0\.3,0\.85,60,300,/);
  assert.match(
    diffText({ ...found, findings: [] }, {
      terminal: PLAIN,
      timeZone: "UTC",
      limit: 2,
    }),
    /Nothing differs/,
  );
});
