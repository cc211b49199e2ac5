/**
 * The original tool's whole work as a program of its own: deno run -A
 * workflow_ours.ts FOLDER. It imports no more than such a program needs; the
 * process is timed from outside. Prints JSON.
 */
import {
  clusterDBSCAN,
  clusterKMeans,
  readRecords,
} from "../../pipeline/mod.ts";
import { peakRss } from "./run.ts";

const records = await readRecords({ path: `${Deno.args[0]}/conn.log` }, "conn");
await clusterKMeans(records, "session", {});
const { clusters } = await clusterDBSCAN(records, "session", {});
const value = clusters.filter(({ label }) => label >= 0).length;
console.log(JSON.stringify({ rss: await peakRss(), value }));
