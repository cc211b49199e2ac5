import assert from "node:assert/strict";
import { addressBytes } from "../../pipeline/address.ts";
import {
  listText,
  numberProblem,
  parseNumber,
  textProblem,
  timeOf,
} from "../../pipeline/ingest/values.ts";

function parse(text: string): number {
  const bytes = new TextEncoder().encode(`x${text}y`);
  return parseNumber(bytes, 1, bytes.length - 1);
}

Deno.test("parseNumber agrees with Number to the last bit", () => {
  const texts = ["0", "-0", "7", "1379288667.706265", "9007199254740991"];
  texts.push("9007199254740993", "0.000001", "-12.5", "5.", "1e-6", "1.5E+3");
  texts.push(
    "12345678901234567890",
    "0.1234567890123456789",
    "99999999999.9999999",
  );
  let seed = 7;
  const random = () => (seed = Math.imul(seed, 1664525) + 1013904223 >>> 0);
  for (let i = 0; i < 20_000; i++) {
    texts.push(`${random()}.${String(random() % 1_000_000).padStart(6, "0")}`);
  }
  for (const text of texts) {
    assert.ok(Object.is(parse(text), Number(text)), text);
  }
});

Deno.test("parseNumber takes decimal notation only", () => {
  const texts = [
    "",
    "-",
    ".",
    ".5",
    "-.5",
    "0x10",
    "1 ",
    "1,5",
    "1.2.3",
    "inf",
  ];
  texts.push("nan", "+1", "1e", "--1", "1_000", "1".repeat(65));
  for (const text of texts) assert.ok(Number.isNaN(parse(text)), text);
});

Deno.test("timeOf reads seconds, milliseconds and ISO 8601 alike", () => {
  const ts = 1379288667.706265;
  assert.equal(timeOf(ts), ts);
  assert.equal(timeOf("1379288667.706265"), ts);
  assert.equal(timeOf(1379288667706), 1379288667.706);
  assert.equal(timeOf("2013-09-15T23:44:27.706265Z"), ts);
  assert.equal(timeOf("2013-09-16T01:44:27.706265+0200"), ts);
  assert.equal(timeOf("2013-09-15T23:44:27Z"), 1379288667);
  assert.ok(Number.isNaN(timeOf("2013-99-15T23:44:27Z")));
  assert.ok(Number.isNaN(timeOf("yesterday")));
});

Deno.test("numberProblem takes whole counts that a double holds exactly", () => {
  assert.equal(numberProblem("count", 2 ** 53 - 1), undefined);
  assert.equal(numberProblem("count", 2 ** 53), "is 2^53 or more");
  assert.equal(numberProblem("int", -(2 ** 53)), "is 2^53 or more");
  assert.equal(numberProblem("int", -5), undefined);
  assert.equal(numberProblem("interval", -0.5), undefined);
  assert.equal(numberProblem("port", 65_535), undefined);
  assert.equal(numberProblem("port", -1), "is not a port in [0, 65535]");
  assert.equal(
    numberProblem("time", 1e11),
    "is not a time in seconds since 1970",
  );
});

Deno.test("listText refuses an element of another type", () => {
  assert.equal(listText("interval", ["60.000000", "-"]), "60,-");
  assert.equal(listText("interval", ["60", "soon"]), null);
  assert.equal(listText("string", ["a", "b"]), "a,b");
});

Deno.test("textProblem takes for an address what addressBytes reads", () => {
  const texts = ["", ".", "1.2.3", "1.2.3.4", "1.2.3.4.", "1.2.3.4.5", "::"];
  texts.push("::1", "::ffff:1.2.3.4", "1:2", "1.2.3.4 ", "fe80::1%eth0", "::g");
  texts.push("01.002.3.4", "1.2.3.0004", "1..3.4", "-1.2.3.4", "1.2.3.4\n");
  for (let n = 0; n < 1000; n++) texts.push(`${n}.1.${n % 300}.${999 - n}`);
  for (const text of texts) {
    const want = addressBytes(text) ? undefined : "is not an IP address";
    assert.equal(textProblem("addr", text), want, JSON.stringify(text));
  }
});
