import { jobOf, type RouteContext } from "../../../_page.ts";

/** Cancels a job and answers when it has stopped. */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const job = jobOf(context);
    job.cancel();
    await job.ended;
    return Response.json(job.view());
  },
};
