import assert from "node:assert/strict";
import { cellWriter, RowBytes } from "../../pipeline/store/mysql/row_bytes.ts";
import { lcg } from "../golden/data.ts";

function written(value: number): string {
  const bytes = new RowBytes();
  bytes.number(value);
  return bytes.take().toString();
}

Deno.test("a number is written so that it reads as the same double again", () => {
  const values = [
    ...[0, 9, 10, 99_999_999, 1e8, 2 ** 31 - 1, 2 ** 31, 2 ** 53, 1e15],
    ...[9_999_999_999_999_998, 1e16, 1e22, 1_672_843_056_914_972],
    ...[0.1, 1e-6, 1e-7, 0.123_456_7, 999_999_999.999_999, 1e9 + 0.5],
    ...[-1, -2.25, -1e12, 5e-324, Number.MAX_VALUE, 1 / 3],
  ];
  const u = lcg(5);
  for (let i = 0; i < 3000; i++) {
    values.push(Math.round(u() * 1e9) / 1e6, Math.floor(u() * 1e16));
    values.push(u() * 10 ** (u() * 20 - 10));
  }
  for (const value of values) assert.equal(Number(written(value)), value);
});

Deno.test("a number is written with six decimals, and what is none as unset", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [12.5, "12.500000"],
    [1_672_843_056_914_972, "1672843056914972"],
    [NaN, "\\N"],
    [Infinity, "\\N"],
  ];
  for (const [value, text] of cases) assert.equal(written(value), text);
});

Deno.test("texts and bytes are escaped as LOAD DATA reads them", () => {
  const values = [null, "", "a\tb", "a\\N", "x\0\n", "né🦀", "plain"];
  const codes = Uint32Array.from(values.keys());
  const expected = ["\\N", "", "a\\\tb", "a\\\\N", "x\\0\\\n", "né🦀", "plain"];
  // As many texts as records, and a few for many: two ways of writing.
  for (const repeat of [1, 4]) {
    const many = Uint32Array.from(
      { length: 7 * repeat },
      (_, i) => codes[i % 7],
    );
    const cell = cellWriter({ sql: "uid", kind: "coded", codes: many, values });
    const bytes = new RowBytes();
    many.forEach((_, i) => cell(bytes, i));
    assert.equal(bytes.take().toString(), expected.join("").repeat(repeat));
  }
  const key = Uint8Array.of(0, 9, 10, 92, 200);
  const address = { sql: "orig_h", kind: "coded" } as const;
  const cell = cellWriter({
    ...address,
    codes: new Uint32Array(1),
    values: [key],
  });
  const bytes = new RowBytes();
  cell(bytes, 0);
  assert.deepEqual(
    [...bytes.take()],
    [92, 48, 92, 9, 92, 10, 92, 92, 200],
  );
});
