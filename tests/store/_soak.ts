/**
 * Imports many generated connections in a process of its own and compares
 * count and checksum of what the store holds with what was written:
 *
 *     deno task soak [ROWS] [LOCATION]      10,000,000 into a file by default
 *
 * Fails when a record is lost or doubled, or memory was above 600 MB.
 */
import assert from "node:assert/strict";
import { importLogs } from "../../pipeline/import_logs.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { connLog } from "../bench/data.ts";
import { peakRss } from "../bench/run.ts";

const FILE_ROWS = 1_000_000;
const MOST_MIB = 600;

/** Sums a hash of every record, so that their order does not matter. */
class Checksum {
  count = 0;
  sum = 0;

  add(...values: readonly unknown[]): void {
    let hash = 0x811c9dc5;
    for (const character of values.join("\t")) {
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
    }
    this.count++;
    this.sum = (this.sum + hash) % 2 ** 52;
  }
}

async function write(folder: string, rows: number): Promise<Checksum> {
  const checksum = new Checksum();
  for (let file = 0, left = rows; left > 0; file++, left -= FILE_ROWS) {
    const text = connLog(Math.min(left, FILE_ROWS))
      .replaceAll("\tCx", `\tC${file}x`);
    await Deno.writeTextFile(`${folder}/conn.${file}.log`, text);
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [ts, uid, src, _, dst, port] = line.split("\t");
      checksum.add(ts, uid, src, dst, port);
    }
  }
  return checksum;
}

async function read(location: string): Promise<Checksum> {
  const checksum = new Checksum();
  await using store = await openStore(location, { readOnly: true });
  const dataset = (await store.findDataset("soak"))!;
  for await (const batch of store.batches(dataset, "conn")) {
    const ts = batch.numbers("ts"), port = batch.numbers("id.resp_p");
    const text = (name: string) => {
      const { codes, values } = batch.texts(name);
      return (i: number) => values[codes[i]];
    };
    const [uid, src, dst] = ["uid", "id.orig_h", "id.resp_h"].map(text);
    for (let i = 0; i < batch.length; i++) {
      checksum.add(ts[i].toFixed(6), uid(i), src(i), dst(i), port[i]);
    }
  }
  return checksum;
}

async function importAll(location: string, folder: string): Promise<void> {
  const began = performance.now();
  await using store = await openStore(location);
  const dataset = await store.openDataset("soak");
  const { records } = await importLogs(store, dataset, folder);
  const seconds = (performance.now() - began) / 1000;
  const rss = await peakRss();
  console.log(
    `imported ${records.toLocaleString("en")} records in ${
      seconds.toFixed(0)
    } s, ${Math.round(records / seconds).toLocaleString("en")}/s, peak RSS ${
      rss.toFixed(0)
    } MiB`,
  );
  assert.ok(rss <= MOST_MIB, `more than ${MOST_MIB} MiB`);
}

if (Deno.args[0] === "import") await importAll(Deno.args[1], Deno.args[2]);
else {
  const rows = Number(Deno.args[0] ?? 10_000_000);
  const folder = await Deno.makeTempDir({ prefix: "skerry-soak-" });
  try {
    const location = Deno.args[1] ?? `${folder}/soak.db`;
    await Deno.mkdir(`${folder}/logs`);
    const written = await write(`${folder}/logs`, rows);
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--frozen",
        import.meta.filename!,
        "import",
        location,
        `${folder}/logs`,
      ],
      stdout: "inherit",
      stderr: "inherit",
    }).output();
    assert.ok(success, "the import failed");
    assert.deepEqual(await read(location), written);
    console.log("count and checksum are those of what was written");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
