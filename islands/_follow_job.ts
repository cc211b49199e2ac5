import type { JobView } from "./_job_view.ts";

/** Tells every change of a job of the server until it ends; returns the end. */
export function followJob(
  id: number,
  tell: (job: JobView) => void,
): () => void {
  const events = new EventSource(`/api/jobs/${id}/events`);
  events.addEventListener("job", (event) => {
    const job: JobView = JSON.parse(event.data);
    if (job.state !== "running") events.close();
    tell(job);
  });
  return () => events.close();
}

/** Asks the server to stop a job; its end is told by its events. */
export async function cancelJob(id: number): Promise<void> {
  await fetch(`/api/jobs/${id}/cancel`, { method: "POST" });
}
