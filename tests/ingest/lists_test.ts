import assert from "node:assert/strict";
import { elementsOf } from "../../pipeline/field_json.ts";
import { findLogs } from "../../pipeline/ingest/mod.ts";
import { read, withFile } from "./_logs.ts";
import { assertTwins } from "./_twins.ts";

type List = readonly (string | null)[];

/** Zeek's ASCII writer: Ascii::Describe and ODesc's escapes. */
function zeekElement(element: string | null): string {
  if (element === null) return "-";
  if (element === "") return "(empty)";
  if (element === "-") return "\\x2d";
  return element.replace(
    /[,\\\t]/g,
    (c) =>
      c === "\\"
        ? "\\\\"
        : `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

const zeekList = (list: List) =>
  list.length === 0 ? "(empty)" : list.map(zeekElement).join(",");

function tsvOf(lists: readonly List[]): string {
  return [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    "#path\tdns",
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tanswers",
    "#types\ttime\tstring\taddr\tport\taddr\tport\tvector[string]",
    ...lists.map((list, i) =>
      `${i + 1}\tC${i}\t10.0.0.1\t1\t10.0.0.2\t53\t${zeekList(list)}`
    ),
    "",
  ].join("\n");
}

function jsonOf(lists: readonly List[]): string {
  return lists.map((answers, i) =>
    JSON.stringify({
      ...{ _path: "dns", ts: i + 1, uid: `C${i}`, "id.orig_h": "10.0.0.1" },
      ...{ "id.orig_p": 1, "id.resp_h": "10.0.0.2", "id.resp_p": 53, answers },
    }) + "\n"
  ).join("");
}

const ODD: readonly List[] = [
  [],
  ["a,b"],
  ["a", "b"],
  ["v=spf1 a, b", "c"],
  ["-", null, "--"],
  [","],
  ["", ","],
  ["C:\\Windows", "a\\x2cb", "\\", "\\,", "\\\\"],
  ["x\ty", "caf\u00e9,\u{1f600}"],
  ["\\x2d"],
  [null],
];

/** Few characters, so that all their meetings come up; seeded. */
function randomLists(n: number): List[] {
  let seed = 7;
  const below = (most: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor(seed / 2 ** 32 * most);
  };
  const letters = [..."\\\\,,-x2cd ea\t"];
  const element = () =>
    below(9) === 0 ? null : Array.from(
      { length: 1 + below(5) },
      () => letters[below(letters.length)],
    ).join("");
  return Array.from(
    { length: n },
    () => Array.from({ length: below(4) }, element),
  );
}

for (
  const [name, lists] of [["odd", ODD], ["random", randomLists(3000)]] as const
) {
  Deno.test(`${name} elements of a list are kept apart, alike from TSV and JSON`, async () => {
    const [tsv, json] = await Promise.all(
      [tsvOf(lists), jsonOf(lists)].map((text) =>
        withFile(text, async (path) => {
          const { logs: [log] } = await findLogs(path);
          await assertTwins(log);
          const { rows, report } = await read(path);
          assert.equal(rows.length, lists.length, JSON.stringify(report));
          return rows.map((row) => row.answers as string);
        }, "dns.log")
      ),
    );
    // TSV says "-" of a field that is unset and of a list of one unset element.
    const isUnset = (list: List) => list.length === 1 && list[0] === null;
    lists.forEach((list, i) => {
      if (isUnset(list)) return assert.equal(tsv[i], undefined);
      assert.deepEqual(elementsOf(tsv[i]), list);
      assert.equal(tsv[i], json[i]);
    });
  });
}

Deno.test("a list of so many commas that it grows past its line is read, too", async () => {
  const lists = [["a".repeat(300_000), ",".repeat(600_000), "-"], ["b"]];
  await withFile(jsonOf(lists), async (path) => {
    const { rows } = await read(path);
    assert.deepEqual(
      rows.map(({ answers }) => elementsOf(answers as string)),
      lists,
    );
  });
});
