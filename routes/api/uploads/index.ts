import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Makes a place for dropped files, kept for an hour.",
  answer: "201, JSON, { id }",
};

export const handler = {
  async POST({ imports }: RouteContext): Promise<Response> {
    return Response.json({ id: await imports.uploads.begin() }, {
      status: 201,
    });
  },
};
