import { safelistCsv } from "../../../pipeline/mod.ts";
import type { ApiDescription, RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Lists the safelist, expired entries too.",
  parameters: { format: "csv for a file" },
  answer: "JSON, a SafelistEntry each; CSV",
};

export const handler = {
  async GET({ store, url }: RouteContext): Promise<Response> {
    const entries = await store.safelist();
    if (url.searchParams.get("format") !== "csv") return Response.json(entries);
    return new Response(safelistCsv(entries), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="safelist.csv"',
      },
    });
  },
};
