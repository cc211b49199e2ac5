import { visible } from "../../../islands/_visible.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

export const api: ApiDescription = {
  summary: "A kept net as a file, as skerry mlp train --save-model writes it.",
  parameters: {
    name: "query: what the net is kept under",
  },
  answer: "JSON, an attachment",
  errors: { 404: "no net is kept under that name" },
};

/**
 * GET: the kept net `?name=` as a JSON file, as `--save-model FILE` writes it;
 * 404 where there is none.
 */
export const handler = {
  async GET({ store, url }: RouteContext): Promise<Response> {
    const name = url.searchParams.get("name") ?? "";
    const kept = await store.model(name, "mlp");
    if (!kept) {
      throw new HttpError(404, `Cannot find a net called ${visible(name)}`);
    }
    const file = name.replace(/[^\w.-]+/g, "_") || "net";
    return new Response(JSON.stringify(kept.model, null, 1) + "\n", {
      headers: {
        "content-type": "application/json",
        "content-disposition": `attachment; filename="${file}.json"`,
        "cache-control": "no-store",
      },
    });
  },
};
