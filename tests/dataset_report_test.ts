import assert from "node:assert/strict";
import { coverageBins, datasetReport } from "../pipeline/dataset_report.ts";
import {
  datasetCsv,
  datasetJson,
  datasetsCsv,
  datasetText,
} from "../pipeline/report/dataset_text.ts";
import { PLAIN } from "../pipeline/report/terminal.ts";
import type { ImportReport } from "../pipeline/run_report.ts";
import type {
  DatasetSummary,
  ImportedFile,
} from "../pipeline/store/session_store.ts";

const T0 = 1_700_000_100;
const SUMMARY: DatasetSummary = {
  id: 1,
  name: "office",
  createdAt: T0,
  files: 2,
  records: { conn: 30 },
  skipped: 5,
  firstTs: T0,
  lastTs: T0 + 1500,
  runs: 0,
  unfinished: 7,
};

function report(
  path: string,
  records: number,
  more: Partial<ImportReport> = {},
): ImportReport {
  return {
    path,
    logType: "conn",
    format: "zeek-tsv",
    records,
    skipped: 0,
    firstTs: T0,
    lastTs: T0 + 60,
    errors: [],
    status: "new",
    ...more,
  };
}

function file(
  hash: string,
  path: string,
  reports: ImportReport[],
  more: Partial<ImportedFile> = {},
): ImportedFile {
  return {
    path,
    hash,
    size: 1000,
    modifiedAt: null,
    content: null,
    continues: null,
    reports,
    otherRecords: {},
    notes: [],
    ...more,
  };
}

/** What was read of a file in so many seconds. */
const readIn = (seconds?: number): Pick<ImportedFile, "content"> => ({
  content: { hash: null, from: 0, end: 10, tail: "none", seconds },
});

const bad = (line: number) => ({
  line,
  field: "duration",
  value: "x\u001b[1m",
  reason: "is not a number",
});

/** a grew twice, and b lies between its parts. */
const FILES = [
  file("a1", "/logs/conn.log", [report("/logs/conn.log", 10, {
    skipped: 2,
    errors: [bad(7), bad(8)],
  })], { otherRecords: { weird: 3 }, ...readIn(1.5) }),
  file("b", "/logs/http.log", [report("/logs/http.log", 0, {
    logType: "http",
    firstTs: null,
    lastTs: null,
  })], { notes: ["/logs/http.log: the compressed data ends early"] }),
  file("a2", "/logs/conn.log", [report("/logs/conn.log", 5, {
    skipped: 3,
    firstTs: T0 - 50,
    lastTs: T0 + 90,
    errors: [bad(20), bad(21), bad(22)],
  })], {
    continues: "a1",
    otherRecords: { weird: 1, dhcp: 2 },
    ...readIn(0.5),
  }),
  file("a3", "/logs/conn.1.log", [report("/logs/conn.1.log", 15)], {
    continues: "a2",
    size: 3000,
  }),
];

const HISTOGRAM = {
  from: 1_700_000_100,
  width: 300,
  counts: [10, 0, 0, 10, 0, 10],
};

const REPORT = datasetReport(SUMMARY, FILES, HISTOGRAM, []);

Deno.test("datasetReport shows a file that has grown as one, its parts summed", () => {
  assert.deepEqual(
    REPORT.files.map(({ path, parts, size, seconds }) => [
      path,
      parts,
      size,
      seconds,
    ]),
    [["/logs/conn.1.log", 3, 3000, 2], ["/logs/http.log", 1, 1000, null]],
  );
  const [conn] = REPORT.files[0].logs;
  assert.equal(conn.records, 30);
  assert.equal(conn.skipped, 5);
  assert.deepEqual([conn.firstTs, conn.lastTs], [T0 - 50, T0 + 90]);
  assert.deepEqual(conn.errors.map(({ line }) => line), [7, 8, 20, 21, 22]);
  assert.deepEqual(REPORT.files[0].otherRecords, { weird: 4, dhcp: 2 });
  assert.deepEqual(REPORT.otherRecords, { weird: 4, dhcp: 2 });
  assert.equal(REPORT.files[1].logs[0].firstTs, null);
});

Deno.test("datasetReport finds the gaps between filled bins", () => {
  const { coverage } = REPORT;
  assert.deepEqual(coverage.gaps, [
    { from: T0 + 300, to: T0 + 900 },
    { from: T0 + 1200, to: T0 + 1500 },
  ]);
  assert.equal(coverage.logCoverage, 0.5);
});

Deno.test("datasetReport of an empty dataset has no window", () => {
  const empty = { ...SUMMARY, firstTs: null, lastTs: null, records: {} };
  assert.equal(coverageBins(empty), 2);
  const { coverage, files } = datasetReport(
    empty,
    [],
    { from: 0, width: 300, counts: [] },
    [],
  );
  assert.equal(coverage.from, null);
  assert.deepEqual(files, []);
});

Deno.test("coverageBins stays within memory for logs with a wild clock", () => {
  assert.equal(coverageBins({ ...SUMMARY, lastTs: T0 + 86_400 }), 290);
  assert.equal(coverageBins({ ...SUMMARY, firstTs: 0, lastTs: 9e10 }), 2e6);
});

Deno.test("datasetText names file, line, field and value of what was skipped, visibly", () => {
  const text = datasetText(REPORT, PLAIN, "UTC").replace(
    /[\u00a0\u202f]/g,
    " ",
  );
  for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
  assert.match(
    text,
    /conn\.1\.log \(3 kB, 1\.5 kB\/s, read in 3 parts as it grew\)/,
  );
  assert.match(text, /conn \(zeek-tsv\): 30 records, 5 skipped/);
  assert.match(text, /conn\.1\.log:7:duration:"x\\u001b\[1m" is not a number/);
  assert.equal(text.match(/is not a number/g)?.length, 3, "the first three");
  assert.match(text, /left out +records of log types.*weird 4, dhcp 2/);
  assert.match(text, /damage +\/logs\/http\.log: the compressed data ends/);
  assert.match(text, /unfinished +7 records of an import that was stopped/);
  assert.match(text, /coverage +50 % .* gaps: /);
  assert.match(text, /runs +none/);
});

Deno.test("datasetJson and datasetCsv hold every file and log", () => {
  const document = datasetJson(REPORT) as unknown as typeof REPORT;
  assert.equal(document.files[0].logs[0].errors.length, 5);
  assert.equal(document.dataset.unfinished, 7);
  const lines = datasetCsv(REPORT).trimEnd().split("\r\n");
  assert.equal(lines.length, 3);
  assert.match(lines[1], /^\/logs\/conn\.1\.log,3000,3,conn,zeek-tsv,30,5,/);
  assert.deepEqual(datasetsCsv([SUMMARY]).trimEnd().split("\r\n"), [
    "name,files,skipped,firstTs,lastTs,runs,unfinished,conn",
    `office,2,5,${T0},${T0 + 1500},0,7,30`,
  ]);
});
