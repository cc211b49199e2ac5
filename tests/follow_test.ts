import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { follow } from "../pipeline/follow.ts";
import { importLogs } from "../pipeline/import_logs.ts";
import {
  type Dataset,
  openStore,
  type SessionStore,
} from "../pipeline/store/mod.ts";
import { command, withFolder } from "./_skerry.ts";
import { connLog } from "./ingest/_logs.ts";

const EVERY = 0.02;

/** Records `from` to `to` of an endless log, with a header of their own. */
function logOf(from: number, to: number): string {
  const lines = connLog(to).split("\n");
  const header = lines.findIndex((line) => !line.startsWith("#"));
  return [...lines.slice(0, header), ...lines.slice(header + from)].join("\n");
}

function rowsOf(from: number, to: number): string {
  return logOf(from, to).split("\n").filter((line) => !line.startsWith("#"))
    .join("\n");
}

async function uidsIn(store: SessionStore, dataset: Dataset) {
  const uids: string[] = [];
  for await (const batch of store.batches(dataset, "conn")) {
    for (let i = 0; i < batch.length; i++) uids.push(String(batch.row(i).uid));
  }
  return uids.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

const firstUids = (n: number) => Array.from({ length: n }, (_, i) => `C${i}`);

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Follows a folder while `write` writes there, and until all is read. */
async function following(
  write: (folder: string) => Promise<void>,
  check: (store: SessionStore, dataset: Dataset) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await using store = await openStore(":memory:");
    const dataset = await store.openDataset("office");
    const controller = new AbortController();
    const writing = write(folder).then(() => sleep(20 * EVERY * 1000))
      .finally(() => controller.abort());
    const imports = follow(store, dataset, folder, {
      every: EVERY,
      settle: 0.05,
      // Aborted only where it waits: an import that has begun is to end.
      signal: controller.signal,
      onTrouble: () => {},
    });
    try {
      for await (const _ of imports);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    }
    await writing;
    // What a stop amid an import left to the next.
    await importLogs(store, dataset, folder);
    await check(store, dataset);
  });
}

Deno.test("follow counts every record once while a log grows, rotates and is compressed", async () => {
  const hours = 4, perHour = 400;
  await following(async (folder) => {
    for (let hour = 0; hour < hours; hour++) {
      const current = `${folder}/conn.log`, begin = hour * perHour;
      const text = logOf(begin, begin + perHour);
      const bytes = new TextEncoder().encode(text);
      // Pieces that end anywhere in a line.
      for (let at = 0; at < bytes.length; at += 4999) {
        await Deno.writeFile(current, bytes.subarray(at, at + 4999), {
          append: true,
        });
        await sleep(8);
      }
      const rotated = `${folder}/conn.${hour}.log`;
      await Deno.rename(current, rotated);
      await sleep(15 * (hour % 3));
      // As gzip does: bit by bit beside the plain one, which then goes.
      const packed = gzipSync(bytes);
      for (let at = 0; at < packed.length; at += 700) {
        await Deno.writeFile(`${rotated}.gz`, packed.subarray(at, at + 700), {
          append: true,
        });
        await sleep(3);
      }
      await Deno.remove(rotated);
    }
  }, async (store, dataset) => {
    const uids = await uidsIn(store, dataset);
    assert.deepEqual(uids, firstUids(hours * perHour));
  });
});

Deno.test("follow reads a log anew that was cut to nothing and goes on", async () => {
  await following(async (folder) => {
    const path = `${folder}/conn.log`;
    await Deno.writeTextFile(path, logOf(0, 100));
    await sleep(300);
    await Deno.truncate(path, 0);
    await Deno.writeTextFile(path, logOf(100, 150));
    await sleep(300);
    await Deno.writeTextFile(path, rowsOf(150, 180), { append: true });
  }, async (store, dataset) => {
    assert.deepEqual(await uidsIn(store, dataset), firstUids(180));
  });
});

Deno.test("follow throws what fails three times in a row", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("office");
  let told = 0;
  const imports = follow(store, dataset, "/nowhere/at/all", {
    every: 0.001,
    onTrouble: () => told++,
  });
  await assert.rejects(imports.next(), /Cannot read \/nowhere\/at\/all/);
  assert.equal(told, 2);
});

Deno.test("importLogs knows a plain log whose compressed form it has read, and goes on from it", () =>
  withFolder(async (folder) => {
    await using store = await openStore(":memory:");
    const dataset = await store.openDataset("office");
    const text = logOf(0, 50);
    await Deno.writeFile(`${folder}/conn.log.gz`, gzipSync(text));
    assert.equal((await importLogs(store, dataset, folder)).records, 50);
    await Deno.writeTextFile(`${folder}/plain.log`, text);
    assert.equal((await importLogs(store, dataset, folder)).records, 0);
    await Deno.writeTextFile(`${folder}/grown.log`, text + rowsOf(50, 70));
    assert.equal((await importLogs(store, dataset, folder)).records, 20);
    assert.deepEqual(await uidsIn(store, dataset), firstUids(70));
  }));

Deno.test("skerry run --follow reads on as a log grows, and ends well on Ctrl-C", () =>
  withFolder(async (folder) => {
    const logs = `${folder}/logs`, path = `${logs}/conn.log`;
    await Deno.mkdir(logs);
    await Deno.writeTextFile(path, logOf(0, 100));
    const child = command([
      "run",
      logs,
      "--follow",
      "--every",
      "1s",
      "--dataset",
      "live",
      "--store",
      `${folder}/a.db`,
    ]).spawn();
    const out = child.stdout.pipeThrough(new TextDecoderStream());
    let text = "", grown = false;
    for await (const piece of out) {
      text += piece;
      if (!grown && text.includes("100")) {
        grown = true;
        await Deno.writeTextFile(path, rowsOf(100, 137), { append: true });
      }
      if (grown && text.includes("137")) break;
    }
    child.kill("SIGINT");
    const note = await new Response(child.stderr).text();
    assert.equal((await child.status).code, 0, note);
    assert.match(note, /Stopped\./);
    await using store = await openStore(`${folder}/a.db`);
    const dataset = (await store.findDataset("live"))!;
    assert.deepEqual(await uidsIn(store, dataset), firstUids(137));
  }));
