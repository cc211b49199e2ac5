import assert from "node:assert/strict";
import {
  hides,
  SAFELIST_KINDS,
  safelistValue,
  sharedSuffix,
} from "../pipeline/safelist.ts";
import type { SafelistKind } from "../pipeline/store/session_store.ts";
import { finding } from "./report/_findings.ts";

/** Kind, what is given, what is kept. */
const GOOD: readonly [SafelistKind, string, string][] = [
  ["address", " 192.0.2.7 ", "192.0.2.7"],
  ["address", "2001:DB8:0:0::1", "2001:db8::1"],
  ["address", "::ffff:10.0.0.1", "10.0.0.1"],
  ["network", "10.9.0.0/16", "10.9.0.0/16"],
  ["network", "fd00::/8", "fd00::/8"],
  ["name", "WWW.Example.org.", "www.example.org"],
  ["name", "*.example.org", "*.example.org"],
  ["pair", "10.0.0.5→192.0.2.7", "10.0.0.5 -> 192.0.2.7"],
  ["source-name", "10.0.0.5 -> *.Example.org", "10.0.0.5 -> *.example.org"],
  ["organisation", "Example Corp", "Example Corp"],
  [
    "ja3",
    "A0E9F5D64349FB13191BC781F81F42E1",
    "a0e9f5d64349fb13191bc781f81f42e1",
  ],
  [
    "ja4",
    "t13d1516h2_8daaf6152771_02713d6af862",
    "t13d1516h2_8daaf6152771_02713d6af862",
  ],
  ["port", "0123", "123"],
  ["port", "53/udp", "53/udp"],
];

Deno.test("safelistValue writes a value of every kind in one way, and stays with it", () => {
  for (const [kind, given, kept] of GOOD) {
    assert.equal(safelistValue(kind, given), kept);
    assert.equal(safelistValue(kind, kept), kept);
  }
  assert.deepEqual(
    [...new Set(GOOD.map(([kind]) => kind))].sort(),
    Object.keys(SAFELIST_KINDS).sort(),
  );
});

const BAD: readonly [SafelistKind, string, RegExp][] = [
  ["address", "10.0.0", /it is no address/],
  ["address", "", /it is no address/],
  ["network", "10.0.0/8", /write it as 10\.9\.0\.0\/16/],
  ["network", "10.0.0.0/33", /write it as/],
  ["network", "0.0.0.0/0", /it holds every address/],
  ["network", "::/0", /it holds every address/],
  ["name", "*", /it fits every name/],
  ["name", "*.*", /it fits every name/],
  ["name", "a b.example", /it must be a name/],
  ["name", "https://example.org/", /it must be a name/],
  ["pair", "10.0.0.5", /write it as '10\.0\.0\.5 -> 192\.0\.2\.7'/],
  ["pair", "10.0.0.5 -> example.org", /for a name: source-name/],
  ["pair", "a -> b -> c", /write it as/],
  ["source-name", "host -> example.org", /host is no address/],
  ["source-name", "10.0.0.5 -> *", /it fits every name/],
  ["organisation", " ", /1 to 200 characters/],
  ["organisation", "*", /it fits every organisation/],
  ["ja3", "a0e9", /32 hexadecimal digits/],
  ["ja4", "t13d1516h2", /must look like/],
  ["port", "65536", /\[0, 65535\]/],
  ["port", "http", /\[0, 65535\]/],
];

Deno.test("safelistValue refuses what is no value of its kind, or would fit everything", () => {
  for (const [kind, given, says] of BAD) {
    assert.throws(
      () => safelistValue(kind, given),
      (error) =>
        error instanceof SyntaxError && says.test(error.message) &&
        error.message.startsWith(
          `Cannot safelist the ${kind} ${JSON.stringify(given)}: `,
        ),
    );
  }
});

Deno.test("hides compares each kind with what a finding says", () => {
  const beacon = finding(); // 10.20.0.17 → 203.0.113.77 port 443/tcp
  const cases: readonly [SafelistKind, string, boolean | null][] = [
    ["address", "10.20.0.17", true],
    ["address", "203.0.113.77", true],
    ["address", "203.0.113.78", false],
    ["network", "10.20.0.0/24", true],
    ["network", "203.0.113.0/24", true],
    ["network", "10.21.0.0/16", false],
    ["name", "cdn.lanternfish.example", true],
    ["name", "*.lanternfish.example", true],
    ["name", "lanternfish.example", false],
    ["name", "cdn.*.ex*le", true],
    ["name", "*x*", true],
    ["name", "cdn.lanternfish.example*", true],
    ["name", "cdn.lanternfish.*.example", false],
    ["pair", "10.20.0.17 -> 203.0.113.77", true],
    ["pair", "203.0.113.77 -> 10.20.0.17", false],
    ["source-name", "10.20.0.17 -> *.lanternfish.example", true],
    ["source-name", "10.20.0.18 -> *.lanternfish.example", false],
    ["port", "443", true],
    ["port", "443/tcp", true],
    ["port", "443/udp", false],
    ["organisation", "Example Corp", null],
    ["ja3", "a0e9f5d64349fb13191bc781f81f42e1", null],
  ];
  for (const [kind, value, expected] of cases) {
    assert.equal(hides(kind, value, beacon), expected, `${kind} ${value}`);
  }
  const owned = finding({
    organisation: { asn: 64_500, name: "Example, Inc." },
  });
  assert.equal(hides("organisation", "example, inc.", owned), true);
  assert.equal(hides("organisation", "Example*", owned), true);
  assert.equal(hides("organisation", "AS64500", owned), true);
  assert.equal(hides("organisation", "AS645", owned), false);
  assert.equal(hides("organisation", "Example", owned), false);
  const unnamed = finding({ name: null, port: null });
  assert.equal(hides("name", "*.example", unnamed), false);
  assert.equal(hides("port", "443", unnamed), false);
});

Deno.test("hides does not let parts of a pattern overlap in a name", () => {
  const named = (name: string) => finding({ name });
  assert.equal(hides("name", "ab*ba", named("aba")), false);
  assert.equal(hides("name", "ab*ba", named("abba")), true);
  assert.equal(hides("name", "a*b*c", named("acb")), false);
});

Deno.test("sharedSuffix warns of patterns that take in other people's hosts", () => {
  const warned = (value: string) => sharedSuffix("name", value);
  assert.equal(warned("*.cloudfront.net"), "cloudfront.net");
  assert.equal(warned("*.azureedge.net"), "azureedge.net");
  assert.equal(warned("*.s3.amazonaws.com"), "amazonaws.com");
  assert.ok(warned("*.net"), "every name of cloudfront.net, too");
  assert.equal(warned("d111111abcdef8.cloudfront.net"), null);
  assert.equal(warned("*.example.org"), null);
  assert.equal(warned("*.notcloudfront.net"), null);
  assert.equal(
    sharedSuffix("source-name", "10.0.0.5 -> *.github.io"),
    "github.io",
  );
  assert.equal(sharedSuffix("network", "10.0.0.0/8"), null);
});
