import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SkerryError } from "../../pipeline/errors.ts";
import {
  type Organisations,
  readOrganisations,
} from "../../pipeline/hosts/mod.ts";
import { Mmdb } from "../../pipeline/hosts/mmdb.ts";
import { bitsOf, mmdbOf } from "./_mmdb.ts";

async function reading(
  content: string | Uint8Array,
  use: (organisations: Organisations, path: string) => void = () => {},
): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    use(await readOrganisations(path), path);
  } finally {
    await Deno.remove(path);
  }
}

const EXAMPLE = { asn: 64_500, name: "Example, Inc." };

const FORMS = {
  "ip2asn's TSV": "192.0.2.0\t192.0.2.255\t64500\tDE\tExample, Inc.\n" +
    "198.51.100.0\t198.51.100.255\t0\tNone\tNot routed\n" +
    "2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t64501\tFR\tSix\n",
  "GeoLite2's CSV":
    "network,autonomous_system_number,autonomous_system_organization\n" +
    '192.0.2.0/24,64500,"Example, Inc."\n2001:db8::/32,64501,Six\n',
  "first, last, number and organisation":
    '192.0.2.0,192.0.2.255,64500,"Example, Inc."\n' +
    "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,AS64501,Six\n",
};

for (const [form, text] of Object.entries(FORMS)) {
  Deno.test(`readOrganisations reads ${form}, plain and gzipped`, async () => {
    for (const content of [text, new Uint8Array(gzipSync(text))]) {
      await reading(content, (organisations) => {
        assert.deepEqual(organisations.of("192.0.2.0"), EXAMPLE);
        assert.deepEqual(organisations.of("192.0.2.255"), EXAMPLE);
        assert.equal(organisations.of("192.0.1.255"), null);
        assert.equal(organisations.of("192.0.3.0"), null);
        assert.equal(organisations.of("198.51.100.7"), null);
        assert.deepEqual(organisations.of("2001:db8:1::5"), {
          asn: 64_501,
          name: "Six",
        });
        assert.equal(organisations.of("2001:db9::"), null);
        assert.ok(Math.abs(organisations.builtAt - Date.now() / 1000) < 60);
        assert.equal(organisations.saysWhen, false);
      });
    }
  });
}

Deno.test("readOrganisations finds every range, whatever the order of the lines", async () => {
  const lines = Array.from(
    { length: 2000 },
    (_, i) => `10.${i >> 8}.${i & 255}.0/25,${i + 1},Net ${i}`,
  );
  const mixed = lines.toSorted((a, b) => a.at(-1)! < b.at(-1)! ? 1 : -1);
  assert.notDeepEqual(mixed, lines);
  for (const text of [lines, mixed]) {
    await reading(text.join("\n"), (organisations) => {
      for (let i = 0; i < 2000; i++) {
        const net = `10.${i >> 8}.${i & 255}`;
        for (const host of [0, 127]) {
          const { asn } = organisations.of(`${net}.${host}`)!;
          assert.equal(asn, i + 1, net);
        }
        assert.equal(organisations.of(`${net}.128`), null);
      }
    });
  }
});

Deno.test("readOrganisations says which line it cannot read, and what it takes", async () => {
  for (
    const [line, why] of [
      ["192.0.2.0/33,1,x", /:2: "192\.0\.2\.0\/33,1,x": .*prefix/],
      ["192.0.2.0,nowhere,1,x", /:2: .*no two addresses/],
      ["192.0.2.0,2001:db8::,1,x", /:2: .*IPv4, the other IPv6/],
      ["hello", /:2: "hello"/],
    ] as const
  ) {
    await assert.rejects(reading(`network,number,name\n${line}\n`), (error) => {
      assert.ok(error instanceof SkerryError);
      assert.match(error.message, why);
      assert.match(error.hint!, /mmdb/);
      return true;
    });
  }
  await assert.rejects(readOrganisations("/no/such.mmdb"), /no such file/);
});

Deno.test("readOrganisations reads an mmdb and knows its age", () =>
  reading(
    mmdbOf({
      [bitsOf("192.0.2.0/24")]: {
        autonomous_system_number: 64_500,
        autonomous_system_organization: "Example, Inc.",
      },
    }, { buildEpoch: 1_700_000_123 }),
    (organisations) => {
      assert.deepEqual(organisations.of("192.0.2.9"), EXAMPLE);
      assert.equal(organisations.of("192.0.3.9"), null);
      assert.equal(organisations.of("2001:db8::1"), null);
      assert.deepEqual(
        [organisations.builtAt, organisations.saysWhen],
        [1_700_000_123, true],
      );
    },
  ));

Deno.test("Mmdb follows records of 24, 28 and 32 bits, IPv4 alone and within IPv6", () => {
  const long = "x".repeat(400);
  for (const recordSize of [24, 28, 32]) {
    for (const ipVersion of [4, 6]) {
      const inIpv6 = ipVersion === 6;
      const mmdb = new Mmdb(mmdbOf({
        [bitsOf("10.0.0.0/8", inIpv6)]: { a: [1, true, "two"], b: 2 ** 40 },
        [bitsOf("192.0.2.128/25", inIpv6)]: long,
        [bitsOf("192.0.2.64/32", inIpv6)]: 7,
      }, { recordSize, ipVersion }));
      assert.deepEqual(
        structuredClone(mmdb.get("10.255.0.1")),
        { a: [1, true, "two"], b: 2 ** 40 },
      );
      assert.equal(mmdb.get("192.0.2.200"), long);
      assert.equal(mmdb.get("192.0.2.64"), 7);
      assert.equal(mmdb.get("192.0.2.65"), null);
      assert.equal(mmdb.get("11.0.0.0"), null);
      assert.equal(mmdb.get("no address"), null);
    }
  }
});

Deno.test("Mmdb refuses a damaged file with a sentence, and never hangs", () => {
  const good = mmdbOf({ [bitsOf("10.0.0.0/8")]: { a: "text", b: [1, 2, 3] } });
  let refused = 0;
  for (let at = 0; at < good.length; at++) {
    for (const byte of [0, 0x20, 0x7f, 0xff]) {
      const bad = good.slice();
      bad[at] = byte;
      try {
        new Mmdb(bad).get("10.1.2.3");
      } catch (error) {
        assert.ok(error instanceof SyntaxError, `${at} ${byte}: ${error}`);
        refused++;
      }
    }
  }
  assert.ok(refused > 50, String(refused));
});
