import type { Decided } from "../../../islands/_net.ts";
import { analystLabels } from "../../../pipeline/mod.ts";
import { formBody } from "../../_body.ts";
import { answer } from "../../_net_form.ts";
import { heldNet } from "../../_net_held.ts";
import type { HeldNet } from "../../_net_lab.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

export const api: ApiDescription = {
  summary:
    "Says whether a pair is a beacon, for all its sessions, or takes it back.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
    pair: "form: id of the pair",
    answer: "form: beacon, benign or none",
  },
  answer: "JSON, Decided; 303 to the page for a form",
  errors: {
    400: "the answer is none of them",
    404: "no net is there, or it does not list the pair",
    409: "the records of the pair have no uid",
  },
};

/**
 * POST: says of the form's `pair` that it is a "beacon", "benign" or, with
 * "none", nothing any more (`answer`). Labels all its sessions in `?dataset=`,
 * so that the next training learns from them, and keeps who was asked about
 * what. Answers Decided; 404 where the net does not list the pair.
 */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { request, store } = context;
    const { dataset, held } = await heldNet(context);
    const form = await formBody(request);
    const pair = held.pairs.get(form.get("pair") ?? "");
    if (!pair) throw new HttpError(404, "Cannot find this pair");
    if (pair.uids.length === 0) {
      throw new HttpError(
        409,
        "Cannot decide on this pair: its records have no uid to label",
      );
    }
    const said = answerOf(form.get("answer"));
    const regular = said === null ? null : said === "beacon";
    await store.addLabels(dataset, analystLabels(pair.uids, regular));
    await store.setRegular(pair.id, regular, {
      why: `neural-net lab, ${nameOf(held)}: P ${pair.probability.toFixed(3)}`,
    });
    const decided: Decided = { answer: said, sessions: pair.uids.length };
    return answer(request, dataset.name, decided);
  },
};

function answerOf(text: string | null): Decided["answer"] {
  if (text === "beacon" || text === "benign") return text;
  if (text === "none") return null;
  throw new HttpError(
    400,
    "Cannot decide: answer must be one of beacon, benign, none",
  );
}

function nameOf({ name, at }: HeldNet): string {
  return name ?? `a net trained ${new Date(at).toISOString()}`;
}
