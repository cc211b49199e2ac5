/** Reading a conn.log of about 50 MB into columns, against pandas. */
import { connLog } from "./data.ts";
import { type Bench, hasModule, runOurs, runTheirs } from "./run.ts";

/** About 125 bytes each. */
const ROWS = 400_000;

export const ingestBench: Bench = async function* (folder) {
  await Deno.mkdir(`${folder}/large`);
  const text = connLog(ROWS);
  await Deno.writeTextFile(`${folder}/large/conn.log`, text);
  const ours = await runOurs("read", folder);
  const theirs = await hasModule("pandas")
    ? await runTheirs("read", folder, 1)
    : { skipped: "Python has no pandas (Debian: python3-pandas)" };
  const megabytes = (text.length / 1e6).toFixed(0);
  const workload = `read a conn.log of ${megabytes} MB, rows/s`;
  yield { workload, ours, theirs, against: "pandas", rows: ours.value };
};
