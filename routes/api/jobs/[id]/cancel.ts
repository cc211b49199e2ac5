import {
  type ApiDescription,
  jobOf,
  type RouteContext,
} from "../../../_page.ts";

export const api: ApiDescription = {
  summary: "Cancels a job and answers when it has stopped.",
  parameters: { id: "of the job" },
  answer: "JSON, the JobView; 303 back to its page for a form",
  errors: { 404: "no job of that id is kept" },
};

/** Cancels a job and answers when it has stopped. */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const job = jobOf(context);
    job.cancel();
    await job.ended;
    const { request, url } = context;
    const form = request.headers.get("accept")?.includes("text/html");
    return form
      ? new Response(null, {
        status: 303,
        headers: { location: from(request, url) },
      })
      : Response.json(job.view());
  },
};

/** The page of this server that a form was sent from. */
function from(request: Request, url: URL): string {
  const page = request.headers.get("referer") ?? "/";
  const target = URL.canParse(page, url) ? new URL(page, url) : url;
  return target.origin === url.origin ? target.pathname + target.search : "/";
}
