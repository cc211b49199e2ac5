import { heldNet } from "../../_net_held.ts";
import { netView } from "../../_net_view.ts";
import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary:
    "The net that was trained or loaded last, and whom it calls beacons.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
  },
  answer: "JSON, a NetView",
  errors: { 404: "no net is trained or loaded" },
};

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
