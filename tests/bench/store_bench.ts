/** Import and reading back of 22,000 records, against a bare SQLite table. */
import { connLog, ROWS } from "./data.ts";
import { type Bench, runOurs } from "./run.ts";

export const storeBench: Bench = async function* (folder) {
  await Deno.writeTextFile(`${folder}/conn.log`, connLog(ROWS));
  for (
    const [ours, theirs, workload] of [
      ["insert", "bareInsert", "import a log into the store, rows/s"],
      ["select", "bareSelect", "read the store's records, rows/s"],
    ]
  ) {
    yield {
      workload,
      ours: await runOurs(ours, folder),
      theirs: await runOurs(theirs, folder),
      against: "node:sqlite, one bare table",
      rows: ROWS,
    };
  }
};
