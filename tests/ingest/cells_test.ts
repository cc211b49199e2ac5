import assert from "node:assert/strict";
import { findLogs } from "../../pipeline/ingest/mod.ts";
import { assertTwins } from "./_twins.ts";

const TYPES = ["time", "interval", "count", "port", "string", "addr", "bool"];

/** Cells that a reader of several rows at once may mistake. */
const CELLS = [
  "-",
  "",
  "0",
  "7",
  "T",
  "00000001",
  "12345678",
  "123456789",
  "99999999",
  "65535",
  "65536",
  "9007199254740992",
  "9007199254740993",
  "0.000001",
  "1.5",
  ".123456",
  "60.123456",
  "1700000000.123456",
  "9007199254.740991",
  "9007199254.740992",
  "9999999999.999999",
  "12345678901.123456",
  "1700000000:123456",
  "1/0",
  "1:2",
  "x",
  "-1.000000",
  "(empty)",
  "1.2.3.4",
  "255.255.255.255",
  "fe80::1",
  "::ffff:1.2.3.4",
  "a\\x09b",
  "\\x2d",
  "16 characters ok",
  "one character and some more",
  "ä",
];

function header(unset: string, empty: string): string {
  return "#separator \\x09\n#set_separator\t,\n" +
    `#empty_field\t${empty}\n#unset_field\t${unset}\n#path\tcells\n` +
    `#fields\t${TYPES.map((_, i) => `f${i}`).join("\t")}\n` +
    `#types\t${TYPES.join("\t")}\n`;
}

/** Every two cells below each other, in a column where other cells are unset. */
function* rows(column: number, unset: string): Generator<string> {
  const row = (cell: string) =>
    TYPES.map((_, i) => i === column ? cell : unset).join("\t");
  for (const first of CELLS) {
    for (const second of CELLS) {
      yield row(first);
      yield row(second);
    }
  }
}

async function assertRead(text: string): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".log" });
  try {
    await Deno.writeTextFile(path, text);
    const { logs: [log] } = await findLogs(path);
    assert.ok(await assertTwins(log, { logTypes: "all" }) > 0);
  } finally {
    await Deno.remove(path);
  }
}

for (const [column, type] of TYPES.entries()) {
  for (const end of ["\n", "\r\n"]) {
    Deno.test(
      `readLog reads any two cells of ${type} below each other, lines end ` +
        JSON.stringify(end),
      () =>
        assertRead(
          header("-", "(empty)").replaceAll("\n", end) +
            [...rows(column, "-")].join(end) + end,
        ),
    );
  }
}

Deno.test("readLog forgets what a cell came to where the markers change", () => {
  const parts = [["-", "(empty)"], ["(empty)", "-"], ["T", "x"], ["x", "7"]];
  return assertRead(
    parts.map(([unset, empty]) =>
      header(unset, empty) + [...rows(4, unset)].join("\n") + "\n"
    ).join(""),
  );
});

Deno.test("readLog tells short texts apart, however many there are", () => {
  const texts = Array.from(
    { length: 20_000 },
    (_, i) => `-\t-\t-\t-\t${(i * 7919 % 9973).toString(36)}\t-\t-`,
  );
  return assertRead(header("-", "(empty)") + texts.join("\n") + "\n");
});

Deno.test("readLog reads lines that have other cells than those around", () => {
  const wide = "1\t2\t3\t4\ta\t1.2.3.4\tT", narrow = "1\t2\t3";
  const lines = Array.from({ length: 5000 }, (_, i) => {
    if (i % 97 === 0) return narrow;
    // Seven cells in two lines: as many ends as one line should have.
    return i % 89 === 0 ? "1\t2\t3\n4\t5\t6\t7" : wide;
  });
  return assertRead(header("-", "(empty)") + lines.join("\n") + "\n");
});

Deno.test("readLog reads long texts, escaped and repeated ones among them", () => {
  const unset = "nothing at all here", empty = "an empty text is this";
  const texts = Array.from({ length: 3000 }, (_, i) => {
    const text = `text number ${i * 31 % 1009} of more than 16 bytes`;
    if (i % 7 === 0) return `${text} \\x41\\\\`;
    if (i % 11 === 0) return "short";
    return i % 13 === 0 ? unset : i % 17 === 0 ? empty : text;
  });
  const rows = texts.map((text) =>
    [unset, unset, unset, unset, text, unset, unset].join("\t")
  );
  return assertRead(header(unset, empty) + rows.join("\n") + "\n");
});
