import { heldNet } from "../../_net_held.ts";
import { netView } from "../../_net_view.ts";
import type { RouteContext } from "../../_page.ts";

/**
 * GET: the net of `?dataset=` that was trained or loaded last, how well it does
 * and which pairs it calls beacons (NetView); 404 without one.
 */
export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { dataset, held } = await heldNet(context);
    return Response.json(await netView(held, context.store, dataset));
  },
};
