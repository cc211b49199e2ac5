import { visible } from "../../../islands/_visible.ts";
import { HttpError, type RouteContext } from "../../_page.ts";

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
