import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  type FileReport,
  findLogs,
  type LogFile,
  readLog,
  readLogs,
  type ReadLogsOptions,
} from "../../pipeline/ingest/mod.ts";
import { headerLines } from "../../pipeline/ingest/header_lines.ts";
import { putLines } from "../../pipeline/line_runs.ts";
import type { RecordBatch } from "../../pipeline/record_batch.ts";
import { connLog, sharedTest, withFile } from "./_logs.ts";

type Row = Record<string, string | number>;

function rowsOf(batch: RecordBatch): Row[] {
  return Array.from({ length: batch.length }, (_, i) => batch.row(i));
}

interface FileRead {
  readonly rows: Row[];
  report?: FileReport;
}

/** What each log gives, by path. */
async function readAll(
  logs: readonly LogFile[],
  options: ReadLogsOptions,
): Promise<Map<string, FileRead>> {
  const files = new Map(
    logs.map(({ path }): [string, FileRead] => [path, { rows: [] }]),
  );
  for await (const event of readLogs(logs, options)) {
    const file = files.get(event.log.path)!;
    assert.equal(file.report, undefined, "nothing comes after the report");
    if ("report" in event) file.report = event.report;
    else file.rows.push(...rowsOf(event.batch));
  }
  return files;
}

/** The same by readLog alone. */
async function readOne(log: LogFile): Promise<FileRead> {
  const batches = readLog(log), rows: Row[] = [];
  for (;;) {
    const { value, done } = await batches.next();
    if (done) return { rows, report: value };
    rows.push(...rowsOf(value));
  }
}

async function assertAsAlone(
  path: string,
  options: ReadLogsOptions,
): Promise<void> {
  const { logs } = await findLogs(path);
  const files = await readAll(logs, options);
  for (const log of logs) {
    assert.deepEqual(files.get(log.path), await readOne(log), log.path);
  }
}

const BAD = "1.5\tbad\n";

for (const partBytes of [300, 4096, 1 << 20]) {
  for (const lend of [false, true]) {
    Deno.test(
      `readLogs gives what readLog does, in parts of ${partBytes}, ${
        lend ? "lent" : "copied"
      }`,
      async () => {
        const lines = connLog(3000).split("\n");
        // Errors whose lines are counted over the parts.
        for (const at of [100, 1500, 2999]) lines.splice(at, 0, BAD.trim());
        await withFile(lines.join("\n"), async (path) => {
          await Deno.writeFile(`${path}.gz`, gzipSync(connLog(500)));
          await Deno.writeTextFile(`${path}.cut`, connLog(50).slice(0, -9));
          const folder = path.slice(0, path.lastIndexOf("/"));
          await assertAsAlone(folder, { workers: 3, partBytes, lend });
        });
      },
    );
  }
}

/** As connLog, its addresses behind their ports. */
function swappedLog(n: number): string {
  return connLog(n)
    .replace("\tid.orig_h\tid.orig_p\t", "\tid.orig_p\tid.orig_h\t")
    .split("\n").map((line) => {
      if (line.startsWith("#")) return line;
      const cells = line.split("\t");
      if (cells.length > 3) [cells[2], cells[3]] = [cells[3], cells[2]];
      return cells.join("\t");
    }).join("\n");
}

Deno.test("readLogs reads on by a header that changes in an earlier part", async () => {
  const first = connLog(200), swapped = swappedLog(300);
  const weird = connLog(100).replace("#path\tconn", "#path\tweird");
  await withFile(first + swapped + weird + first, async (path) => {
    await assertAsAlone(path, { workers: 2, partBytes: 500 });
    await assertAsAlone(path, { workers: 2, partBytes: 5000 });
  });
});

Deno.test("readLogs reads a part again though what it read since is not taken", async () => {
  const text = (connLog(200) + swappedLog(200)).repeat(12);
  await withFile(text, async (path) => {
    const { logs } = await findLogs(path);
    // Whether one waits for itself is a matter of turns: in one of three it did.
    for (let round = 0; round < 12; round++) {
      let rows = 0;
      for await (
        const event of readLogs(logs, { workers: 2, partBytes: 5000 })
      ) rows += "report" in event ? 0 : event.batch.length;
      assert.equal(rows, 4800);
    }
  });
});

Deno.test("readLogs takes parts that lie within one line for what they are", async () => {
  const long = "x".repeat(5000);
  const text = connLog(3) + long + "\n" + connLog(2).slice(-60) + long;
  await withFile(
    text,
    (path) => assertAsAlone(path, { workers: 2, partBytes: 400 }),
  );
});

Deno.test("readLogs begins each log where it is told", async () => {
  const text = connLog(1000);
  const offset = text.indexOf("1700000600");
  await withFile(text, async (path) => {
    const { logs } = await findLogs(path);
    for (const workers of [1, 2]) {
      const files = await readAll(logs, {
        workers,
        partBytes: 2000,
        start: () => ({ offset, line: 608 }),
      });
      const { rows, report } = files.get(path)!;
      assert.equal(rows.length, 400);
      assert.equal(rows[0].ts, 1700000600);
      assert.equal(report!.end, text.length);
    }
  });
});

Deno.test("readLogs reports bytes that never go back and end at the whole", async () => {
  await withFile(connLog(5000), async (path) => {
    const { logs } = await findLogs(path);
    const done: number[] = [];
    await readAll(logs, {
      workers: 2,
      partBytes: 20_000,
      onProgress: (progress) => {
        assert.equal(progress.total, logs[0].size);
        done.push(progress.done);
      },
    });
    assert.ok(done.length > 5);
    assert.ok(done.every((d, i) => i === 0 || d >= done[i - 1]));
    assert.equal(done.at(-1), logs[0].size);
  });
});

Deno.test("readLogs reports far fewer times than it reads", async () => {
  await withFile(connLog(200_000), async (path) => {
    const { logs } = await findLogs(path);
    let reports = 0;
    await readAll(logs, { workers: 2, onProgress: () => reports++ });
    const reads = logs[0].size / (1 << 18);
    assert.ok(reads > 40 && reports < reads / 2, `${reports} of ${reads}`);
  });
});

Deno.test("headerLines gives a header that is longer than what is read at once", async () => {
  const names = Array.from({ length: 900 }, (_, i) => `field_${i}`);
  const lines = ["#separator \\x09", "#path\tconn", `#fields\t${names}`];
  await withFile(`${lines.join("\n")}\n1.5\tx\n`, async (path) => {
    const { logs: [log] } = await findLogs(path);
    assert.ok(lines[2].length > 1 << 13);
    assert.deepEqual(await headerLines(log, {}), lines);
  });
});

Deno.test("readLogs stops all workers when its reader leaves", async () => {
  await withFile(connLog(200_000), async (path) => {
    const { logs } = await findLogs(path);
    for await (const event of readLogs(logs, { workers: 2 })) {
      assert.ok("batch" in event);
      break;
    }
  });
});

Deno.test("readLogs throws the reason of a signal that is aborted while it waits", async () => {
  const reason = new Error("enough");
  await withFile(connLog(200_000), async (path) => {
    const { logs } = await findLogs(path);
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 5);
    const { signal } = controller;
    await assert.rejects(readAll(logs, { workers: 2, signal }), reason);
    await assert.rejects(readAll(logs, { workers: 2, signal }), reason);
  });
});

Deno.test("readLogs throws what a worker cannot read", async () => {
  await withFile(connLog(10), async (path) => {
    const { logs: [log] } = await findLogs(path);
    const gone = { ...log, path: `${path}.gone` };
    await assert.rejects(readAll([log, gone], { workers: 2 }), {
      name: "SkerryError",
      message: new RegExp(`^Cannot read ${path}.gone: `),
    });
  });
});

Deno.test("readLogs waits for who takes its batches", async () => {
  await withFile(connLog(1_000_000), async (path) => {
    const { logs } = await findLogs(path);
    let most = 0;
    const events = readLogs(logs, {
      workers: 2,
      partBytes: 1 << 20,
      onProgress: ({ done }) => most = done,
    });
    await events.next();
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Two batches each of up to one part, and the parts being read.
    assert.ok(most < 12 << 20, `${most} bytes were read ahead`);
    await events.return(undefined);
  });
});

Deno.test("readLogs lends batches of many log types without mixing them up", async () => {
  const types = Array.from({ length: 40 }, (_, i) => `type${i}`);
  const lines = Array.from({ length: 4000 }, (_, i) =>
    JSON.stringify({
      _path: types[i * 7 % 40],
      ts: 1.5 + i,
      text: `caf\u00e9 ${i}`,
    }));
  await withFile(lines.join("\n") + "\n", async (path) => {
    const { logs } = await findLogs(path);
    for (const workers of [1, 2]) {
      const seen: string[] = [];
      const events = readLogs(logs, {
        workers,
        lend: true,
        partBytes: 20_000,
        logTypes: "all",
      });
      for await (const event of events) {
        if (!("batch" in event)) continue;
        for (const { ts, text } of rowsOf(event.batch)) {
          seen.push(`${ts} ${text}`);
        }
      }
      const expected = lines.map((line) => JSON.parse(line))
        .map(({ ts, text }) => `${ts} ${text}`);
      assert.deepEqual(seen.sort(), expected.sort());
    }
  });
});

/** A log of which every record says in which line it stands. */
function numbered(json: boolean): string {
  const out = json ? [] : connLog(0).trimEnd().split("\n");
  for (let i = 0; i < 4000; i++) {
    const line = out.length + 1;
    if (i % 7 === 3) out.push("");
    else if (i % 11 === 5) out.push(json ? "{broken" : "1.5\tbad");
    else if (!json && i % 1000 === 500) out.push("#close\t2023-11-14");
    else if (!json && i % 1000 === 501) out.push(...fieldLines());
    else if (json && i % 5 === 1) {
      out.push(JSON.stringify({ _path: "weird", ts: 5, line }));
    } else if (json) {
      out.push(JSON.stringify({ _path: "conn", ...record(line) }));
    } else out.push(Object.values(record(line)).join("\t"));
  }
  return out.join("\n");
}

const fieldLines = () =>
  connLog(0).split("\n").filter((l) => /^#(fields|types)/.test(l));

const record = (line: number) => ({
  ts: 1700000000 + line,
  uid: `C${line}`,
  "id.orig_h": "192.0.2.1",
  "id.orig_p": 1024,
  "id.resp_h": "192.0.2.2",
  "id.resp_p": 80,
  proto: "tcp",
  conn_state: line % 13 === 0 ? "caf\u00e9" : "SF",
});

for (const json of [false, true]) {
  for (const workers of [1, 3]) {
    Deno.test(
      `readLogs tells the line of every record, ${
        json ? "JSON" : "TSV"
      } with ${workers} workers`,
      () =>
        withFile(numbered(json), async (path) => {
          await Deno.writeFile(`${path}.gz`, gzipSync(numbered(json)));
          const { logs } = await findLogs(path.slice(0, path.lastIndexOf("/")));
          const options = { workers, partBytes: 5000, lend: true };
          let seen = 0;
          for await (const event of readLogs(logs, options)) {
            if (!("batch" in event)) continue;
            const { batch } = event, lines = new Float64Array(batch.length);
            putLines(batch.lines!, batch.length, lines, 0);
            const told = batch.numbers("ts").map((ts) => ts - 1700000000);
            if (batch.schema.path === "conn") {
              assert.deepEqual([...lines], [...told]);
              seen += batch.length;
            }
          }
          assert.ok(seen > 4000, `${seen}`);
        }),
    );
  }
}

Deno.test("readLogs of no log gives nothing", async () => {
  assert.equal((await readAll([], { workers: 2 })).size, 0);
});

sharedTest(
  "readLogs reads 20-ctu-testing as readLog does, log by log",
  "20-ctu-testing",
  (path) => assertAsAlone(path, { workers: 2, partBytes: 50_000 }),
);
