import assert from "node:assert/strict";
import { hunt, importLogs, openStore } from "../../pipeline/mod.ts";
import { csv } from "../../pipeline/report/csv.ts";
import { byLaneText } from "../../pipeline/report/findings_text.ts";
import { findingText } from "../../pipeline/report/finding_text.ts";
import { datasetsText, recordsCsv } from "../../pipeline/report/listing.ts";
import {
  progressLine,
  ProgressPrinter,
} from "../../pipeline/report/progress_bar.ts";
import {
  runText,
  type RunTextOptions,
} from "../../pipeline/report/run_text.ts";
import { PLAIN, wrap } from "../../pipeline/report/terminal.ts";
import { visible } from "../../pipeline/report/visible.ts";
import { finding, report } from "./_findings.ts";

const demo = new URL("../../fixtures/demo/", import.meta.url).pathname;
const ESC = "\u001b";

const OPTIONS: RunTextOptions = {
  terminal: PLAIN,
  timeZone: "UTC",
  newFiles: 4,
  unchanged: 0,
  location: "case.db",
  command: (words) => `skerry ${words}`,
  limit: 10,
};

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

function assertFits(text: string): void {
  for (const line of text.split("\n")) {
    assert.ok(line.length <= 100, `${line.length} columns: ${line}`);
  }
}

Deno.test("visible leaves readable text of any script alone", () => {
  for (const text of ["", "a b", "bücher.example", "例え.テスト", "🐟", "̈"]) {
    assert.equal(visible(text), text);
  }
});

Deno.test("visible shows what a terminal would obey, hide or reorder", () => {
  const hostile: [given: string, shown: string][] = [
    [`${ESC}[2J`, "<0x1B>[2J"],
    ["a\r\nb\tc\0", "a<0x0D><0x0A>b<0x09>c<0x00>"],
    ["\u009b31m\u007f", "<0x9B>31m<0x7F>"],
    ["ex\u202egpj.exe", "ex<U+202E>gpj.exe"],
    ["pay\u200bpal\ufeff\u00ad", "pay<U+200B>pal<U+FEFF><0xAD>"],
    ["\u2028\u2029", "<U+2028><U+2029>"],
    ["\ud800", "<U+D800>"],
    ["\u3164", "<U+3164>"],
    ["\u{e0041}", "<U+E0041>"],
  ];
  for (const [given, shown] of hostile) {
    assert.equal(visible(given), shown);
    assert.equal(visible(shown), shown);
  }
});

/** A reader of RFC 4180, to hold the writer against. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[""]];
  for (let i = 0, quoted = false; i < text.length; i++) {
    const row = rows.at(-1)!, c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') {
      row[row.length - 1] += text[++i];
    } else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ",") row.push("");
    else if (!quoted && c === "\r" && text[i + 1] === "\n") {
      rows.push([""]);
      i++;
    } else row[row.length - 1] += c;
  }
  assert.deepEqual(rows.pop(), [""], "the last line is ended");
  return rows;
}

Deno.test("csv is read back as it was written", () => {
  const rows = [
    ["a", "b,c", 'say "hi"'],
    ["two\r\nlines", "", " spaced "],
    ['"', ",", "\n"],
  ];
  assert.deepEqual(parseCsv(csv(["x", "y", "z"], rows)), [
    ["x", "y", "z"],
    ...rows,
  ]);
  assert.equal(csv(["x"], []), "x\r\n");
  assert.equal(csv(["x", "y"], [[null, undefined]]), "x,y\r\n,\r\n");
});

Deno.test("csv makes formulas of texts harmless, and leaves numbers alone", () => {
  const given = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("x")',
  ];
  const cells = parseCsv(csv(["x"], given.map((text) => [text]))).slice(1);
  assert.deepEqual(cells, given.map((text) => ["'" + text]));
  assert.equal(csv(["x"], [[-1.5]]), "x\r\n-1.5\r\n");
});

Deno.test("recordsCsv has the columns in the order in which they are first met", () => {
  assert.equal(
    recordsCsv([{ ts: 1, uid: "C1" }, { ts: 2, host: "a" }]),
    "ts,uid,host\r\n1,C1,\r\n2,,a\r\n",
  );
});

Deno.test("runText keeps the demo's report to 100 columns", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  const { notes } = await importLogs(store, dataset, demo);
  const run = await hunt(store, dataset, { notes });
  const text = runText({ ...run, dataset: "demo" }, { ...OPTIONS, limit: 100 });
  assertFits(text);
  for (const { rank, src } of run.findings) {
    assert.match(text, new RegExp(`\\n +${rank} 0\\.\\d\\d .*${src} → `));
  }
});

Deno.test("runText keeps the longest IPv4 finding to 100 columns, its uid kept", () => {
  const reasons = ["timing", "size", "name"].map((name, i) => ({
    name,
    value: 1,
    unit: "",
    effect: 3 - i,
    text:
      `${name} 1 234 check-ins of 12 345 contacts, by chance under 1 in 10^9`,
  }));
  const long = finding({
    src: "192.168.100.200",
    dst: "198.151.100.200",
    name: null,
    nameSource: null,
    port: 65_535,
    count: 123_456,
    evidence: {
      period: 172_700,
      jitter: 7100,
      timingScore: 0.9,
      answered: false,
    },
    reasons,
  });
  const text = runText(report([long]), OPTIONS);
  assertFits(text);
  assert.match(text, /why: timing/);
  assert.match(text, /\(uid CNgqqB1XePZgDVq0Kj\)/);
  assert.match(text, /192\.168\.100\.200 → 198\.151\.100\.200:65535/);
});

Deno.test("runText tells an open connection, a rhythm and a dead server apart", () => {
  const text = plain(runText(
    report([
      finding(),
      finding({
        rank: 2,
        evidence: { longestSeconds: 18_000, stillOpen: true },
        detector: "long-connection",
      }),
      finding({
        rank: 3,
        score: 0.3,
        evidence: {
          period: null,
          jitter: null,
          timingScore: 0,
          answered: false,
        },
      }),
    ]),
    OPTIONS,
  ));
  assert.match(text, /:443 {2}every 60 s ± 3 s, 120 times\n/);
  assert.match(text, /open for 5 h, still open/);
  assert.match(text, /:443 {2}120 times, never answered/);
  assert.match(text, /findings {3}2 critical, 1 low/);
});

Deno.test("runText prints hostile names visibly, in findings and above them", () => {
  const text = runText(
    report([finding({ name: `evil${ESC}[2J\u202e.example` })], {
      dataset: `logs${ESC}]0;x\u0007`,
      sensors: ["north\u200b"],
      notLookedAt: [`a${ESC}c.log is no Zeek log`],
    }),
    { ...OPTIONS, location: `case${ESC}.db` },
  );
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e\u200b]/);
  assert.match(text, /evil<0x1B>\[2J<U\+202E>\.example/);
});

Deno.test("runText brackets IPv6 destinations and never cuts them", () => {
  const dst = "2001:db8:1234:5678:9abc:def0:1234:5678";
  const text = runText(
    report([finding({ src: dst, dst, name: null, nameSource: null })]),
    OPTIONS,
  );
  assert.ok(text.includes(`[${dst}]:443`));
});

Deno.test("runText says where the window has gaps and what was not read", () => {
  const text = plain(runText(
    report([], {
      window: {
        from: 1.7e9,
        to: 1.7e9 + 86_400,
        logCoverage: 0.004,
        gaps: [1, 2, 3, 4].map((i) => ({
          from: 1.7e9 + 9000 * i,
          to: 1.7e9 + 9000 * i + 300 * i,
        })),
      },
      imports: [{
        path: "conn.log",
        logType: "conn",
        format: "zeek-tsv",
        records: 9,
        skipped: 2,
        firstTs: 1.7e9,
        lastTs: 1.7e9,
        errors: [{ line: 7, field: "ts", value: "x", reason: "no number" }],
        status: "new",
      }],
    }),
    { ...OPTIONS, newFiles: 1, unchanged: 3 },
  ));
  assertFits(text);
  assert.match(text, /under 1 % of the window has logs; gaps: /);
  assert.match(text.replace(/\n +/g, " "), /for 1200 s, .* and 1 shorter/);
  assert.match(
    text.replace(/\n +/g, " "),
    /2 lines in 1 file, the first conn\.log:7 ts "x": no number/,
  );
  assert.match(text, /1 new file, 3 files were read before; records: conn 9/);
  assert.match(text, /Nothing repeats often or long enough to be a finding/);
});

Deno.test("runText counts what the limit leaves out", () => {
  const findings = Array.from(
    { length: 12 },
    (_, i) => finding({ rank: i + 1, src: `10.0.0.${i}` }),
  );
  const text = runText(report(findings), { ...OPTIONS, limit: 5 });
  assert.match(text, /5 of 12 shown/);
  assert.ok(text.includes("10.0.0.4 →") && !text.includes("10.0.0.5 →"));
});

Deno.test("runText shows the best of each lane, however busy another is", () => {
  const busy = Array.from(
    { length: 12 },
    (_, i) => finding({ rank: i + 1, dst: `203.0.113.${i}`, name: null }),
  );
  const inward = Array.from({ length: 4 }, (_, i) =>
    finding({
      rank: 13 + i,
      score: 0.1,
      src: `198.51.100.${i}`,
      direction: "ingress",
    }));
  const text = runText(report([...busy, ...inward]), { ...OPTIONS, limit: 5 });
  assert.match(text, /ingress, from outside to inside; the best of 4 findings/);
  assert.ok(text.includes("198.51.100.2 →"));
  assert.ok(!text.includes("198.51.100.3 →"), "three of each lane");
  assert.ok(!/egress, from/.test(text), "its best are in the common list");
  assert.ok(!runText(report(busy), OPTIONS).includes("from inside"));
  assertFits(text);
});

Deno.test("a finding tells under it what other keys see of it", () => {
  const also = Array.from(
    { length: 5 },
    (_, i) => `n${i}.example (9 contacts)`,
  );
  const one = finding({
    evidence: { ...finding().evidence, alsoSeenAs: also },
  });
  const list = runText(report([one]), OPTIONS);
  assert.match(
    list.replace(/\n +/g, " "),
    /also seen as: n0\.example \(9 contacts\), n1.*n2.*and 2 more/,
  );
  assertFits(list);
});

Deno.test("byLaneText gives each lane a list of its own", () => {
  const text = byLaneText([
    finding({ rank: 1 }),
    finding({ rank: 2, src: "10.0.0.2", direction: "internal" }),
    finding({ rank: 3, src: "10.0.0.3" }),
  ], { terminal: PLAIN, limit: 1 }).join("\n");
  const places = ["egress, from inside", "10.20.0.17 →", "1 of 2 shown"]
    .concat("internal, between", "10.0.0.2 →").map((part) =>
      text.indexOf(part)
    );
  assert.ok(!places.includes(-1), text);
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.ok(!text.includes("10.0.0.3"));
});

Deno.test("findingText lists every reason with its sign, and hostile records visibly", () => {
  const text = findingText(
    finding(),
    {
      verdict: "malicious",
      regular: null,
      notes: [{ at: 1.7e9, text: `ticket${ESC}[1m` }],
      tags: [],
      owner: null,
      history: [],
    },
    [{ logType: "http", fields: { ts: 1.7e9, uid: "C1", uri: `/${ESC}c` } }],
    { terminal: PLAIN, timeZone: "UTC" },
  );
  assertFits(text);
  assert.ok(!text.includes(ESC));
  assert.match(text, /\+3\.60 {2}120 check-ins/);
  assert.match(text, /−3\.80 {2}most is benign/);
  assert.match(text, /verdict +malicious/);
  assert.match(text, /uri=\/<0x1B>c/);
  assert.doesNotMatch(text, /first seen/, "of a run that did not tell");
  const none = findingText(
    finding({ firstSeen: { ts: 1.7e9 - 60, history: 86_400 } }),
    {
      verdict: null,
      regular: null,
      notes: [],
      tags: [],
      owner: null,
      history: [],
    },
    [],
    { terminal: PLAIN, timeZone: "UTC" },
  );
  assert.match(none, /verdict +none yet/);
  assert.match(
    plain(none),
    /first seen +2023-11-14 22:12:20, after 24 h of logs without it/,
  );
  assert.match(none, /records are no longer in the store/);
});

Deno.test("datasetsText says that a store is empty, or what it holds", () => {
  assert.match(datasetsText([], PLAIN, "UTC"), /The store is empty/);
  const text = datasetsText(
    [{
      id: 1,
      name: "office",
      createdAt: 1.7e9,
      files: 1,
      records: { conn: 1234 },
      skipped: 0,
      firstTs: null,
      lastTs: null,
      runs: 2,
      unfinished: 0,
    }],
    PLAIN,
    "UTC",
  );
  assert.match(
    plain(text),
    /office\n +1 file, conn 1 234; 0 lines skipped; 2 runs\n +no records/,
  );
});

Deno.test("wrap breaks between words only, and loses none", () => {
  const text = "a bb ccc dddddddddddd ee f";
  const lines = wrap(text, 8);
  assert.deepEqual(lines, ["a bb ccc", "dddddddddddd", "ee f"]);
  assert.equal(lines.join(" "), text);
  assert.deepEqual(wrap("", 8), [""]);
});

Deno.test("progressLine fills with the share done, and never beyond", () => {
  const line = (done: number, total?: number, unit = "pairs") =>
    plain(progressLine(PLAIN, { stage: "scoring", done, total, unit }));
  assert.equal(line(1234), "  scoring    1 234 pairs");
  assert.equal(
    line(5000, 20_000),
    `  scoring    ${"█".repeat(10)}${
      "░".repeat(30)
    }  25 %  5 000 of 20 000 pairs`,
  );
  assert.match(line(999, 1000), / 99 % /);
  assert.match(line(30, 20), /█{40} 100 % /);
  assert.match(line(0, 0), / 100 % /);
  assert.match(line(1_500_000, 3e6, "bytes"), /1\.5 of 3\.0 MB$/);
  const ascii = progressLine({ ...PLAIN, unicode: false }, {
    stage: "reading",
    done: 1,
    total: 2,
    unit: "files",
  });
  assert.match(ascii, /#{20}-{20} {2}50 %/);
});

Deno.test("ProgressPrinter draws on a terminal only, and clears what it drew", () => {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const quiet = new ProgressPrinter(PLAIN, false, write);
  quiet.show({ stage: "reading", done: 1, total: 2, unit: "files" });
  quiet.clear();
  assert.equal(written.length, 0);
  const live = new ProgressPrinter(PLAIN, true, write);
  for (const done of [0, 1, 2]) {
    live.show({ stage: "reading", done, total: 2, unit: "files" });
  }
  live.clear();
  assert.ok(written.length >= 3);
  assert.match(written[0], /reading/);
  assert.ok(written.at(-2)!.includes("100 %"), "the end is always drawn");
  assert.equal(written.at(-1), `\r${ESC}[K`);
});
