import { HttpError, type RouteContext } from "../../_page.ts";

/**
 * `POST ?name=FILE` with the file as body adds it to the dropped ones (204);
 * 404 where these are no longer kept, 400 for too many or too large ones.
 */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { request, url, params, imports } = context;
    if (!request.body) throw new HttpError(400, "Cannot take an empty file");
    const name = url.searchParams.get("name") ?? "";
    await imports.uploads.add(params.id, name, request.body);
    return new Response(null, { status: 204 });
  },
};
