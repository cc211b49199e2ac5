import assert from "node:assert/strict";
import {
  joinDevices,
  type JoinedDevice,
} from "../../pipeline/features/devices.ts";
import { Flows } from "../../pipeline/features/flows.ts";
import { pairsOf } from "../../pipeline/features/pair.ts";
import { InternalHosts } from "../../pipeline/features/networks.ts";
import { joinTaps } from "../../pipeline/features/taps.ts";
import { macOfEui64 } from "../../pipeline/hosts/devices.ts";
import { HostNames, parseHosts } from "../../pipeline/hosts/mod.ts";
import {
  BatchBuilder,
  isNumeric,
  type RecordBatch,
} from "../../pipeline/record_batch.ts";
import { connRow, type Row } from "../_batches.ts";

const B = "198.51.100.7",
  MAC = "02:00:00:00:00:0a",
  OTHER = "02:00:00:00:00:0b";
const HOUR = 3600;

/** A batch of any log: numbers where the values are. */
function logOf(path: string, rows: readonly Row[]): RecordBatch {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const fields = names.map((name) => ({
    name,
    type: rows.some((row) => typeof row[name] === "number")
      ? "double"
      : "string",
  }));
  const builder = new BatchBuilder({ path, fields });
  for (const row of rows) {
    fields.forEach(({ name, type }, f) => {
      const value = row[name];
      if (value === undefined) return;
      if (isNumeric(type)) builder.setNumber(f, Number(value));
      else builder.setText(f, String(value));
    });
    builder.endRow();
  }
  return builder.finish();
}

const lease = (
  ts: number,
  assigned_addr: string,
  mac: string,
  more: Row = {},
) => ({
  ts,
  assigned_addr,
  mac,
  lease_time: HOUR,
  ...more,
});

function namesOf(...batches: RecordBatch[]): HostNames {
  const names = new HostNames();
  for (const batch of batches) names.add(batch);
  return names.finish(() => 0);
}

const seenAt = (from: number, to = from) => ({ from, to, site: 0 });

Deno.test("HostNames follows leases from device to device", () => {
  const names = namesOf(logOf("dhcp", [
    lease(1000, "10.0.0.9", MAC, { host_name: "ann" }),
    lease(1000 + HOUR / 2, "10.0.0.9", MAC, { host_name: "ann" }),
    lease(9000, "10.0.0.9", OTHER, { client_fqdn: "bob.example" }),
  ]));
  const { name, source, mac } = names.infoOf("10.0.0.9", seenAt(1500))!;
  assert.deepEqual([name, source, mac], ["ann", "dhcp", MAC]);
  assert.equal(names.infoOf("10.0.0.9", seenAt(9500))?.name, "bob.example");
  // Renewed halfway, so it lasts an hour from there.
  assert.equal(names.infoOf("10.0.0.9", seenAt(1000 + 1.4 * HOUR))?.mac, MAC);
  assert.equal(names.infoOf("10.0.0.9", seenAt(8500))?.mac, undefined);
  assert.equal(names.infoOf("10.0.0.10", seenAt(1500)), null);
});

Deno.test("HostNames knows old DHCP logs by assigned_ip, and texts for numbers", () => {
  const names = namesOf(logOf("dhcp", [{
    ts: 1000,
    assigned_ip: "10.0.0.9",
    mac: MAC.toUpperCase(),
    lease_time: "7200.0",
    host_name: "ann",
  }]));
  assert.deepEqual(names.stretchesOf("10.0.0.9", 0), [
    { mac: MAC, from: 1000, to: 8200 },
  ]);
});

Deno.test("HostNames takes machine accounts of Kerberos and both ends of NTLM", () => {
  const ends = { "id.orig_h": "10.0.0.1", "id.resp_h": "10.0.0.2" };
  const names = namesOf(
    logOf("kerberos", [
      { ts: 10, ...ends, client: "ann/CORP" },
      { ts: 20, ...ends, client: "PC7$/CORP" },
    ]),
    logOf("ntlm", [
      { ts: 30, ...ends, hostname: "OLD", server_nb_computer_name: "FILES" },
      { ts: 99, ...ends, hostname: "NEW", server_dns_computer_name: "f.corp" },
    ]),
  );
  const source = names.infoOf("10.0.0.1", seenAt(95));
  assert.deepEqual([source?.name, source?.source], ["PC7", "kerberos"]);
  assert.equal(names.infoOf("10.0.0.2", seenAt(31))?.name, "FILES");
  assert.equal(names.infoOf("10.0.0.2", seenAt(95))?.name, "f.corp");
});

Deno.test("HostNames puts the hosts file first, and adds what the logs know", () => {
  const names = new HostNames(
    parseHosts("address,name,owner\n10.0.0.9,desk,\n10.0.0.8,,Ann\n", "h"),
  );
  names.add(logOf("dhcp", [
    lease(1000, "10.0.0.9", MAC, { host_name: "dhcp-9" }),
    lease(1000, "10.0.0.8", OTHER, { host_name: "dhcp-8" }),
  ]));
  names.finish(() => 0);
  assert.deepEqual(names.infoOf("10.0.0.9", seenAt(1500)), {
    name: "desk",
    source: "hosts file",
    mac: MAC,
  });
  const owned = names.infoOf("10.0.0.8", seenAt(1500));
  assert.deepEqual([owned?.name, owned?.source, owned?.owner], [
    "dhcp-8",
    "dhcp",
    "Ann",
  ]);
});

Deno.test("HostNames only suggests addresses that share no more than a name", () => {
  const end = (address: string) => ({ "id.orig_h": address, hostname: "PC7" });
  const names = namesOf(logOf("ntlm", [
    { ts: 10, ...end("10.0.0.1") },
    { ts: 20, ...end("fd00::1:2:3:4") },
  ]));
  assert.deepEqual(names.infoOf("10.0.0.1", seenAt(10))?.maybe, [
    "fd00::1:2:3:4",
  ]);
  assert.deepEqual(names.stretchesOf("10.0.0.1", 0), []);
});

Deno.test("HostNames keeps the same address at two sites apart", () => {
  const names = new HostNames();
  names.add(
    logOf(
      "dhcp",
      ["north", "south"].map((site, i) =>
        lease(1000, "10.0.0.9", i === 0 ? MAC : OTHER, {
          host_name: `pc-${site}`,
          _system_name: site,
        })
      ),
    ),
  );
  names.finish((sensor) => sensor === "north" ? 1 : 2);
  const at = (site: number) =>
    names.infoOf("10.0.0.9", { from: 1500, to: 1500, site })?.name;
  assert.deepEqual([at(1), at(2)], ["pc-north", "pc-south"]);
});

Deno.test("macOfEui64 reads the MAC in an interface identifier", () => {
  assert.equal(macOfEui64("fe80::211:22ff:fe33:4455"), "00:11:22:33:44:55");
  assert.equal(macOfEui64("2001:db8::1"), null);
  assert.equal(macOfEui64("10.0.0.1"), null);
});

/** Connections once a minute, each with the MAC that the frame had. */
function conns(
  address: string,
  n: number,
  { from = 1.7e9, mac }: { from?: number; mac?: string } = {},
): Row[] {
  return Array.from(
    { length: n },
    (_, i) =>
      connRow(from + 60 * i, address, B, mac ? { orig_l2_addr: mac } : {}),
  );
}

function joined(rows: Row[], ...logs: RecordBatch[]) {
  const conn = logOf("conn", rows);
  const flows = new Flows();
  flows.add(conn);
  flows.finish();
  const names = namesOf(conn, ...logs);
  const { sites } = joinTaps(flows);
  const devices = joinDevices(
    flows,
    sites,
    (address, site) => names.stretchesOf(address, site),
  );
  const pairs = pairsOf(flows, InternalHosts.find(flows));
  return {
    devices,
    pairs: pairs.map(({ subject, flows }) => [subject.src, flows.length])
      .sort(),
  };
}

const shown = ({ address, others, mac }: JoinedDevice) => [
  address,
  others,
  mac,
];

Deno.test("joinDevices makes the leases of one MAC one host", () => {
  const { devices, pairs } = joined(
    [
      ...conns("10.0.0.9", 20),
      ...conns("10.0.0.12", 30, { from: 1.7e9 + 2 * HOUR }),
      ...conns("10.0.0.13", 5),
    ],
    logOf("dhcp", [
      lease(1.7e9 - 1, "10.0.0.9", MAC),
      lease(1.7e9 + 2 * HOUR - 1, "10.0.0.12", MAC),
    ]),
  );
  assert.deepEqual(devices.map(shown), [["10.0.0.12", ["10.0.0.9"], MAC]]);
  assert.deepEqual(pairs, [["10.0.0.12", 50], ["10.0.0.13", 5]]);
});

Deno.test("joinDevices follows a host through its IPv6 privacy addresses", () => {
  const addresses = ["2001:db8::a1", "2001:db8::b2", "2001:db8::c3"];
  const rows = addresses.flatMap((address, day) =>
    conns(address, 20, { from: 1.7e9 + 86_400 * day, mac: MAC })
  );
  const { pairs } = joined([...rows, ...conns("10.0.0.9", 90, { mac: MAC })]);
  assert.deepEqual(pairs, [["10.0.0.9", 150]]);
});

Deno.test("joinDevices joins nothing behind a router's MAC", () => {
  const rows = ["10.0.0.1", "10.0.0.2"].flatMap((address) =>
    conns(address, 20, { mac: MAC })
  );
  const { devices, pairs } = joined(rows);
  assert.deepEqual(devices, []);
  assert.deepEqual(pairs, [["10.0.0.1", 20], ["10.0.0.2", 20]]);
});

Deno.test("joinDevices tells the flows of two devices that had one address in turn", () => {
  const later = 1.7e9 + 4 * HOUR;
  const { pairs } = joined(
    [
      ...conns("10.0.0.9", 20),
      ...conns("10.0.0.5", 8, { from: later }),
      ...conns("10.0.0.9", 10, { from: later }),
      ...conns("10.0.0.6", 9),
    ],
    logOf("dhcp", [
      lease(1.7e9 - 1, "10.0.0.9", MAC),
      lease(later - 1, "10.0.0.5", MAC),
      lease(later - 1, "10.0.0.9", OTHER),
      lease(1.7e9 - 1, "10.0.0.6", OTHER),
    ]),
  );
  assert.deepEqual(pairs, [["10.0.0.5", 28], ["10.0.0.6", 19]]);
});
