import type { NetEvent } from "../../../islands/_net.ts";
import { thinned } from "../../../pipeline/mod.ts";
import { eventStream, type ServerEvent } from "../../_events.ts";
import type { Job } from "../../_jobs.ts";
import { NetJob } from "../../_net_lab.ts";
import { type ApiDescription, jobOf, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "A training or a load as it goes, with its losses, until it ends.",
  parameters: {
    job: "query: its id",
  },
  answer: "server-sent events: net, a NetEvent",
  errors: { 404: "no job of that id is kept" },
};

/**
 * GET: the job `?job=` as server-sent events "net" (NetEvent), with the loss
 * curve so far, until it ends; 404 where it is not kept.
 */
export const handler = {
  GET({ url, signal, ...context }: RouteContext): Promise<Response> {
    const params = { id: url.searchParams.get("job") ?? "" };
    const job = jobOf({ ...context, url, params });
    return Promise.resolve(eventStream(eventsOf(job), signal));
  },
};

async function* eventsOf(job: Job<unknown>): AsyncGenerator<ServerEvent> {
  const { losses, heldOutLosses } = job.spec instanceof NetJob
    ? job.spec
    : { losses: [], heldOutLosses: [] };
  for await (const _ of job.events()) {
    const data: NetEvent = {
      job: job.view(),
      iterations: losses.length,
      // Copies: the training goes on before the event is written.
      losses: thinned([...losses]),
      heldOutLosses: thinned([...heldOutLosses]),
    };
    yield { event: "net", data };
  }
}
