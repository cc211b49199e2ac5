import assert from "node:assert/strict";
import {
  defaultStore,
  parseDuration,
  parseNetworks,
  parseTime,
} from "../pipeline/config.ts";

Deno.test("defaultStore is what the environment names, else the user's data folder", () => {
  const HOME = "/home/ann";
  assert.equal(
    defaultStore(
      { SKERRY_STORE: "case.db", HOME, XDG_DATA_HOME: "/x" },
      "linux",
    ),
    "case.db",
  );
  assert.equal(
    defaultStore({ HOME, XDG_DATA_HOME: "/x" }, "linux"),
    "/x/skerry/skerry.db",
  );
  assert.equal(
    defaultStore({ HOME }, "linux"),
    "/home/ann/.local/share/skerry/skerry.db",
  );
  assert.equal(
    defaultStore({ HOME, XDG_DATA_HOME: "/x" }, "darwin"),
    "/home/ann/Library/Application Support/Skerry/skerry.db",
  );
  assert.equal(
    defaultStore({ LOCALAPPDATA: "C:\\Data" }, "windows"),
    "C:\\Data\\Skerry\\skerry.db",
  );
  assert.equal(defaultStore({}, "linux"), "skerry.db");
  assert.equal(defaultStore({ SKERRY_STORE: "" }, "linux"), "skerry.db");
});

Deno.test("parseDuration reads a number and a unit, and nothing else", () => {
  assert.deepEqual(
    ["90s", "15m", "24h", "7d", "1.5h", "0s"].map(parseDuration),
    [90, 900, 86_400, 604_800, 5400, 0],
  );
  for (const text of ["", "h", "24", "-1h", "1w", "1 h", "1h30m", "1.h"]) {
    assert.throws(() => parseDuration(text), SyntaxError, text);
  }
});

Deno.test("parseTime reads ISO 8601, in UTC where no zone is named, and epoch seconds", () => {
  const noon = 1_713_528_000;
  const written: [text: string, ts: number][] = [
    ["2024-04-19", noon - 43_200],
    ["2024-04-19T12:00", noon],
    ["2024-04-19 12:00:00.5", noon + 0.5],
    ["2024-04-19T12:00:00Z", noon],
    ["2024-04-19T14:00+02:00", noon],
    ["2024-04-19T14:00+0200", noon],
    ["2024-02-29", 1_709_164_800],
    [String(noon), noon],
    ["293.775", 293.775],
    ["-5", -5],
    ["0", 0],
  ];
  for (const [text, ts] of written) assert.equal(parseTime(text), ts, text);
});

Deno.test("parseTime refuses days that do not exist and texts that are only nearly a time", () => {
  for (
    const text of [
      "",
      "2024-02-30",
      "2023-02-29",
      "2024-13-01",
      "2024-4-9",
      "2024-04-19T",
      "2024-04-19T25:00",
      "noon 12",
      "April 19 2024",
      "yesterday",
      "1e9",
    ]
  ) {
    assert.throws(() => parseTime(text), {
      name: "SyntaxError",
      message:
        /^Cannot read the time ".*": write it as 2024-04-19T12:00 \(UTC\)/,
    }, text);
  }
});

Deno.test("parseNetworks keeps the networks as they were written", () => {
  assert.deepEqual(parseNetworks("10.0.0.0/8, fd00::/8,192.0.2.1"), [
    "10.0.0.0/8",
    "fd00::/8",
    "192.0.2.1",
  ]);
  for (const text of ["", "10.0.0.0/8,", "10.0.0.0/8;fd00::/8"]) {
    assert.throws(() => parseNetworks(text), SyntaxError, text);
  }
});
