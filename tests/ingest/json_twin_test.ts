import assert from "node:assert/strict";
import { findLogs } from "../../pipeline/ingest/mod.ts";
import { RandomState } from "../../pipeline/models/mod.ts";
import { read, withFile } from "./_logs.ts";
import { assertTwins } from "./_twins.ts";

const BASE = {
  ts: 1700000000.5,
  uid: "C1",
  "id.orig_h": "192.0.2.1",
  "id.orig_p": 1,
  "id.resp_h": "192.0.2.2",
  "id.resp_p": 2,
  proto: "tcp",
  conn_state: "SF",
};

const BASE_TEXT = JSON.stringify(BASE);

/** A conn record with some of its JSON replaced or added. */
function line(more: string): string {
  return BASE_TEXT.slice(0, -1) + more + "}";
}

function readsAsTwin(lines: readonly string[], name?: string): Promise<number> {
  const text = [BASE_TEXT, ...lines, BASE_TEXT].join("\n") + "\n";
  return withFile(text, async (path) => {
    const { logs: [log] } = await findLogs(path);
    return assertTwins(log);
  }, name);
}

Deno.test("readLog rounds every number of JSON as JSON.parse does", async () => {
  const random = new RandomState(7);
  const numbers = Array.from({ length: 30_000 }, (_, i) => {
    const x = random.random() * 10 ** Math.floor(random.random() * 12 - 4);
    if (i % 3 === 0) return String(x);
    if (i % 3 === 1) return x.toPrecision(1 + i % 18);
    return x.toFixed(i % 12);
  });
  // Halfway between two doubles, just above, just below, and large.
  numbers.push("9007199254740993", "9007199254740993.1", "9007199254740992.9");
  numbers.push("0.1", "1e-7", "1.9e-05", "4.35", "0.000001", "5e-22", "123e-4");
  numbers.push("0", "0.0", "10", "999999999999999999", "4503599627370497.5");
  const text = numbers.map((n) => line(`,"duration":${n}`)).join("\n");
  const { rows } = await withFile(text, (path) => read(path));
  assert.deepEqual(
    rows.map(({ duration }) => duration),
    numbers.map((n) => JSON.parse(n)),
  );
});

Deno.test("readLog reads times of JSON as its plain twin does", async () => {
  const random = new RandomState(8);
  const times = Array.from({ length: 3000 }, (_, i) => {
    const time = new Date(random.random() * 4e12);
    const iso = time.toISOString();
    const micros = String(i * 337 % 1_000_000).padStart(6, "0");
    return [
      `"${iso}"`,
      `"${iso.slice(0, 19)}.${micros}Z"`,
      `"${iso.slice(0, 19)}Z"`,
      `${time.getTime()}`,
      `${time.getTime() / 1000}`,
      `"${time.getTime() / 1000}"`,
      `"${iso.slice(0, 19)}.${micros}+0200"`,
    ][i % 7];
  });
  times.push('"2024-02-29T12:00:00Z"', '"2023-02-29T12:00:00Z"');
  times.push('"2024-04-31T12:00:00Z"', '"2024-13-01T12:00:00Z"', '"soon"');
  times.push('"2024-01-01 00:00:00.123456789Z"', "true", "-1", "1e99");
  const lines = times.map((t) => BASE_TEXT.replace("1700000000.5", t));
  assert.equal(await readsAsTwin(lines), lines.length + 2);
});

Deno.test("readLog reads odd JSON as its plain twin does", async () => {
  const lines = [
    '{ "ts" : 1 , "uid":"a" }',
    BASE_TEXT.replaceAll(":", " : ").replaceAll(",", " ,\t"),
    BASE_TEXT.replaceAll(":", ": ").replaceAll(",", ", "),
    BASE_TEXT.replaceAll(":", " :").replaceAll(",", " ,"),
    BASE_TEXT.replaceAll(":", ":\t ").replaceAll(",", ",\t"),
    BASE_TEXT.replaceAll(",", ",,"),
    BASE_TEXT.replaceAll(":", "::"),
    line(',"service":null'),
    line(',"uid":null'),
    line(',"ts":null'),
    line(',"uid":"C2"'),
    line(',"id_orig_h":"192.0.2.9"'),
    line(',"id":{"orig_h":"192.0.2.9"}'),
    BASE_TEXT.replaceAll('"id.', '"id_'),
    '{"ts":1.5,"id":{"orig_h":"::1","orig_p":1,"resp_h":"1.2.3.4","resp_p":2},"proto":"udp","conn_state":"S0"}',
    '{"ts":1.5,"id":{"orig_h":"::1","orig_p":1,"resp_h":"1.2.3.4"},"proto":"udp","conn_state":"S0"}',
    line(',"service":"a\\"b\\\\c\\u00e9\\ud83d\\ude00"'),
    line(',"service":"\\ud83d"'),
    line(',"service":"caf\u00e9 日本 😀"'),
    line(',"service":"a\tb"'),
    line(',"service":12'),
    line(',"service":1.50'),
    line(',"service":-1'),
    line(',"service":true'),
    line(',"service":["a"]'),
    line(',"service":{"a":1}'),
    line(',"service":""'),
    line(',"service":"-"'),
    line(',"service":"(empty)"'),
    line(',"local_orig":true,"local_resp":"F"'),
    line(',"local_orig":"true","local_resp":"false"'),
    line(',"local_orig":1'),
    line(',"local_orig":"yes"'),
    line(',"orig_bytes":"12"'),
    line(',"orig_bytes":12.0'),
    line(',"orig_bytes":12.5'),
    line(',"orig_bytes":-12'),
    line(',"orig_bytes":9007199254740991'),
    line(',"orig_bytes":9007199254740992'),
    line(',"orig_bytes":012'),
    line(',"orig_bytes":+1'),
    line(',"orig_bytes":1.'),
    line(',"orig_bytes":.5'),
    line(',"orig_bytes":1e2'),
    line(',"orig_bytes":tru'),
    line(',"orig_bytes":nullx'),
    line(',"duration":-1.5'),
    line(',"other":{"deep":[1,{"a":2}]}'),
    line(',"other":[1,"a",null,true]'),
    line(',"other":[1,]'),
    line(',"other":[[1]]'),
    line(',"other":"\\q"'),
    line(',"other":"\\u00zz"'),
    line(',"other":"\\n"'),
    line(',"trans_depth":1'),
    line(',"_path":"conn"'),
    line(',"_path":"weird"'),
    line(',"_path":"open_conn"'),
    line(',"_path":7'),
    line(',"trans_depth":1,"_path":"conn"'),
    line(""),
    line(" ") + " \r",
    BASE_TEXT + ",",
    BASE_TEXT + BASE_TEXT,
    BASE_TEXT.slice(0, -1),
    BASE_TEXT.slice(0, 30),
    "[1]",
    "{}",
    "{",
    '{"',
    '{"a"',
    '{"a":',
    '{"a":1',
    "null",
    "",
    "  ",
    BASE_TEXT.replace("192.0.2.1", "192.0.2.256"),
    BASE_TEXT.replace("192.0.2.1", "2001:db8::1"),
    BASE_TEXT.replace("192.0.2.1", ""),
    BASE_TEXT.replace('"id.orig_p":1', '"id.orig_p":65536'),
    BASE_TEXT.replace('"id.orig_p":1', '"id.orig_p":"53"'),
  ];
  await readsAsTwin(lines);
  for (const odd of lines) await readsAsTwin([odd]);
});

Deno.test("readLog reads lists of JSON as its plain twin does", async () => {
  const dns = '{"_path":"dns","ts":1.5,"id.orig_h":"1.1.1.1","id.orig_p":1,' +
    '"id.resp_h":"1.1.1.2","id.resp_p":53,"trans_id":1,"query":"a"';
  const values = [
    '"answers":["a","b"],"TTLs":[60.0,300,0.5]',
    '"answers":[],"TTLs":[]',
    '"answers":[null,"a"],"TTLs":[null,60]',
    '"answers":["a,b","c"],"TTLs":["60.0"]',
    '"answers":"a,b","TTLs":"60.0,70"',
    '"answers":[ 1 , true , "x" ],"TTLs":[ 1 , 2 ]',
    '"answers":["\\"q\\""],"TTLs":[1e3]',
    '"answers":[["a"]],"TTLs":[1]',
    '"answers":["é"],"TTLs":[0.1234567]',
    '"answers":["a"],"TTLs":[-1]',
    '"answers":["a"],"TTLs":["x"]',
    '"answers":null,"TTLs":null',
  ];
  await readsAsTwin(values.map((v) => `${dns},${v}}`));
});

Deno.test("readLog reads records of many types in one file as its plain twin does", async () => {
  const types = ["conn", "dns", "weird", "http", "open_conn", "ssl"];
  const lines = Array.from(
    { length: 3000 },
    (_, i) =>
      line(`,"_path":"${types[i * 7 % 13 % types.length]}","query":"q${i}"`),
  );
  assert.equal(await readsAsTwin(lines, "all.json"), 3002);
});

Deno.test("readLog passes over keys that mean nothing, however many", async () => {
  const random = new RandomState(9);
  const lines = Array.from({ length: 4000 }, () => {
    const more = Array.from({ length: 4 }, () => {
      const key = `key${Math.floor(random.random() ** 2 * 900)}`;
      const long = random.random() < 0.1 ? "x".repeat(70) : "";
      const values = [`"text"`, "1.5", "[1,2]", "true", `"conn"`];
      return `,"${key}${long}":${values[Math.floor(random.random() * 5)]}`;
    });
    return line(more.join(""));
  });
  assert.equal(await readsAsTwin(lines), lines.length + 2);
});
