/** Scaler, PCA, k-means, DBSCAN and the net against scikit-learn. */
import { featureMatrix } from "../../pipeline/feature_matrix.ts";
import { PCA, StandardScaler } from "../../pipeline/models/mod.ts";
import { named } from "../golden/data.ts";
import { FEATURES, NET_ROWS, ROWS, sessions } from "./data.ts";
import { againstScikitLearn, type Bench } from "./run.ts";

const n = ROWS.toLocaleString("en");

export const modelsBench: Bench = async function* (folder) {
  await prepare(folder);
  for (
    const [name, workload] of [
      ["scaler", `StandardScaler ${n} × 7`],
      ["pca", `PCA(2) ${n} × 7`],
      ["kmeans", `KMeans(20, nInit 10) ${n} × 2`],
      ["dbscan", `DBSCAN(0.3, 10) ${n} × 7`],
      ["mlp", `MLP lbfgs (5, 3) ${NET_ROWS.toLocaleString("en")} × 7`],
    ]
  ) yield await againstScikitLearn(workload, name, folder);
};

/** Both sides read the same matrices, so that only the fit differs. */
async function prepare(folder: string): Promise<void> {
  const raw = featureMatrix(sessions(ROWS), named(FEATURES));
  const scaled = (await StandardScaler.fit(raw)).transform(raw);
  const plane = (await PCA.fit(scaled)).transform(scaled);
  await write(`${folder}/raw.f64`, raw.data);
  await write(`${folder}/scaled.f64`, scaled.data);
  await write(`${folder}/plane.f64`, plane.data);
  const net = scaled.data.slice(0, NET_ROWS * FEATURES);
  await write(`${folder}/net.f64`, net);
  const isOne = (i: number) => raw.data[i * FEATURES + 3] === 443;
  const y = Uint8Array.from({ length: ROWS }, (_, i) => isOne(i) ? 1 : 0);
  await Deno.writeFile(`${folder}/y.u8`, y);
}

async function write(path: string, data: Float64Array): Promise<void> {
  await Deno.writeFile(path, new Uint8Array(data.buffer as ArrayBuffer));
}
