import type { RouteContext } from "../../_page.ts";

/** `POST`: a place for dropped files, as `{ id }`; kept for an hour. */
export const handler = {
  async POST({ imports }: RouteContext): Promise<Response> {
    return Response.json({ id: await imports.uploads.begin() }, {
      status: 201,
    });
  },
};
