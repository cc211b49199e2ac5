import { clusterMembers, modelJson } from "../../../pipeline/mod.ts";
import { postedClusterRequest, readyView } from "../../_cluster_request.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

/** A name that the command line can be given as @NAME, too. */
const LONGEST = 100;

export const api: ApiDescription = {
  summary: "Keeps a computed clustering's model, and which session lies where.",
  parameters: {
    name: "form: under which it is kept",
    "dataset, algorithm, …": "form: as for GET /api/clusters",
  },
  answer: "JSON, { name, kind, replaced }",
  errors: { 400: "the name is empty or long", 409: "it is not computed" },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store } = context;
    const request = await postedClusterRequest(context);
    const name = request.fields.get("name")?.trim() ?? "";
    if (name === "" || name.length > LONGEST) {
      throw new HttpError(
        400,
        `Cannot save the model: its name must have 1 to ${LONGEST} characters`,
      );
    }
    const view = readyView(request);
    if (!view.saved) {
      throw new HttpError(409, "Cannot save the model: there is none");
    }
    const { model, metrics } = view.saved;
    const replaced = await store.model(name, model.kind) !== null;
    const { id } = await store.saveModel(
      name,
      model.kind,
      modelJson(model, metrics),
      request.dataset.name,
    );
    const labels = view.labels.map((k) => k < 0 ? k : view.originals![k]);
    await store.saveClusterMembers(id, clusterMembers(labels, view.keys));
    return Response.json({ name, kind: model.kind, replaced });
  },
};
