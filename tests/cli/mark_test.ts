import assert from "node:assert/strict";
import {
  command,
  decoded,
  demo,
  json,
  skerry,
  withFolder,
} from "../_skerry.ts";

Deno.test("skerry mark keeps who decided what, and why; show prints the history", () =>
  withFolder(async (folder) => {
    const store = ["--store", `${folder}/a.db`];
    await skerry("run", demo, ...store);
    const marked = await skerry(
      ...["mark", "1", "--verdict", "malicious", "--owner", "bob"],
      ...["--by", "ann", "--why", "known certificate", ...store],
    );
    assert.equal(marked.code, 0, marked.stderr);
    assert.doesNotMatch(marked.stdout, /[Rr]ecords/);
    const env = { USER: "carol", USERNAME: "dora" };
    const again = ["mark", "1", "--verdict", "none", "--tags", "c2,lab"];
    await command([...again, ...store], env).output();
    const fallback = await command(
      ["mark", "1", "--owner", "none", ...store],
      { USER: "", USERNAME: "dora" },
    ).output();
    assert.equal(fallback.code, 0, decoded(fallback).stderr);

    const { opinion } = await json("show", "1", ...store);
    assert.deepEqual(
      opinion.history.map((
        { who, about, value, why }: Record<string, unknown>,
      ) => [who, about, value, why]),
      [
        ["ann", "verdict", "malicious", "known certificate"],
        ["ann", "owner", "bob", "known certificate"],
        ["carol", "verdict", null, ""],
        ["dora", "owner", null, ""],
      ],
    );
    assert.equal(opinion.owner, null);
    const { stdout } = await skerry("show", "1", ...store);
    assert.match(
      stdout,
      /history +[-\d: ]+ ann: verdict malicious, because known certificate/,
    );
    assert.match(stdout, /history +[-\d: ]+ carol: verdict taken back/);
    assert.match(stdout, /tags +c2, lab/);
    const nothing = await skerry("mark", "1", "--by", "ann", ...store);
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /say what with --verdict, .* --owner/);
  }));
