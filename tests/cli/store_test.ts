import assert from "node:assert/strict";
import { typedLine } from "../../pipeline/cli/password.ts";
import { demo, json, skerry, withFolder } from "../_skerry.ts";

Deno.test("skerry store copy copies everything into an empty store, and says how much", () =>
  withFolder(async (folder) => {
    const [from, to] = [`${folder}/a.db`, `${folder}/b.db`];
    await skerry("run", demo, "--dataset", "office", "--store", from);
    await skerry("mark", "1", "--verdict", "malicious", "--store", from);
    const { tables } = await json("store", "copy", from, to);
    const rows = Object.fromEntries(
      tables.map(({ name, rows }: { name: string; rows: number }) => [
        name,
        rows,
      ]),
    );
    assert.deepEqual([rows.datasets, rows.runs, rows.findings], [1, 1, 18]);
    const findings = (store: string) => json("findings", "--store", store);
    assert.deepEqual(await findings(to), await findings(from));

    const again = await skerry("store", "copy", from, to);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /it holds datasets already/);
    const text = await skerry("store", "copy", from, `${folder}/c.db`);
    assert.match(text.stdout, /findings +18 {2}[0-9a-f]{16}/);
    assert.match(text.stdout, /counts and checksums agree on both sides/);
    const absent = await skerry(
      "store",
      "copy",
      `${folder}/no.db`,
      `${folder}/d.db`,
    );
    assert.equal(absent.code, 1);
    assert.match(absent.stderr, /no\.db: there is no such file/);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.ok(!left.includes("no.db") && !left.includes("d.db"), left.join());
    for (
      const [args, says] of [
        [
          ["move", from, to],
          /the first operand must be copy or sql, got "move"/,
        ],
        [["copy", from], /give two stores/],
        [["copy", from, from], /both are the same store/],
      ] as const
    ) {
      const outcome = await skerry("store", ...args);
      assert.equal(outcome.code, 2, outcome.stderr);
      assert.match(outcome.stderr, says);
    }
  }));

Deno.test("skerry store sql prints the tables, with an address also the rights", async () => {
  const plain = await skerry("store", "sql");
  assert.equal(plain.code, 0, plain.stderr);
  assert.match(plain.stdout, /^CREATE TABLE IF NOT EXISTS `?skerry_schema/);
  const whole = await skerry("store", "sql", "mysql://ann@127.0.0.1/office");
  assert.match(whole.stdout, /^CREATE DATABASE IF NOT EXISTS `office`/);
  assert.match(whole.stdout, /TO 'ann'@'%';/);
  assert.ok(whole.stdout.endsWith(plain.stdout));
});

/** Hands out the texts one by one, then the end of the input. */
function keys(...parts: string[]) {
  const encoder = new TextEncoder();
  const left = parts.map((part) => encoder.encode(part));
  return {
    read(p: Uint8Array): Promise<number | null> {
      const next = left.shift();
      if (next) p.set(next);
      return Promise.resolve(next ? next.length : null);
    },
  };
}

Deno.test("typedLine reads what is typed in raw mode, edited as a line is", async () => {
  const { signal } = new AbortController();
  const read = (...parts: string[]) => typedLine(keys(...parts), signal);
  assert.equal(await read("se", "cret\r"), "secret");
  assert.equal(await read("sex\u007fcret\n"), "secret");
  assert.equal(await read("pä🐟\u007f\u007f\u007f\u007fx\r"), "x");
  assert.equal(await read("wrong\u0015right\r"), "right");
  assert.equal(await read("half"), "half", "the input ended");
  assert.equal(await read("\r"), "");
  await assert.rejects(read("se\u0003"), { name: "AbortError" });
});
