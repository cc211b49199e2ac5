import assert from "node:assert/strict";
import {
  addressBytes,
  addressIn,
  addressNumber,
  addressText,
  contains,
  parseNetwork,
} from "../pipeline/address.ts";
import { RandomState } from "../pipeline/models/mod.ts";

Deno.test("addressText writes what addressBytes read, IPv6 as RFC 5952 has it", () => {
  const written: [given: string, text: string][] = [
    ["10.0.0.1", "10.0.0.1"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["::1", "::1"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["fe80::1%eth0", "fe80::1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ];
  for (const [given, text] of written) {
    assert.equal(addressText(addressBytes(given)!), text, given);
  }
});

Deno.test("addressBytes and addressText are opposites on random addresses", () => {
  const random = new RandomState(3);
  for (let trial = 0; trial < 500; trial++) {
    const bytes = Uint8Array.from(
      { length: 16 },
      () => random.random() < 0.5 ? 0 : random.randint(256),
    );
    assert.deepEqual(addressBytes(addressText(bytes)), bytes);
  }
});

Deno.test("addressBytes refuses what is no address", () => {
  for (
    const text of [
      "",
      "-",
      "example.com",
      "10.0.0",
      "10.0.0.256",
      "10.0.0.1.2",
      "10.0.0.-1",
      ":::",
      "1::2::3",
      "12345::",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7:8::",
      "1.2.3.4::",
      "::1.2.3.4:5",
      "::g",
    ]
  ) assert.equal(addressBytes(text), null, text);
});

Deno.test("addressNumber is the 32 bits of IPv4 and the upper 32 of IPv6", () => {
  assert.equal(addressNumber("0.0.0.0"), 0);
  assert.equal(addressNumber("255.255.255.255"), 2 ** 32 - 1);
  assert.equal(addressNumber("10.0.0.1"), 10 * 2 ** 24 + 1);
  assert.equal(addressNumber("2001:db8::1"), 0x20010db8);
  assert.ok(Number.isNaN(addressNumber("example.com")));
});

Deno.test("contains tells both sides of a prefix that ends within a byte", () => {
  const inside = (network: string, address: string) =>
    contains(parseNetwork(network), addressBytes(address)!);
  assert.ok(inside("172.16.0.0/12", "172.31.255.255"));
  assert.ok(!inside("172.16.0.0/12", "172.32.0.0"));
  assert.ok(!inside("172.16.0.0/12", "172.15.255.255"));
  assert.ok(inside("fc00::/7", "fdff::1") && !inside("fc00::/7", "fe00::1"));
  assert.ok(inside("192.0.2.1", "192.0.2.1"));
  assert.ok(!inside("192.0.2.1", "192.0.2.2"));
  assert.ok(inside("0.0.0.0/0", "203.0.113.1"));
  assert.ok(!inside("0.0.0.0/0", "2001:db8::1"));
  assert.ok(inside("::/0", "203.0.113.1"));
});

Deno.test("parseNetwork names the part of a network that it cannot read", () => {
  for (const text of ["", "10.0/8", "office", "1.2.3.4::/8"]) {
    assert.throws(() => parseNetwork(text), {
      name: "SyntaxError",
      message: /is no address$/,
    });
  }
  for (
    const length of ["", "33", "-1", "8.5", "0x8", "1e1", " 8", "8/9", "a"]
  ) {
    assert.throws(() => parseNetwork(`10.0.0.0/${length}`), {
      name: "SyntaxError",
      message:
        `Cannot read network 10.0.0.0/${length}: the prefix must be an integer in [0, 32], got ${length}`,
    });
  }
  assert.throws(() => parseNetwork("fe80::/129"), /in \[0, 128\], got 129/);
  assert.equal(parseNetwork(" 10.0.0.0/8 ").text, "10.0.0.0/8");
});

Deno.test("addressIn answers as contains does, for any text", () => {
  const networks = [
    "10.0.0.0/8",
    "10.1.2.3",
    "0.0.0.0/0",
    "192.168.128.0/17",
    "255.255.255.255",
    "::/0",
    "2001:db8::/32",
  ].map(parseNetwork);
  const random = new RandomState(5);
  const texts = [
    ...["10.1.2.3", "010.1.2.3", "10.1.2", "10.1.2.3.4", "10.1.2.256", ""],
    ...["10..2.3", "10.1.2.", ".10.1.2.3", "0.0.0.0", "255.255.255.255"],
    ...["::ffff:10.1.2.3", "2001:db8::1", "::", "fe80::1%eth0", "a name", "x:"],
    ...["10.1.2.3 ", "1000.1.2.3", "-1.2.3.4"],
    ...Array.from(
      { length: 500 },
      () =>
        Array.from({ length: 4 }, () => Math.floor(random.random() * 256))
          .join("."),
    ),
  ];
  for (const network of networks) {
    const isIn = addressIn(network);
    for (const text of texts) {
      const bytes = addressBytes(text);
      const wanted = bytes !== null && contains(network, bytes);
      assert.equal(isIn(text), wanted, `${text} in ${network.text}`);
    }
  }
});
