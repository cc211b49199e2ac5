import assert from "node:assert/strict";
import { CHUNK, Column, eachChunk } from "../../pipeline/features/column.ts";
import { Pager, type SpillFile } from "../../pipeline/features/pager.ts";
import { UidColumn } from "../../pipeline/features/uid_column.ts";
import { RandomState } from "../../pipeline/models/mod.ts";

/** A spill file in memory. */
function memoryFile(): SpillFile & { readonly pages: Uint8Array[] } {
  const pages: Uint8Array[] = [];
  return {
    pages,
    write(bytes, place = pages.length) {
      pages[place] = bytes.slice();
      return place;
    },
    read: (bytes, place) => bytes.set(pages[place]),
  };
}

/** Values that need every width, unset ones among them. */
const VALUES = [
  ...[0, 254, 255, 256, 65_534, 65_535, 65_536, 2 ** 32 - 2, 2 ** 32 - 1],
  ...[2 ** 53, 0.1, -1, -0, NaN, 1.6e9 + 0.123456, Infinity, 4294.967295],
  ...[1.6e9, 1.6e9 - 549_755, 1.6e9 + 549_756, 1.6e9 - 549_756, 1_099_511],
  ...[1_099_511.627774, 1_099_511.627775, 1.6e9 + 0.1234567],
];

for (
  const [options, what] of [[{}, "measures"], [{ unset: -1 }, "codes"], [{
    parts: 1e6,
  }, "microseconds"]] as const
) {
  Deno.test(`Column gives every value back to the last bit: ${what}`, () => {
    for (const value of VALUES) {
      for (
        const before of [[], [7], [NaN, -1], [65_000], [1e9], [0.5], [1.6e9], [
          1.6e9,
          NaN,
        ]]
      ) {
        const column = new Column(options);
        for (const other of before) column.push(other);
        column.push(value);
        column.push(3);
        column.set(column.length - 1, value);
        assert.deepEqual([...column], [...before, value, value]);
      }
    }
  });
}

Deno.test("Column is the same with nearly all of it on disk", () => {
  const random = new RandomState(3), file = memoryFile();
  const pager = new Pager(3 * CHUNK, () => file);
  const rows = 6 * CHUNK + 5;
  const columns = [
    new Column({ pager }),
    new Column({ unset: -1, pager }),
    new Column({ parts: 1e6, pager }),
  ];
  const plain: number[][] = [[], [], []];
  for (const [c, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) {
      const value = VALUES[random.randint(row < CHUNK ? 1 : VALUES.length)];
      column.push(value);
      plain[c].push(value);
    }
  }
  for (let change = 0; change < 300; change++) {
    const c = random.randint(3), row = random.randint(rows);
    columns[c].set(row, plain[c][row] = VALUES[random.randint(VALUES.length)]);
  }
  assert.deepEqual(columns.map((column) => [...column]), plain);
  columns[0].truncate(CHUNK + 1);
  columns[0].push(9);
  assert.deepEqual([...columns[0]], [...plain[0].slice(0, CHUNK + 1), 9]);
  assert.ok(pager.written > 20, `${pager.written} pages written`);
  // A page that comes again takes its old place: no more than it was widened.
  assert.ok(file.pages.length <= 3 * 7 * 5, `${file.pages.length} places`);
});

Deno.test("Column takes five bytes for a time, and none for what is always the same", () => {
  const file = memoryFile(), pager = new Pager(1, () => file);
  const times = new Column({ parts: 1e6, pager });
  const same = new Column({ unset: -1, pager });
  for (let row = 0; row < 3 * CHUNK; row++) {
    times.push(Math.round(1.6e15 + 3e7 * row) / 1e6);
    same.push(row < 2 * CHUNK ? 7 : -1);
  }
  const bytes = file.pages.map(({ length }) => length);
  assert.deepEqual(bytes, [5 * CHUNK, 5 * CHUNK]);
  assert.deepEqual([same.at(5), same.at(2 * CHUNK + 5)], [7, -1]);
  assert.equal(
    times.at(CHUNK + 1),
    Math.round(1.6e15 + 3e7 * (CHUNK + 1)) / 1e6,
  );
});

for (const limit of [Infinity, 1]) {
  Deno.test(`UidColumn finds the first row of a uid, ${limit === 1 ? "on disk" : "in memory"}`, () => {
    const pager = new Pager(limit, memoryFile);
    const column = new UidColumn(pager), rows = 3 * CHUNK + 7;
    const uidOf = (row: number) =>
      row % 1000 === 5
        ? ""
        : row % 1000 === 6
        ? "schön 🐚"
        : `C${row.toString(36)}`;
    for (let row = 0; row < rows; row++) column.push(uidOf(row));
    for (let row = 0; row < rows; row += 5) {
      assert.equal(column.at(row), uidOf(row));
      assert.equal(column.isEmpty(row), uidOf(row) === "");
      if (row % 1000 > 6) assert.equal(column.find(uidOf(row)), row);
    }
    assert.equal(column.find("schön 🐚"), 6);
    assert.equal(column.find(""), -1);
    assert.equal(column.find("none"), -1);
    const odd = column.filter((row) => row % 2 === 1);
    assert.equal(odd.length, rows >> 1);
    assert.equal(odd.at(CHUNK), uidOf(2 * CHUNK + 1));
    assert.ok(limit !== 1 || pager.written > 0);
  });
}

for (const parts of [1, 1e6]) {
  Deno.test(`Column gives many values as it gives one, in ${parts} parts, on disk`, () => {
    const random = new RandomState(3), pager = new Pager(1, memoryFile);
    const columns = [NaN, -1].map((unset) =>
      new Column({ unset, parts, pager })
    );
    const widths = [200, 60_000, 4e9, 1e12];
    for (let row = 0; row < 4 * CHUNK + 9; row++) {
      const most = widths[Math.min(3, Math.floor(row / CHUNK))];
      const value = Math.floor(random.random() * most) / parts;
      for (const column of columns) column.push(row % 9 === 4 ? NaN : value);
      if (row % 9 === 5) columns[1].set(row, -1);
    }
    const { length } = columns[0];
    const rows = Array.from({ length: 500 }, () => random.randint(length));
    rows.push(...Array.from({ length: 50 }, (_, i) => length - 50 + i));
    for (const column of columns) {
      const each = rows.map((row) => column.at(row));
      assert.deepEqual([...column.valuesOf(rows)], each);
    }
    let seen = 0;
    eachChunk(columns, (values, from, n) => {
      seen += n;
      for (const [k, column] of columns.entries()) {
        for (let i = 0; i < n; i++) {
          const isSame = Object.is(values[k][i], column.at(from + i));
          if (!isSame) assert.fail(`row ${from + i} of column ${k}`);
        }
      }
    });
    assert.equal(seen, length);
  });
}

/** C and so many digits, the extreme ones often. */
function zeekUid(random: RandomState, digits: number): string {
  const all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const digit = () => all[[0, 61, random.randint(62)][random.randint(3)]];
  return `C${Array.from({ length: digits }, digit).join("")}`;
}

for (const most of [7, 8, 9, 16, 17, 18, 19]) {
  Deno.test(`UidColumn gives uids of up to ${most} digits back, ${most > 18 ? "as texts" : "packed"}`, () => {
    const random = new RandomState(most), file = memoryFile();
    const pager = new Pager(1, () => file), column = new UidColumn(pager);
    const uids = Array.from(
      { length: 2 * CHUNK + 3 },
      (_, row) =>
        row % 100 === 50
          ? ""
          : zeekUid(random, row % 7 === 0 ? most : random.randint(most + 1)),
    );
    for (const uid of uids) column.push(uid);
    assert.deepEqual([...column], uids);
    assert.ok(uids.every((uid, row) => column.isEmpty(row) === (uid === "")));
    const bytes = file.pages[0].length / CHUNK;
    if (most === 17) assert.equal(bytes, 14);
    assert.equal(bytes <= 15, most <= 18, `${bytes} B`);
  });
}
