import assert from "node:assert/strict";
import { SkerryError } from "../pipeline/errors.ts";
import { safelistCsv } from "../pipeline/report/safelist_text.ts";
import { importSafelist, parseSafelist } from "../pipeline/safelist_file.ts";
import { openStore } from "../pipeline/store/mod.ts";

const AT = { path: "list.csv", now: 1_700_000_000 };

Deno.test("importSafelist reads back what safelistCsv and JSON write, each entry once", async () => {
  await using from = await openStore(":memory:");
  const given = [
    {
      kind: "name",
      value: "*.example.org",
      reason: '=1+1, "ours"\nand',
      author: "ann",
      expiresAt: null,
    },
    {
      kind: "organisation",
      value: "Example, Inc.",
      reason: "CDN",
      author: "",
      expiresAt: 4e9,
    },
    {
      kind: "source-name",
      value: "10.0.0.5 -> *.example.org",
      reason: "x",
      author: "",
      expiresAt: null,
    },
  ] as const;
  for (const entry of given) await from.addSafelistEntry(entry);
  const entries = await from.safelist();
  for (const text of [safelistCsv(entries), JSON.stringify(entries)]) {
    await using to = await openStore(":memory:");
    const options = { path: "x", author: "bob" };
    assert.deepEqual(await importSafelist(to, text, options), {
      added: 3,
      known: 0,
      skipped: [],
    });
    assert.equal((await importSafelist(to, text, options)).known, 3);
    const got = await to.safelist();
    assert.deepEqual(
      got.map(({ kind, value, reason, author, expiresAt }) => ({
        kind,
        value,
        reason,
        author,
        expiresAt,
      })),
      given.map((entry) => ({ ...entry, author: entry.author || "bob" })),
    );
  }
});

Deno.test("parseSafelist skips what it cannot read, with line, field and value", () => {
  const { entries, skipped } = parseSafelist(
    "reason,kind,value,expiresAt\nours,port,443/tcp,\nours,person,ann,\n" +
      "ours,port,http,\n,port,80,\nours,port,80,soon\nours,port,80,2020-01-01\n",
    AT,
  );
  assert.deepEqual(entries.map(({ value }) => value), ["443/tcp"]);
  assert.deepEqual(
    skipped.map(({ line, field, value }) => [line, field, value]),
    [
      [3, "kind", "person"],
      [4, "value", "http"],
      [5, "reason", ""],
      [6, "expiresAt", "soon"],
      [7, "expiresAt", "2020-01-01"],
    ],
  );
  assert.deepEqual(parseSafelist("[null, 1, {}]", AT).skipped.length, 3);
});

Deno.test("parseSafelist refuses what is no safelist", () => {
  const cases: [string, RegExp][] = [
    ["", /it is empty/],
    ["a,b\n1,2", /line 1 names no column kind/],
    ["[{", /Cannot read the safelist list\.csv: /],
    [
      "kind,value,reason\n" + "port,1,x\n".repeat(10_001),
      /10001 entries, at most 10000/,
    ],
  ];
  for (const [text, says] of cases) {
    assert.throws(
      () => parseSafelist(text, AT),
      (error) => error instanceof SkerryError && says.test(error.message),
    );
  }
});
