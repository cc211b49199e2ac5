import type { PairDetail } from "../../../islands/_net.ts";
import { visible } from "../../../islands/_visible.ts";
import { heldNet } from "../../_net_held.ts";
import { sessionRows } from "../../_net_view.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

export const api: ApiDescription = {
  summary: "The likeliest requests of a pair that a net lists.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
    pair: "query: id of the pair, 16 hexadecimal digits",
  },
  answer: "JSON, a PairDetail: requests, and what was said of the pair",
  errors: { 404: "no net is there, or it does not list the pair" },
};

/**
 * GET: the likeliest requests of the pair `?pair=` of `?dataset=`'s net, and
 * what was said of it (PairDetail); 404 where the net does not list it.
 */
export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { held } = await heldNet(context);
    const pair = held.pairs.get(context.url.searchParams.get("pair") ?? "");
    if (!pair) throw new HttpError(404, "Cannot find this pair");
    const { history } = await context.store.opinion(pair.id);
    const detail: PairDetail = {
      requests: sessionRows(pair),
      history: history.filter(({ about }) => about === "regular").map(
        ({ at, who, why, value }) => ({
          at,
          who: visible(who),
          why: visible(why),
          answer: value === null ? null : value === "yes" ? "beacon" : "benign",
        }),
      ),
    };
    return Response.json(detail);
  },
};
