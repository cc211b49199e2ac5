import assert from "node:assert/strict";
import {
  bytes,
  count,
  fewerThan,
  plural,
  seconds,
  share,
  time,
} from "../pipeline/wording.ts";

/** No-break spaces as plain ones, so that the lists below can be read. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

Deno.test("seconds are seconds below two hours, then hours, then days", () => {
  const written: [number, string][] = [
    [0, "0 s"],
    [0.0004, "0.4 ms"],
    [0.25, "250 ms"],
    [1, "1 s"],
    [2.55, "2.5 s"],
    [249.4, "249 s"],
    [7199, "7199 s"],
    [7200, "2 h"],
    [7199.7, "2 h"],
    [0.9999, "1 s"],
    [9000, "2.5 h"],
    [172_799, "48 h"],
    [172_800, "2 days"],
    [270_036, "3.1 days"],
    [-90, "-90 s"],
  ];
  for (const [value, text] of written) {
    assert.equal(plain(seconds(value)), text);
  }
});

Deno.test("bytes count in thousands with at most three digits", () => {
  const written: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [999_999, "1 MB"],
    [2719, "2.7 kB"],
    [123_456, "123 kB"],
    [1_700_000, "1.7 MB"],
    [5e9, "5 GB"],
    [2e12, "2 TB"],
  ];
  for (const [value, text] of written) assert.equal(plain(bytes(value)), text);
});

Deno.test("count groups digits from 1,000 with a space that does not break", () => {
  assert.equal(count(999), "999");
  assert.equal(count(1000), "1\u202f000");
  assert.equal(count(1_234_567.4), "1\u202f234\u202f567");
  assert.equal(plain(count(-1234)), "-1 234");
});

Deno.test("plural writes one as one and everything else as many", () => {
  assert.deepEqual(
    [plural(1, "file"), plural(0, "file"), plural(2, "pair has", "pairs have")],
    ["1 file", "0 files", "2 pairs have"],
  );
});

Deno.test("time is written in the zone, and as t = … where the clock starts at 0", () => {
  assert.equal(time(1_713_484_784), "2024-04-18 23:59:44");
  assert.equal(time(1_713_484_784, "Europe/Berlin"), "2024-04-19 01:59:44");
  assert.equal(plain(time(203)), "t = 203 s");
  assert.throws(() => time(1_713_484_784, "Nowhere/Land"), RangeError);
});

Deno.test("a share that is not nothing or everything is not written so", () => {
  const written: [number, string][] = [
    [0, "0 %"],
    [0.0001, "under 1 %"],
    [0.07, "7 %"],
    [0.996, "over 99 %"],
    [1, "100 %"],
  ];
  for (const [fraction, text] of written) assert.equal(share(fraction), text);
});

Deno.test("chance is written as a power of ten that holds, at most 10^15", () => {
  assert.equal(fewerThan(-6.9), "fewer than 1 in 10^6");
  assert.equal(fewerThan(-15), "fewer than 1 in 10^15");
  assert.equal(fewerThan(-624.3), "fewer than 1 in 10^15");
});
