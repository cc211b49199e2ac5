import type { Saved } from "../../../islands/_net.ts";
import { modelJson } from "../../../pipeline/mod.ts";
import { formBody } from "../../_body.ts";
import { answer } from "../../_net_form.ts";
import { heldNet } from "../../_net_held.ts";
import { freeName, modelName, savedNets } from "../../_net_models.ts";
import { type ApiDescription, type RouteContext } from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Keeps the net that is shown, instead of what had the name.",
  parameters: {
    dataset: "query: its name; that of the last run without it",
    name: "form: 1 to 100 characters",
  },
  answer: "JSON, Saved; 303 to the page for a form",
  errors: { 400: "the name is none", 404: "no net is trained or loaded" },
};

/**
 * POST: keeps the net of `?dataset=` under the form's `name`, instead of what
 * was kept there. Answers Saved; 400 for a name that is none.
 */
export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { request, store } = context;
    const { dataset, held } = await heldNet(context);
    const name = modelName((await formBody(request)).get("name"));
    const json = modelJson(held.net, held.metrics ?? undefined);
    await store.saveModel(name, "mlp", json, dataset.name);
    held.name = name;
    const saved = await savedNets(store);
    const answered: Saved = { name, saved, free: freeName(saved) };
    return answer(request, dataset.name, answered);
  },
};
