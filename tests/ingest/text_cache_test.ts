import assert from "node:assert/strict";
import { latin1, TextCache } from "../../pipeline/ingest/text_cache.ts";

/** A cache that brackets what it reads, and what it was asked to read. */
function bracketing(): { asked: string[]; get: (text: string) => string } {
  const asked: string[] = [];
  const cache = new TextCache((raw) => {
    asked.push(raw);
    return raw === "bad" ? null : `[${raw}]`;
  });
  const get = (text: string) => {
    const bytes = Uint8Array.from(`<${text}>`, (c) => c.charCodeAt(0));
    return String(cache.get(bytes, 1, bytes.length - 1));
  };
  return { asked, get };
}

Deno.test("TextCache reads a text once while it is repeated", () => {
  const { asked, get } = bracketing();
  for (let i = 0; i < 5; i++) {
    assert.deepEqual([get("tcp"), get("udp"), get("bad")], [
      "[tcp]",
      "[udp]",
      "null",
    ]);
  }
  assert.deepEqual(asked, ["tcp", "udp", "bad"]);
});

Deno.test("TextCache gives every text its own value, however many share slots", () => {
  const { asked, get } = bracketing();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 20_000; i++) assert.equal(get(`C${i}`), `[C${i}]`);
  }
  assert.ok(asked.length > 20_000, "more texts than slots");
});

Deno.test("TextCache reads texts that are empty or long", () => {
  const { get } = bracketing();
  for (const length of [0, 1, 64, 65, 1024, 3000]) {
    const text = "x".repeat(length);
    assert.equal(get(text), `[${text}]`);
  }
});

Deno.test("latin1 makes one character of each byte", () => {
  const bytes = Uint8Array.from({ length: 2500 }, (_, i) => i);
  const text = latin1(bytes, 3, 2400);
  assert.equal(text.length, 2397);
  assert.ok([...text].every((c, i) => c.charCodeAt(0) === (i + 3) % 256));
});
