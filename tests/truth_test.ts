import assert from "node:assert/strict";
import { isJudged, parseTruth, roleOf, tells } from "../pipeline/truth.ts";

const HEADER = "log\tsrc\tdst\tport\tproto\tname\tlabel\tconfidence\n";
const one = (cells: string) => parseTruth(HEADER + cells, "TRUTH.tsv")[0];
const subject = {
  src: "10.0.0.1",
  dst: "192.0.2.1",
  port: 443,
  proto: "tcp",
  name: null,
};

Deno.test("parseTruth reads rows by column name, skips blank lines and keeps no others' columns", () => {
  const rows = parseTruth(
    "note\tconfidence\tlabel\tname\tproto\tport\tdst\tsrc\r\n" +
      "x\tlabelled\tc2-a\t-\ttcp\t443\t192.0.2.1\t10.0.0.1\r\n\r\n# remark\n",
    "t",
  );
  assert.deepEqual(rows, [{
    log: "conn",
    src: "10.0.0.1",
    dst: "192.0.2.1",
    port: "443",
    proto: "tcp",
    name: "-",
    label: "c2-a",
    confidence: "labelled",
  }]);
});

Deno.test("parseTruth names the line and column that it cannot read", () => {
  assert.throws(
    () => parseTruth("src\tdst\n", "a.tsv"),
    /a\.tsv: its first line lacks port, proto, name, label, confidence/,
  );
  assert.throws(
    () => one("conn\t10.0.0.1\t\t443\ttcp\t-\tc2\tlabelled"),
    /TRUTH\.tsv:2: dst is empty/,
  );
  assert.throws(
    () => one("conn\ta\tb\t443\ttcp\t-\tc2\tsure"),
    /confidence must be one of labelled, documented, inferred, got "sure"/,
  );
});

Deno.test("roleOf passes over scans, floods and mixtures, and tells benign from the rest", () => {
  const role = (label: string) =>
    roleOf(one(`conn\ta\tb\t1\ttcp\t-\t${label}\tinferred`));
  for (const label of ["scan-x", "dos", "bruteforce-ssh", "exfil-webdav"]) {
    assert.equal(role(label), "neutral");
  }
  assert.equal(role("beacon+benign-mixed"), "neutral");
  assert.equal(role("benign-ntp"), "benign");
  assert.equal(role("background-netbios"), "benign");
  assert.equal(role("longconn-ssh"), "positive");
  assert.equal(isJudged(one("conn\ta\tb\t1\ttcp\t-\tx\tinferred")), false);
});

Deno.test("tells matches by address, by name and the names under it, * being any", () => {
  const byAddress = one("conn\t10.0.0.1\t192.0.2.1\t443\ttcp\t-\tx\tlabelled");
  assert.ok(tells(byAddress, subject));
  assert.ok(tells(byAddress, { ...subject, name: "a.example" }));
  assert.ok(!tells(byAddress, { ...subject, port: 80 }));
  assert.ok(tells(byAddress, { ...subject, port: null, proto: null }));
  const byName = one("ssl\t10.0.0.1\t*\t443\ttcp\tb.example\tx\tlabelled");
  assert.ok(tells(byName, { ...subject, name: "a.b.example" }));
  assert.ok(!tells(byName, { ...subject, name: "ab.example" }));
  const any = one("conn\t*\t*\t*\t*\t-\tx\tlabelled");
  assert.ok(tells(any, subject));
});
