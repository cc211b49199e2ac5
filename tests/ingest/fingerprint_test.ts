import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  contentFingerprint,
  fileFingerprint,
  findLogs,
  linesBefore,
} from "../../pipeline/ingest/mod.ts";
import { connLog, withFile } from "./_logs.ts";

const sha256 = (text: string) =>
  createHash("sha256").update(text).digest("hex");

Deno.test("a fingerprint is SHA-256 in hexadecimal (FIPS 180-2, B.1)", async () => {
  const { hash, size } = await withFile("abc", (path) => fileFingerprint(path));
  assert.equal(
    hash,
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assert.equal(size, 3);
});

Deno.test("a fingerprint tells prefixes, and whole lines from the rest", async () => {
  const text = "ab\ncdef\n".repeat(60_000) + "no end";
  const ends = [1, 3, 3, 262_144, 262_145, text.length, text.length + 1];
  const { prefixes, lines } = await withFile(
    text,
    (path) => fileFingerprint(path, ends),
  );
  assert.deepEqual(
    [...prefixes],
    [1, 3, 262_144, 262_145, text.length]
      .map((end) => [end, sha256(text.slice(0, end))]),
  );
  const end = text.length - "no end".length;
  assert.deepEqual(lines, { hash: sha256(text.slice(0, end)), end });
  const none = await withFile("no end", (path) => fileFingerprint(path));
  assert.deepEqual(none.lines, { hash: sha256(""), end: 0 });
});

Deno.test("a compressed log has the fingerprint of its content", async () => {
  const text = connLog(2000);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/conn.log.gz`, gzipSync(text));
    const { logs: [log] } = await findLogs(folder);
    const ends = [100, 70_000];
    const { hash, prefixes } = await contentFingerprint(log, ends);
    assert.equal(hash, sha256(text));
    assert.deepEqual(
      [...prefixes],
      ends.map((end) => [end, sha256(text.slice(0, end))]),
    );
    const lines = text.slice(0, 70_000).split("\n").length - 1;
    assert.equal(await linesBefore(log, 70_000), lines);
    assert.equal(await linesBefore(log, 0), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a missing file has no fingerprint", async () => {
  await assert.rejects(() => fileFingerprint("./nope"), {
    name: "SkerryError",
    message: /^Cannot read \.\/nope: /,
  });
});
