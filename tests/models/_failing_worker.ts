/** Takes two starts of k-means and fails. */
import type { StartsJob } from "../../pipeline/models/kmeans_worker.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<StartsJob>) => void;
};

if (typeof Window === "undefined") {
  scope.onmessage = ({ data }) => {
    Atomics.add(data.next, 0, 2);
    throw new Error("out of order");
  };
}
