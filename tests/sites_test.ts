import assert from "node:assert/strict";
import { hunt } from "../pipeline/hunt.ts";
import {
  importLogs,
  type ImportOptions,
  logsUnder,
} from "../pipeline/import_logs.ts";
import type { RunReport } from "../pipeline/run_report.ts";
import { openStore } from "../pipeline/store/mod.ts";

const NAMES = [
  ...["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"],
  ...["proto", "duration", "orig_bytes", "resp_bytes", "conn_state"],
];
const TYPES = [
  ...["time", "string", "addr", "port", "addr", "port"],
  ...["enum", "interval", "count", "count", "string"],
];

/** A beacon of 10.0.0.5, once a minute, `late` seconds after the other tap. */
function beacon(uid: string, late = 0, port = 40_000): string {
  const lines = Array.from({ length: 60 }, (_, i) =>
    [
      1.7e9 + 60 * i + late,
      `${uid}${i}`,
      "10.0.0.5",
      port + i,
      "198.51.100.7",
      443,
      ...["tcp", "0.5", 500, 900, "SF"],
    ].join("\t"));
  const head = [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    "#path\tconn",
    `#fields\t${NAMES.join("\t")}`,
    `#types\t${TYPES.join("\t")}`,
  ];
  return [...head, ...lines, ""].join("\n");
}

async function runOver(
  files: Readonly<Record<string, string>>,
  options: ImportOptions = {},
  window: { readonly from?: number } = {},
): Promise<{ report: RunReport }> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(files)) {
      const at = path.lastIndexOf("/");
      await Deno.mkdir(`${folder}/${path.slice(0, at)}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    await using store = await openStore(":memory:");
    const dataset = await store.openDataset("sites");
    const found = await logsUnder(folder);
    const { notes } = await importLogs(store, dataset, found, options);
    const report = await hunt(store, dataset, { notes, ...window });
    await Deno.remove(folder, { recursive: true });
    // The store has all that a hunt needs.
    const again = await hunt(store, dataset, { notes, ...window });
    assert.deepEqual(hostsIn(again), hostsIn(report));
    return { report };
  } catch (error) {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    throw error;
  }
}

const hostsIn = ({ findings }: RunReport) =>
  findings.map(({ id, srcHost, dstHost }) => ({ id, srcHost, dstHost }));

Deno.test("one address at two sites is two hosts with findings of their own", async () => {
  const { report } = await runOver({
    "north/conn.log": beacon("CN"),
    "south/conn.log": beacon("CS", 21.5, 50_000),
  });
  assert.deepEqual(report.sensors, ["north", "south"]);
  assert.deepEqual(report.hostCount, 2);
  assert.deepEqual(report.connectionCount, 120);
  assert.deepEqual(report.mergedCount, 0);
  const beacons = report.findings.filter(({ detector }) =>
    detector === "beacon"
  );
  assert.deepEqual(
    beacons.map(({ sensor, src, count }) => [sensor, src, count]).sort(),
    [["north", "10.0.0.5", 60], ["south", "10.0.0.5", 60]],
  );
  assert.notEqual(beacons[0].id, beacons[1].id);
  assert.match(report.notLookedAt.join("; "), /folders north, south/);
});

Deno.test("what another site's host did first is not this one's first time", async () => {
  const { report } = await runOver(
    {
      "north/conn.log": beacon("CN"),
      "south/conn.log": beacon("CS", 905.5, 50_000),
    },
    {},
    { from: 1.7e9 + 1200 },
  );
  const first = Object.fromEntries(
    report.findings.map(({ sensor, firstSeen }) => [sensor, firstSeen?.ts]),
  );
  assert.deepEqual(first, { north: 1.7e9, south: 1.7e9 + 905.5 });
});

Deno.test("what two taps of one network saw counts once, and the report says how much", async () => {
  const { report } = await runOver({
    "core/conn.log": beacon("CC"),
    "edge/conn.log": beacon("CE", 0.4),
  });
  assert.deepEqual(report.hostCount, 1);
  assert.deepEqual(report.connectionCount, 60);
  assert.deepEqual(report.mergedCount, 60);
  assert.match(
    report.notLookedAt.join("; "),
    /60 connections seen by two sensors: counted once/,
  );
  const [beaconOfBoth] = report.findings;
  assert.deepEqual([beaconOfBoth.count, beaconOfBoth.sensor], [60, "core"]);
});

Deno.test("a sensor that is given stands for all records that name none", async () => {
  const { report } = await runOver({
    "north/conn.log": beacon("CN"),
    "south/conn.log": beacon("CS", 21.5, 50_000),
  }, { sensor: "hq" });
  assert.deepEqual(report.sensors, ["hq"]);
  assert.deepEqual(report.hostCount, 1);
  assert.equal(report.findings[0].count, 120);
  const { report: none } = await runOver({
    "north/conn.log": beacon("CN"),
    "south/conn.log": beacon("CS", 21.5, 50_000),
  }, { sensor: "" });
  assert.deepEqual(none.sensors, []);
  assert.deepEqual(none.hostCount, 1);
});

const dhcp = (mac: string, name: string) =>
  JSON.stringify({
    _path: "dhcp",
    ts: 1.7e9 - 5,
    mac,
    assigned_addr: "10.0.0.5",
    host_name: name,
    lease_time: 86_400,
  }) + "\n";

Deno.test("findings bear the names that the dhcp logs of their site tell", async () => {
  const { report } = await runOver({
    "north/conn.log": beacon("CN"),
    "north/dhcp.log": dhcp("02:00:00:00:00:0a", "ann"),
    "south/conn.log": beacon("CS", 21.5, 50_000),
    "south/dhcp.log": dhcp("02:00:00:00:00:0b", "bob"),
  });
  const names = report.findings.map(({ sensor, srcHost }) =>
    [sensor, srcHost?.name, srcHost?.source, srcHost?.mac].join(" ")
  );
  assert.deepEqual([...new Set(names)].sort(), [
    "north ann dhcp 02:00:00:00:00:0a",
    "south bob dhcp 02:00:00:00:00:0b",
  ]);
});
