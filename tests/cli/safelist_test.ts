import assert from "node:assert/strict";
import { demo, json, skerry, withFolder } from "../_skerry.ts";

Deno.test("skerry safelist keeps entries, and says what they hide of the last run", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, ...store);
    const add = (...args: string[]) =>
      skerry("safelist", "add", ...args, "--by", "ann", ...store);
    const name = await add("name", "*.lanternfish.example", "--reason", "ours");
    assert.equal(name.code, 0, name.stderr);
    assert.match(
      name.stdout,
      /hides 1 of the 18 findings of run 1, 1 of them high or critical/,
    );
    assert.equal(name.stderr, "");
    const shared = await add(
      "name",
      "*.cloudfront.net",
      "--reason",
      "a CDN",
      "--expires",
      "30d",
    );
    assert.match(
      shared.stderr,
      /anybody can have a name under cloudfront\.net/,
    );
    assert.match(shared.stdout, /hides 0 of the 17 findings/);
    const ja3 = await add("ja3", "a".repeat(32), "--reason", "our agent");
    assert.match(ja3.stdout, /hides 0 of the 17 findings/);

    const twice = await add("ja3", "a".repeat(32), "--reason", "again");
    assert.match(twice.stderr, /Entry 3 has this ja3 already; both stay\./);
    await skerry("safelist", "remove", "4", ...store);

    const entries = await json("safelist", ...store);
    assert.deepEqual(
      entries.map((
        { id, kind, value, author }: Record<string, unknown>,
      ) => [id, kind, value, author]),
      [
        [1, "name", "*.lanternfish.example", "ann"],
        [2, "name", "*.cloudfront.net", "ann"],
        [3, "ja3", "a".repeat(32), "ann"],
      ],
    );
    assert.equal(entries[0].expiresAt, null);
    const lasts = entries[1].expiresAt - entries[1].createdAt;
    assert.ok(Math.abs(lasts - 30 * 86_400) < 60);
    const listed = await skerry("safelist", "list", ...store);
    assert.match(listed.stdout, /2 {2}name \*\.cloudfront\.net/);
    assert.match(listed.stdout, /a CDN; added .* by ann, until /);
    const csv = await skerry("safelist", "--csv", "-", ...store);
    assert.match(csv.stdout, /^id,kind,value,reason,author,/);

    const file = `${folder}/list.csv`;
    await Deno.writeTextFile(file, csv.stdout + "9,person,ann,x,,,\r\n");
    const other = ["--store", `${folder}/b.db`];
    const imported = await skerry("safelist", "import", file, ...other);
    assert.match(imported.stdout, /3 entries added, 0 known, 1 skipped/);
    assert.match(imported.stderr, /line 5, kind "person": is none of/);
    assert.deepEqual(
      (await json("safelist", ...other)).map((e: { value: string }) => e.value),
      entries.map((e: { value: string }) => e.value),
    );
    const missing = await skerry("safelist", "import", "no.csv", ...other);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /Cannot read no\.csv/);

    const gone = await skerry("safelist", "remove", "2", ...store);
    assert.equal(gone.code, 0, gone.stderr);
    assert.equal((await json("safelist", ...store)).length, 2);
    const again = await skerry("safelist", "remove", "2", ...store);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /there is no such entry/);
    for (
      const [args, says] of [
        [["person", "ann", "--reason", "x"], /"person" is no kind; there are/],
        [["address", "ann", "--reason", "x"], /it is no address/],
        [["address", "10.0.0.1"], /say with --reason/],
        [["address"], /give the value/],
      ] as const
    ) {
      const outcome = await add(...args);
      assert.equal(outcome.code, 2, outcome.stderr);
      assert.match(outcome.stderr, says);
    }
  }));

Deno.test("skerry findings takes a query, leaves out what the safelist hides and says so", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, ...store);
    const found = (...query: string[]) =>
      json("findings", ...query, "--min-score", "0", ...store);
    const all = await found();
    const [first] = all;
    const same = await found(`src:${first.src}`, "severity:>=high");
    assert.ok(same.length > 0 && same.length < all.length);
    assert.ok(same.every((f: { src: string }) => f.src === first.src));
    const lines = ["safelist", "add", "pair", `${first.src} -> ${first.dst}`];
    await skerry(...lines, "--reason", "ours", ...store);
    const left = await found();
    assert.ok(left.length < all.length);
    assert.ok(!left.some((f: { id: string }) => f.id === first.id));
    const hidden = await found("is:hidden");
    assert.equal(hidden.length + left.length, all.length);
    const text = await skerry("findings", ...store);
    assert.match(
      text.stdout,
      /Entry 1 of the safelist \(pair .*\) hides \d+ finding/,
    );

    const wrong = await skerry(
      "findings",
      "src:nobody",
      "beacon:>=9",
      ...store,
    );
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /src:nobody beacon:>=9\n {4}\^{10}\n/);
  }));
