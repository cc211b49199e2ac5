import { heldNet } from "../../_net_held.ts";
import { sessionRows } from "../../_net_view.ts";
import { HttpError, type RouteContext } from "../../_page.ts";

/**
 * GET: the likeliest sessions of the pair `?pair=` of `?dataset=`'s net
 * (SessionRow[]); 404 where the net does not list it.
 */
export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { held } = await heldNet(context);
    const pair = held.pairs.get(context.url.searchParams.get("pair") ?? "");
    if (!pair) throw new HttpError(404, "Cannot find this pair");
    return Response.json(sessionRows(pair));
  },
};
