/** Imports that are killed at random points, and what they must end in. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { importLogs } from "../../pipeline/import_logs.ts";
import { SkerryError } from "../../pipeline/errors.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { lcg } from "../golden/data.ts";
import { CONN_HEADER } from "../ingest/_logs.ts";
import type { Mariadb } from "../_mariadb.ts";

/** Files and records in each: enough for some ten parts of {@link PART_ROWS}. */
const FILES = 8, RECORDS = 400;
const PART_ROWS = 300;

/** A folder of logs; its records are told apart by their uids. */
export async function makeLogs(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const u = lcg(7);
  for (let f = 0; f < FILES; f++) {
    const rows = Array.from({ length: RECORDS }, (_, i) =>
      [
        1_700_000_000 + f * 3600 + i,
        `C${f}n${i}`,
        `10.0.0.${Math.floor(u() * 20)}`,
        1024 + i,
        `192.0.2.${Math.floor(u() * 20)}`,
        443,
        "tcp",
        "SF",
      ].join("\t"));
    const text = CONN_HEADER + rows.join("\n") + "\n";
    await Deno.writeTextFile(`${folder}/conn${f}.log`, text);
  }
}

/** What has just ended cannot be killed any more, and need not be. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** How many records a store shows, and a hash over all of them. */
export async function contents(
  location: string,
): Promise<{ readonly records: number; readonly hash: string }> {
  await using store = await openStore(location);
  const dataset = await store.openDataset("d");
  const hash = createHash("sha256");
  let records = 0;
  for await (const batch of store.batches(dataset, "conn")) {
    for (let i = 0; i < batch.length; i++, records++) {
      hash.update(JSON.stringify(batch.row(i)));
    }
  }
  const files = (await store.importedFiles(dataset))
    .map(({ path, reports }) => [path, reports]).toSorted();
  hash.update(JSON.stringify(files));
  const pairs = await store.pairs(dataset, { limit: 1000 });
  hash.update(JSON.stringify(pairs));
  return { records, hash: hash.digest("hex") };
}

/**
 * Kills importers, each a little later or earlier, and begins anew on what the
 * last one left, until one comes to its end.
 *
 * @param locations a new store for each round.
 */
export async function killImporters(
  locations: () => string,
  folder: string,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): Promise<void> {
  const began = performance.now();
  const undisturbed = locations();
  await finished(importer(undisturbed, folder));
  const whole = performance.now() - began;
  const expected = await contents(undisturbed);
  assert.equal(expected.records, FILES * RECORDS);
  const u = lcg(seed);
  let killed = 0;
  for (let round = 0; round < rounds; round++) {
    const location = locations();
    for (let kills = 0; kills < 3; kills++) {
      const child = importer(location, folder);
      const timer = setTimeout(
        () => kill(child),
        whole * (0.3 + 0.7 * u()),
      );
      const { success } = await child.status;
      clearTimeout(timer);
      if (success) break;
      killed++;
      const { records } = await contents(location);
      assert.ok(
        records === 0 || records === expected.records,
        `${records} of ${expected.records} records are shown`,
      );
    }
    await finished(importer(location, folder));
    assert.deepEqual(await contents(location), expected, `round ${round}`);
  }
  console.log(`  killed ${killed} importers in ${rounds} rounds`);
  assert.ok(killed > 0, "no importer was killed");
}

/** Kills the server under an import, or only its connections. */
export async function killServer(
  server: Mariadb,
  databases: () => string,
  folder: string,
  { rounds, seed, what }: {
    readonly rounds: number;
    readonly seed: number;
    readonly what: "server" | "connections";
  },
): Promise<void> {
  const run = async (location: string) => {
    await using store = await openStore(location, { partRows: PART_ROWS });
    await importLogs(store, await store.openDataset("d"), folder);
  };
  const undisturbed = server.address(databases());
  const began = performance.now();
  await run(undisturbed);
  const whole = performance.now() - began;
  const expected = await contents(undisturbed);
  const u = lcg(seed);
  let failed = 0;
  for (let round = 0; round < rounds; round++) {
    const location = server.address(databases());
    await (await openStore(location))[Symbol.asyncDispose]();
    const importing = run(location).then(() => null, (error) => error);
    await new Promise((resolve) => setTimeout(resolve, whole * u()));
    if (what === "server") {
      await server.kill();
      await server.restart();
    } else await killConnections(server);
    const error = await importing;
    if (error) {
      failed++;
      assert.ok(error instanceof SkerryError, String(error?.stack ?? error));
      assert.ok(error.hint, "says what to do");
    }
    const { records } = await contents(location);
    assert.ok(
      records === 0 || records === expected.records,
      `${records} of ${expected.records} records are shown`,
    );
    await run(location);
    assert.deepEqual(await contents(location), expected, `round ${round}`);
  }
  console.log(`  ${failed} of ${rounds} imports lost their ${what}`);
  assert.ok(failed > 0, `no import lost its ${what}`);
}

async function killConnections(server: Mariadb): Promise<void> {
  const ids = await server.sql(
    "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db IS NOT NULL",
  );
  for (const id of ids.split("\n").filter(Boolean)) {
    await server.sql(`KILL CONNECTION ${id}`).catch(() => {});
  }
}

function importer(location: string, folder: string): Deno.ChildProcess {
  const script = new URL("_importer.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--frozen", "--no-check", script, location, folder],
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

async function finished(child: Deno.ChildProcess): Promise<void> {
  const { success, stderr } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
}
