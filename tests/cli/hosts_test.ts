import assert from "node:assert/strict";
import { demo, json, skerry, withFolder } from "../_skerry.ts";

const HOST = "10.20.0.17";

Deno.test("skerry hosts lists hosts, and keeps notes and tags of one", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("import", demo, "--dataset", "office", ...store);
    const all = await json("hosts", ...store);
    assert.ok(all.some(({ address }: { address: string }) => address === HOST));
    assert.ok(all.length > 3);
    assert.equal((await json("hosts", "--limit", "3", ...store)).length, 3);

    const run = async (...args: string[]) => {
      const done = await skerry("hosts", ...args, ...store);
      assert.equal(done.code, 0, done.stderr);
      return done.stdout;
    };
    const noted = await run(
      "note",
      HOST,
      "the lab\u202eprinter",
      "--by",
      "ann",
    );
    assert.match(noted, /note 1 {2}\S+ \S+ ann: the lab/);
    assert.ok(!noted.includes("\u202e"));
    assert.match(
      await run("tag", HOST, "printer, lab"),
      /10\.20\.0\.17 {2}lab, printer/,
    );
    assert.match(
      await run("show", HOST),
      /from it {2}[\d\u202f ]+ connections/,
    );
    const text = await run("--limit", "1000");
    assert.match(text, new RegExp(`${HOST} .*lab, printer, \\(1.note\\)`));
    const one = await json("hosts", "show", HOST, ...store);
    assert.deepEqual(one.tags, ["lab", "printer"]);
    assert.equal(one.notes[0].who, "ann");
    await run("forget", HOST, "1");
    await run("tag", HOST, "");
    const after = await json("hosts", "show", HOST, ...store);
    assert.deepEqual([after.tags, after.notes], [[], []]);
  }));

Deno.test("skerry hosts refuses what it cannot do", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("import", demo, ...store);
    const refused = async (...args: string[]) =>
      (await skerry("hosts", ...args, ...store)).stderr;
    assert.match(await refused("show", "nobody"), /nobody: it is no address/);
    assert.match(await refused("forget", HOST, "7"), /Cannot find note 7/);
    assert.match(await refused("note", HOST), /give what to note/);
    assert.match(await refused("tag", HOST), /give the tags/);
    assert.match(await refused("what"), /there is no "what"/);
  }));
