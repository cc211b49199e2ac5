import type { Progress } from "../pipeline/progress.ts";
import type { ClusterMeta } from "./_cluster_meta.ts";

/** How far a clustering is, as the page shows it. */
export type ClusterState =
  | { readonly at: "computing"; readonly progress: Progress | null }
  | { readonly at: "done"; readonly meta: ClusterMeta }
  | { readonly at: "failed"; readonly message: string };

/** Asks for a dataset's clusters and tells every change; returns the end. */
export function follow(
  dataset: string,
  tell: (state: ClusterState) => void,
): () => void {
  const query = new URLSearchParams({ dataset });
  const events = new EventSource(`/api/clusters?${query}`);
  const on = (name: string, state: (data: string) => ClusterState) =>
    events.addEventListener(name, (event) => tell(state(event.data)));
  on("progress", (data) => ({ at: "computing", progress: JSON.parse(data) }));
  on("done", (data) => {
    events.close();
    return { at: "done", meta: JSON.parse(data) };
  });
  on("failed", (data) => {
    events.close();
    return { at: "failed", message: JSON.parse(data).message };
  });
  events.onerror = () => {
    // While it says CONNECTING the browser tries again by itself.
    if (events.readyState !== EventSource.CLOSED) return;
    tell({
      at: "failed",
      message: "Cannot compute clusters: the server does not answer",
    });
  };
  return () => events.close();
}
