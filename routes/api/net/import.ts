import type { Saved } from "../../../islands/_net.ts";
import { visible } from "../../../islands/_visible.ts";
import { messageOf, modelJson, readModel } from "../../../pipeline/mod.ts";
import { answer } from "../../_net_form.ts";
import {
  freeName,
  metricsIn,
  modelName,
  savedNets,
} from "../../_net_models.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

/** A net of eight layers of a thousand units has about 90 MB. */
const MOST_BYTES = 128e6;

export const api: ApiDescription = {
  summary: "Keeps a net that was exported.",
  parameters: {
    file: "form, multipart: the JSON file",
    name: "form: 1 to 100 characters; the file's name without it",
    dataset: "query: the page to go back to",
  },
  answer: "JSON, Saved; 303 to the page for a form",
  errors: { 400: "the file is no net, or the name is none" },
};

/**
 * POST, multipart: keeps the net in `file`, as export or `--save-model FILE`
 * wrote it, under `name`. Answers Saved; 400 for what is no such file.
 */
export const handler = {
  async POST({ request, store, url }: RouteContext): Promise<Response> {
    const length = Number(request.headers.get("content-length") ?? NaN);
    if (!(length <= MOST_BYTES)) {
      throw new HttpError(400, "Cannot import a net: the file is too large");
    }
    const form = await request.formData();
    const file = form.get("file");
    if (!(file instanceof File) || file.size === 0) {
      throw new HttpError(400, "Cannot import a net: choose a file");
    }
    const given = form.get("name");
    const name = modelName(
      typeof given === "string" && given.trim() !== ""
        ? given
        : file.name.replace(/\.json$/i, ""),
    );
    const document = await parsed(file);
    const metrics = metricsIn(document) ?? undefined;
    const net = readNet(document, file.name);
    await store.saveModel(name, "mlp", modelJson(net, metrics));
    const saved = await savedNets(store);
    const answered: Saved = { name, saved, free: freeName(saved) };
    return answer(request, url.searchParams.get("dataset") ?? "", answered);
  },
};

async function parsed(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text());
  } catch (error) {
    throw refusal(file.name, error);
  }
}

function readNet(document: unknown, where: string) {
  try {
    return readModel(document, "mlp", where);
  } catch (error) {
    throw refusal(where, error instanceof Error ? error.cause : error);
  }
}

function refusal(name: string, error: unknown): HttpError {
  const reason = messageOf(error).slice(0, 300);
  return new HttpError(
    400,
    `Cannot import a net from ${visible(name)}: ${visible(reason)}`,
    "Give a file that this page exported, or that --save-model wrote.",
  );
}
