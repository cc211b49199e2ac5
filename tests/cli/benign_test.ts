import assert from "node:assert/strict";
import { demo, skerry, withFolder } from "../_skerry.ts";

Deno.test("skerry benign exports a list that run takes, and tells what it changed", () =>
  withFolder(async (folder) => {
    const exported = await skerry("benign", "export");
    assert.equal(exported.code, 0, exported.stderr);
    const list = JSON.parse(exported.stdout);
    assert.ok(list.pairs.length >= 14 && list.lookups.length >= 3);
    const own = {
      ...list.pairs.find(({ name }: { name: string }) => name === "OS update"),
      names: ["updates.basalt.example"],
      must: ["port"],
      ports: ["tcp/443"],
    };
    const path = `${folder}/benign.json`;
    const write = (pairs: unknown) =>
      Deno.writeTextFile(path, JSON.stringify({ pairs }));
    await write([own, { name: "analytics", remove: true }]);
    const listed = await skerry("benign", "--benign", path);
    assert.match(listed.stdout, /updates\.basalt\.example/);
    assert.ok(!listed.stdout.includes("google-analytics.com"));
    const store = ["--store", `${folder}/a.db`];
    const run = await skerry("run", demo, "--benign", path, ...store);
    assert.equal(run.code, 0, run.stderr);
    assert.match(
      run.stdout.replace(/\n +/g, " "),
      /benign +\S*benign\.json: replaced OS update; removed analytics/,
    );
    assert.ok(!run.stdout.includes("updates.basalt.example:443"));

    await write([{ ...own, needs: 1 }]);
    const refused = await skerry("run", demo, "--benign", path, ...store);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /benign\.json: pairs\[0\] \(OS update\) needs: 1: /,
    );
    const absent = await skerry("benign", "--benign", `${folder}/none.json`);
    assert.match(absent.stderr, /none\.json: there is no such file/);
  }));

Deno.test("skerry benign says in words what lifts a cap, of all classes and of one", async () => {
  const { stdout } = await skerry("benign");
  const text = stdout.replace(/\n +/g, " ");
  assert.match(text, /none of them where its certificate is self-signed, or /);
  assert.match(
    text,
    /backup \(.*only lifted where its certificate is self-signed, or .* where its name belongs broadcast/,
  );
});

Deno.test("--without refuses what is no part of the score", () =>
  withFolder(async (folder) => {
    const { code, stderr } = await skerry(
      ...["run", demo, "--without", "timing,colour"],
      ...["--store", `${folder}/a.db`],
    );
    assert.equal(code, 2);
    assert.match(stderr, /"colour" is no part of the score/);
  }));
