import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Adds the body as a file to the dropped ones.",
  parameters: {
    id: "of POST /api/uploads",
    name: "the file's name",
  },
  answer: "204, nothing",
  errors: {
    400: "no body, too many files, more than 20 GB",
    404: "they are kept no more",
  },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { request, url, params, imports } = context;
    if (!request.body) throw new HttpError(400, "Cannot take an empty file");
    const name = url.searchParams.get("name") ?? "";
    await imports.uploads.add(params.id, name, request.body);
    return new Response(null, { status: 204 });
  },
};
