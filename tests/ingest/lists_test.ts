import assert from "node:assert/strict";
import { findLogs } from "../../pipeline/ingest/mod.ts";
import { readBatches } from "../../pipeline/ingest/read_log.ts";
import { joinList, splitList } from "../../pipeline/list_text.ts";
import { assertTwins } from "./_twins.ts";

/** Elements that a list must keep apart, and alike. */
const LISTS = [
  ["plain"],
  ["a", "b", "c"],
  ["a,b", "c"],
  [",", ",,"],
  ["a\\b", "c\\"],
  ["\\x2c", "\\x5c", "\\x5cx2c"],
  ["\\", "\\\\", "x2c"],
  ["TXT 11 v=spf1,-all", "1.2.3.4"],
  ["\\x2C", "tab\there"],
];

/** As Zeek writes an element of a set whose separator is a comma. */
const inTsv = (element: string) =>
  element.replaceAll("\\", "\\x5c").replaceAll(",", "\\x2c")
    .replaceAll("\t", "\\x09");

const TSV = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n" +
  "#unset_field\t-\n#path\tlists\n#fields\tts\telements\n" +
  "#types\ttime\tset[string]\n" +
  LISTS.map((list, i) => `${i}.5\t${list.map(inTsv).join(",")}\n`).join("");

const asDns = (answers: readonly string[], i: number) =>
  JSON.stringify({
    _path: "dns",
    ts: i + 0.5,
    "id.orig_h": "10.0.0.1",
    "id.orig_p": 1,
    "id.resp_h": "10.0.0.2",
    "id.resp_p": 53,
    answers,
  }) + "\n";

/** The texts of a field, and whether kernels and the plain twin agree. */
async function textsOf(log: string, field: string): Promise<string[]> {
  const path = await Deno.makeTempFile({ suffix: ".log" });
  const texts: string[] = [];
  try {
    await Deno.writeTextFile(path, log);
    const { logs: [file] } = await findLogs(path);
    await readBatches(file, (batch) => {
      const { codes, values } = batch.texts(field);
      for (const code of codes) texts.push(values[code]);
    }, { logTypes: "all" });
    await assertTwins(file, { logTypes: "all" });
  } finally {
    await Deno.remove(path);
  }
  return texts;
}

Deno.test("a list gives back the elements that it was made of", () => {
  for (const list of LISTS) assert.deepEqual(splitList(joinList(list)), list);
  assert.deepEqual(splitList(""), []);
  assert.equal(joinList(["a", "b\\c"]), "a,b\\c");
});

Deno.test("elements with commas and backslashes stay apart, from TSV and JSON alike", async () => {
  const fromTsv = await textsOf(TSV, "elements");
  assert.deepEqual(fromTsv.map(splitList), LISTS);
  assert.deepEqual(
    await textsOf(LISTS.map(asDns).join(""), "answers"),
    fromTsv,
  );
});
