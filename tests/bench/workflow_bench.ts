/** The original tool's whole work, from a log to clusters, as a cold process. */
import { connLog, ROWS } from "./data.ts";
import { againstScikitLearn, type Bench } from "./run.ts";

export const workflowBench: Bench = async function* (folder) {
  await Deno.writeTextFile(`${folder}/conn.log`, connLog(ROWS));
  const workload = "read, scale, PCA, k-means, DBSCAN: cold process";
  yield await againstScikitLearn(workload, "workflow", folder);
};
