import assert from "node:assert/strict";
import type { LogFile } from "../../pipeline/ingest/mod.ts";
import {
  folderSensors,
  isClusterNode,
  withSensor,
} from "../../pipeline/ingest/sensors.ts";
import { batchOf, connRow, type Row } from "../_batches.ts";

function sensorsOf(...paths: string[]): Record<string, string | undefined> {
  const logs = paths.map((path): LogFile => ({
    path,
    format: "zeek-tsv",
    compression: "none",
    logType: path.match(/(\w+)\.log$/)![1],
    size: 1,
  }));
  const found = folderSensors(logs);
  return Object.fromEntries(logs.map((log) => [log.path, found.get(log)]));
}

Deno.test("folderSensors takes folders side by side that hold conn logs for sensors", () => {
  assert.deepEqual(
    sensorsOf("/l/north/conn.log", "/l/north/dns.log", "/l/south/conn.log"),
    {
      "/l/north/conn.log": "north",
      "/l/north/dns.log": "north",
      "/l/south/conn.log": "south",
    },
  );
  assert.deepEqual(
    sensorsOf("/l/2024-04-19/a/conn.log", "/l/2024-04-20/b/conn.log"),
    { "/l/2024-04-19/a/conn.log": "a", "/l/2024-04-20/b/conn.log": "b" },
  );
});

Deno.test("folderSensors sees no sensor in days, hours, kinds of log or one folder", () => {
  const none = (...paths: string[]) =>
    assert.deepEqual(
      Object.values(sensorsOf(...paths)).filter((name) => name),
      [],
      paths.join(),
    );
  none(
    "/l/2024-04-19/conn.log",
    "/l/2024-04-20/conn.log",
    "/l/current/conn.log",
  );
  none("/l/19/00/conn.log", "/l/19/01/conn.log");
  none("/l/conn/conn.log", "/l/dns/dns.log");
  none("/l/north/conn.log", "/l/north/dns.log");
  none("/l/north/conn.log", "/l/files/dns.log");
  none("/l/tsv/conn.log", "/l/json/conn.log");
  none("/l/conn.log");
});

Deno.test("isClusterNode tells processes of one sensor from sensors", () => {
  for (
    const name of [
      "worker-1",
      "worker-01-2",
      "proxy-1",
      "logger",
      "manager",
      "zeek",
      "site-worker-3",
    ]
  ) assert.ok(isClusterNode(name), name);
  for (const name of ["north", "tap-1", "proxy-room", "site-2", "networker"]) {
    assert.ok(!isClusterNode(name), name);
  }
});

Deno.test("withSensor fills in node, then folder, and never overrules the record", () => {
  const rows: Row[] = [{ _system_name: "own" }, {}, {}, {}];
  const schemaed = batchOf(
    "conn",
    rows.map((more) => connRow(1e9, "10.0.0.1", "10.0.0.2", more)),
  );
  const nodes = schemaed.withTexts("_node_name", {
    codes: Uint32Array.of(1, 1, 2, 0),
    values: ["", "tap-9", "worker-3"],
  });
  const sensors = (otherwise?: string) => {
    const batch = withSensor(nodes, otherwise);
    assert.ok(!batch.has("_node_name"));
    const { codes, values } = batch.texts("_system_name");
    return Array.from(codes, (code) => values[code]);
  };
  assert.deepEqual(sensors("folder"), ["own", "tap-9", "folder", "folder"]);
  assert.deepEqual(sensors(), ["own", "tap-9", "", ""]);
  assert.equal(withSensor(schemaed, undefined), schemaed);
});
