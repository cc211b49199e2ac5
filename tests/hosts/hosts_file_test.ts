import assert from "node:assert/strict";
import { SkerryError } from "../../pipeline/errors.ts";
import { entryFor, parseHosts } from "../../pipeline/hosts/hosts_file.ts";

const TEXT = `\uFEFFaddress,from,to,name,owner,role
# what stands here is left out
10.0.0.0/8,,,,"Office, ""HQ""",
10.0.0.7,2024-01-01,2024-02-01,old-pc,,
10.0.0.7,2024-02-01,,new-pc,Ann,"lab
bench"
fd00::7,,,six,,
`;

const at = (address: string, day: string) => {
  const ts = Date.parse(`${day}T00:00Z`) / 1000;
  return entryFor(parseHosts(TEXT, "hosts.csv"), address, ts, ts + 60);
};

Deno.test("parseHosts reads addresses, networks, times and quoted cells", () => {
  assert.equal(at("10.0.0.7", "2024-01-15")?.name, "old-pc");
  assert.equal(at("10.0.0.7", "2024-02-15")?.name, "new-pc");
  assert.equal(at("10.0.0.7", "2024-02-15")?.role, "lab\nbench");
  assert.equal(at("10.9.9.9", "2024-02-15")?.owner, 'Office, "HQ"');
  assert.equal(at("10.0.0.7", "2023-02-15")?.owner, 'Office, "HQ"');
  assert.equal(at("fd00:0::7", "2024-02-15")?.name, "six");
  assert.equal(at("192.0.2.1", "2024-02-15"), null);
  assert.equal(at("no address", "2024-02-15"), null);
});

Deno.test("entryFor takes the later of two lines about one address", () => {
  const hosts = parseHosts("address,name\n10.0.0.1,a\n10.0.0.1,b\n", "h");
  assert.equal(entryFor(hosts, "10.0.0.1", 0, 1)?.name, "b");
});

Deno.test("parseHosts says file, line, column and value of what it cannot read", () => {
  for (
    const [text, why] of [
      ["name\nx\n", /hosts\.csv: its first line names no column address/],
      ["", /names no column address/],
      ["address,colour\n", /there is no column "colour"/],
      [
        "address,name\n10.0.0.1,a\n10.0.0,b\n",
        /hosts\.csv:3: address "10\.0\.0"/,
      ],
      [
        "address,name\n10.0.0.1/40,a\n",
        /:2: address "10\.0\.0\.1\/40".*prefix/,
      ],
      ["address,from,name\n10.0.0.1,noon,a\n", /:2: from "noon"/],
      [
        "address,from,to,name\n10.0.0.1,2024-02-01,2024-01-01,a\n",
        /:2: to "2024-01-01": it is not after from/,
      ],
      ["address,name\n10.0.0.1,\n", /:2: name "": nothing is said/],
      ["address,name\n10.0.0.1,a,b\n", /:2: "b": the header has fewer/],
    ] as const
  ) {
    assert.throws(() => parseHosts(text, "hosts.csv"), (error) => {
      assert.ok(error instanceof SkerryError);
      assert.match(error.message, why);
      return true;
    });
  }
});
