import assert from "node:assert/strict";
import { demo, skerry, withFolder } from "../_skerry.ts";

Deno.test("skerry findings says how many it leaves out, why, and what lists them", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    const { stdout: run } = await skerry("run", demo, ...store);
    assert.match(run, /see all of them +deno task findings --min-score 0 /);
    const { stdout: usual } = await skerry("findings", ...store);
    assert.match(
      usual,
      /15 findings below a score of 0\.2 left out; --min-score 0 lists all/,
    );
    assert.doesNotMatch(usual, /shown; --limit/);
    const { stdout: some } = await skerry(
      ...["findings", "--min-score", "0", "--limit", "4", ...store],
    );
    assert.match(some, /4 of 18 shown; --limit N lists more/);
    assert.doesNotMatch(some, /left out/);
    const { stdout: none } = await skerry("findings", "name:absent", ...store);
    assert.match(none, /No finding of run 1 fits\./);
    const { code, stderr } = await skerry(
      ...["findings", "--min-score", "2", ...store],
    );
    assert.equal(code, 2);
    assert.match(stderr, /--min-score: it must be a number in \[0, 1\], got 2/);
  }));

Deno.test("skerry show tells which records of a long series it has", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, ...store);
    const first = await skerry("show", "1", ...store);
    assert.match(
      first.stdout,
      /First records, 10 of 200, of the first 100 of 255 connections/,
    );
    const second = await skerry("show", "2", ...store);
    assert.match(second.stdout, /First records, 1 of 1, of 1 connection\n/);
    for (const line of first.stdout.split("\n")) {
      assert.ok(line.length <= 100, line);
    }
  }));
