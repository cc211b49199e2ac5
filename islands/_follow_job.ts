import type { JobView } from "./_job_view.ts";
import { post } from "./_request.ts";

/**
 * Tells each event of a job until the job ends.
 *
 * @param jobOf the job in an event's data.
 * @param lost is called when the server does not answer any more.
 * @returns what stops following.
 */
export function followEvents<T>(
  path: string,
  name: string,
  jobOf: (event: T) => JobView,
  tell: (event: T) => void,
  lost: () => void,
): () => void {
  const events = new EventSource(path);
  events.addEventListener(name, (message) => {
    const event: T = JSON.parse(message.data);
    if (jobOf(event).state !== "running") events.close();
    tell(event);
  });
  events.onerror = () => {
    // While it says CONNECTING the browser tries again by itself.
    if (events.readyState === EventSource.CLOSED) lost();
  };
  return () => events.close();
}

/** {@link followEvents} of a job that says nothing but how far it is. */
export function followJob(
  id: number,
  tell: (job: JobView) => void,
  lost: () => void,
): () => void {
  return followEvents<JobView>(
    `/api/jobs/${id}/events`,
    "job",
    (job) => job,
    tell,
    lost,
  );
}

/** Asks the server to stop a job; its end is told by its events. */
export function cancelJob(id: number): Promise<JobView> {
  return post<JobView>(`/api/jobs/${id}/cancel`, {});
}
