import assert from "node:assert/strict";
import { findLogs } from "../../pipeline/ingest/mod.ts";
import { read, withFile } from "./_logs.ts";

const NFDUMP = `ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out
2024-01-01 00:00:00.250,2024-01-01 00:00:02,1.750,192.0.2.1,198.51.100.7,49152,443,TCP,...AP.SF,0,0,6,600,5,5000,1,2
2024-01-01 00:00:01,2024-01-01 00:00:01,0.000,2001:db8::1,2001:db8::2,0,8.0,ICMP6,........,0,0,1,64,0,0,1,2
2024-01-01 00:00:02,2024-01-01 00:00:02,0.000,192.0.2.1,nowhere,1,2,UDP,........,0,0,1,64,0,0,1,2
Summary
flows,bytes,packets,avg_bps,avg_pps,avg_bpp
3,728,8,1,1,1
`;

Deno.test("readLog reads nfdump's CSV as conn records", async () => {
  const { rows, batches, report } = await withFile(
    NFDUMP,
    (path) => read(path),
    "flows.csv",
  );
  assert.equal(batches[0].schema.path, "conn");
  assert.deepEqual(rows, [
    {
      ts: 1704067200.25,
      "id.orig_h": "192.0.2.1",
      "id.orig_p": 49152,
      "id.resp_h": "198.51.100.7",
      "id.resp_p": 443,
      proto: "tcp",
      duration: 1.75,
      orig_ip_bytes: 600,
      resp_ip_bytes: 5000,
      orig_pkts: 6,
      resp_pkts: 5,
    },
    {
      ts: 1704067201,
      "id.orig_h": "2001:db8::1",
      "id.orig_p": 0,
      "id.resp_h": "2001:db8::2",
      "id.resp_p": 8,
      proto: "icmp6",
      duration: 0,
      orig_ip_bytes: 64,
      resp_ip_bytes: 0,
      orig_pkts: 1,
      resp_pkts: 0,
    },
  ]);
  const [stream] = report.streams;
  assert.equal(stream.format, "flow-csv");
  assert.deepEqual(stream.errors, [{
    line: 4,
    field: "id.resp_h",
    value: "nowhere",
    reason: "is not an IP address",
  }]);
  assert.equal(report.lines, 3);
});

Deno.test("readLog reads Argus' flows, as CTU-13 has them, as conn records", async () => {
  const text =
    "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label\n" +
    "2011/08/10 09:46:59.607825,1.026539,tcp,94.44.127.113,1577,   ->,147.32.84.59,6881,S_RA,0,0,4,276,156,flow=Background\n" +
    "2011/08/10 09:47:00,0,icmp,192.0.2.1,0x0303,   ->,192.0.2.2,,URP,0,,1,78,78,flow=From-Botnet\n";
  const { rows } = await withFile(text, (path) => read(path), "a.binetflow");
  assert.deepEqual(rows[0], {
    ts: 1312969619.607825,
    "id.orig_h": "94.44.127.113",
    "id.orig_p": 1577,
    "id.resp_h": "147.32.84.59",
    "id.resp_p": 6881,
    proto: "tcp",
    duration: 1.026539,
    orig_ip_bytes: 156,
    label: "flow=Background",
  });
  assert.deepEqual(
    [rows[1]["id.orig_p"], rows[1]["id.resp_p"]],
    [771, 0],
  );
});

Deno.test("readLog continues a table of flows by its first line", async () => {
  const offset = NFDUMP.indexOf("2024-01-01 00:00:01");
  const { rows } = await withFile(
    NFDUMP,
    (path) => read(path, { start: { offset, line: 3 } }),
  );
  assert.deepEqual(rows.map(({ ts }) => ts), [1704067201]);
});

Deno.test("findLogs takes no other table for one of flows", async () => {
  const found = await withFile("name,ts\na,1\n", (path) => findLogs(path));
  assert.equal(found.logs.length, 0);
});
