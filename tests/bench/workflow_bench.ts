/** The original tool's whole work, from a log to clusters, as a cold process. */
import { connLog, ROWS } from "./data.ts";
import { againstScikitLearn, type Bench, type Comparison } from "./run.ts";

/** By turns. The first process after a change has no compiled code to reuse. */
const TURNS = 5;

export const workflowBench: Bench = async function* (folder) {
  await Deno.writeTextFile(`${folder}/conn.log`, connLog(ROWS));
  const workload = "read, scale, PCA, k-means, DBSCAN: cold process";
  const turns: Comparison[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    turns.push(await againstScikitLearn(workload, "workflow", folder));
  }
  yield {
    ...turns[0],
    ours: median(turns.map(({ ours }) => ours)),
    theirs: median(turns.map(({ theirs }) => theirs)),
  };
};

/** The one in the middle by time; all are alike where they were skipped. */
function median<T extends Comparison["theirs"]>(measured: readonly T[]): T {
  const ms = (one: T) => "ms" in one ? one.ms : 0;
  return measured.toSorted((a, b) => ms(a) - ms(b))[measured.length >> 1];
}
