import assert from "node:assert/strict";
import { hashFile } from "../../pipeline/ingest/mod.ts";
import { withFile } from "./_logs.ts";

Deno.test("hashFile is SHA-256 in hexadecimal (FIPS 180-2, B.1)", async () => {
  const hash = await withFile("abc", (path) => hashFile(path));
  assert.equal(
    hash,
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("hashFile cannot read a missing file", async () => {
  await assert.rejects(() => hashFile("./nope"), {
    name: "SkerryError",
    message: /^Cannot read \.\/nope: /,
  });
});
