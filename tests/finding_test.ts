import assert from "node:assert/strict";
import {
  compareFindings,
  findingId,
  SEVERITIES,
  severityOf,
} from "../pipeline/finding.ts";
import { finding } from "./report/_findings.ts";

Deno.test("severityOf changes at RITA's bands", () => {
  const bands: [score: number, severity: string][] = [
    [1, "critical"],
    [0.8000001, "critical"],
    [0.8, "high"],
    [0.6, "high"],
    [0.5999999, "medium"],
    [0.4, "medium"],
    [0.3999999, "low"],
    [0.2, "low"],
    [0.1999999, "none"],
    [0, "none"],
  ];
  for (const [score, severity] of bands) {
    assert.equal(severityOf(score), severity, String(score));
  }
  assert.deepEqual(new Set(bands.map(([, s]) => s)), new Set(SEVERITIES));
});

Deno.test("findingId is 16 hex digits that no later version may change", () => {
  const id = findingId("beacon", finding({ name: null, nameSource: null }));
  assert.match(id, /^[0-9a-f]{16}$/);
  assert.equal(
    findingId("beacon", {
      src: "10.0.0.1",
      dst: "192.0.2.1",
      port: 443,
      proto: "tcp",
      name: null,
      nameSource: null,
      sensor: null,
    }),
    "889de393d90f0716",
  );
});

Deno.test("findingId keeps neighbouring parts apart", () => {
  const id = (src: string, name: string) =>
    findingId("beacon", finding({ src, name }));
  assert.notEqual(id("10.0.0.1", "1a.example"), id("10.0.0.11", "a.example"));
  const port = (value: number | null) =>
    findingId("beacon", finding({ port: value }));
  assert.notEqual(port(null), port(0));
});

Deno.test("compareFindings is one order, whatever the order before", () => {
  const list = [
    finding({ score: 0.9, src: "10.0.0.2" }),
    finding({ score: 0.9, detector: "long-connection", src: "10.0.0.1" }),
    finding({ score: 0.9, src: "10.0.0.1" }),
    finding({ score: 0.2, src: "10.0.0.0" }),
    finding({ score: 0.95, src: "10.0.0.9" }),
    finding({ score: 0.9, src: "10.0.0.1", name: null, nameSource: null }),
  ];
  const sorted = list.toSorted(compareFindings);
  assert.deepEqual(list.toReversed().sort(compareFindings), sorted);
  assert.deepEqual(sorted.map(({ src, detector }) => [src, detector]), [
    ["10.0.0.9", "beacon"],
    ["10.0.0.1", "beacon"],
    ["10.0.0.1", "beacon"],
    ["10.0.0.2", "beacon"],
    ["10.0.0.1", "long-connection"],
    ["10.0.0.0", "beacon"],
  ]);
  for (const a of list) assert.equal(compareFindings(a, a), 0);
});
