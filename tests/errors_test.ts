import assert from "node:assert/strict";
import { fileProblem } from "../pipeline/errors.ts";

/** What reading a path throws. */
async function thrown(path: string): Promise<unknown> {
  try {
    await Deno.readTextFile(path);
  } catch (error) {
    return error;
  }
}

Deno.test("fileProblem says in words why a file cannot be read", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/a.txt`, "");
  assert.equal(
    fileProblem(await thrown(`${folder}/no`)),
    "there is no such file",
  );
  assert.equal(
    fileProblem(await thrown(`${folder}/no`), "there is no such folder"),
    "there is no such folder",
  );
  if (Deno.build.os !== "windows") {
    assert.equal(fileProblem(await thrown(folder)), "it is a folder");
    assert.equal(
      fileProblem(await thrown(`${folder}/a.txt/b`)),
      "a part of its path is no folder",
    );
  }
  assert.equal(
    fileProblem(new Deno.errors.PermissionDenied("os error 13")),
    "permission denied",
  );
  assert.equal(fileProblem(new Error("broken")), "broken");
  await Deno.remove(folder, { recursive: true });
});
