import assert from "node:assert/strict";
import { byLane, hunt, importLogs, openStore } from "../../pipeline/mod.ts";
import {
  findingJson,
  findingsCsv,
  runJson,
} from "../../pipeline/report/run_json.ts";
import { finding, report } from "./_findings.ts";

const demo = new URL("../../fixtures/demo/", import.meta.url).pathname;

/** What people were told the document has, in this order. */
const RUN_KEYS = [
  "version",
  "dataset",
  "window",
  "internalNetworks",
  "imports",
  "findings",
  "hidden",
  "notLookedAt",
  "timings",
  "peakRssBytes",
];
const FINDING_KEYS = [
  "rank",
  "id",
  "detector",
  "score",
  "severity",
  "direction",
  "src",
  "dst",
  "port",
  "proto",
  "name",
  "nameSource",
  "sensor",
  "firstTs",
  "lastTs",
  "count",
  "uids",
  "evidence",
  "reasons",
  "verdict",
  "state",
  "summary",
];
const IMPORT_KEYS = [
  "path",
  "logType",
  "format",
  "records",
  "skipped",
  "firstTs",
  "lastTs",
  "errors",
];

/** The keys of `value` are the promised ones in order, and these in between. */
function assertKeys(
  value: unknown,
  promised: readonly string[],
  added: readonly string[],
): void {
  const keys = Object.keys(value as Record<string, unknown>);
  assert.deepEqual(keys.filter((key) => !added.includes(key)), promised);
  for (const key of added) assert.ok(keys.includes(key), key);
}

Deno.test("runJson has the promised keys in their order, and no series", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  const { newFiles } = await importLogs(store, dataset, demo);
  const run = await hunt(store, dataset, { newFiles });
  const document = JSON.parse(JSON.stringify(runJson(run)));
  assertKeys(document, RUN_KEYS, [
    "sensors",
    "hostCount",
    "connectionCount",
    "mergedCount",
    "organisations",
    "benignFile",
    "bands",
    "values",
  ]);
  assertKeys(document.window, ["from", "to", "logCoverage", "gaps"], []);
  assertKeys(document.internalNetworks, ["networks", "foundBy"], []);
  assert.equal(document.imports.length, 4);
  for (const one of document.imports) {
    assertKeys(one, IMPORT_KEYS, ["status"]);
  }
  assert.ok(document.findings.length >= 3);
  for (const one of document.findings) {
    assertKeys(one, FINDING_KEYS, [
      ...["firstSeen", "uidCount", "srcHost", "dstHost", "organisation"],
      ...["proxy", "laneRank", "alsoSeenAs"],
    ]);
    for (const reason of one.reasons) {
      assertKeys(reason, ["name", "value", "unit", "effect", "text"], []);
    }
  }
  assert.deepEqual(document, runJson(run));
});

Deno.test("laneRank counts in each lane from 1, without a gap", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  const { findings } = await hunt(store, dataset);
  const lanes = byLane(findings);
  assert.ok(lanes.length > 0);
  for (const { own } of lanes) {
    assert.deepEqual(own.map((f) => f.laneRank), own.map((_, i) => i + 1));
  }
});

Deno.test("findingJson says the same in the same order of a finding from the store", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  const run = await hunt(store, dataset);
  const [{ id }] = await store.runs(dataset);
  const stored = await store.findings(id);
  assert.equal(
    JSON.stringify(stored.map(findingJson)),
    JSON.stringify(run.findings.map(findingJson)),
  );
});

Deno.test("findingsCsv is a line per finding, nulls empty and hostile names harmless", () => {
  const text = findingsCsv([
    finding({ name: '=cmd|"x"', sensor: null }),
    finding({ rank: 2, name: null, nameSource: null, port: null }),
  ]);
  const [header, first, second, ...rest] = text.split("\r\n");
  assert.deepEqual(rest, [""]);
  assert.match(header, /^rank,id,detector,score,severity,direction,src,dst,/);
  assert.ok(first.includes(`443,tcp,"'=cmd|""x""",sni,,`), first);
  assert.ok(second.includes("203.0.113.77,,tcp,,,,"), second);
  for (const key of ["uids,", "evidence", "reasons", "series"]) {
    assert.ok(!header.includes(key), key);
  }
});

Deno.test("runJson of an empty run is a document too", () => {
  const document = runJson(report([], {
    window: { from: null, to: null, logCoverage: 0, gaps: [] },
  }));
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
  assert.deepEqual(document.findings, []);
});
