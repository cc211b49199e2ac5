import { plural } from "../../../../islands/_format.ts";
import { copyDataset } from "../../../../pipeline/mod.ts";
import { answer, Body } from "../../../_body.ts";
import { datasetOf } from "../../../_datasets.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";
import { choiceOf } from "../../../_store_choice.ts";

export const api: ApiDescription = {
  summary:
    "Copies one dataset into another store beside what it holds, as a job.",
  parameters: {
    id: "of the dataset",
    home:
      "1: into the file that the server was started with, while another store is used",
    address: "else mysql://HOST:PORT/DATABASE",
    user: "who writes there",
    password: "in memory until the copy ends",
    fromPassword: "of the store that is used now, if it is on a server",
    as: "what it is called there; as here where absent",
  },
  answer: "202, JSON, the JobView; 303 for a form",
  errors: {
    400: "the address cannot be read",
    404: "there is no such dataset",
    409: "the store is in memory, or is the one of the start",
  },
};

export const handler = {
  async POST(context: RouteContext): Promise<Response> {
    const { store, jobs, request, home } = context;
    const dataset = await datasetOf(context);
    const body = await Body.of(request);
    const from = store.location;
    if (from === ":memory:") {
      throw new HttpError(
        409,
        "Cannot copy from a store that is only in memory",
      );
    }
    const { location, password } = body.on("home")
      ? { location: fileOf(home, from), password: undefined }
      : choiceOf(body);
    const as = body.text("as") || undefined;
    const fromPassword = body.raw("fromPassword") || undefined;
    const job = jobs.start({
      kind: "copy",
      title: `${dataset.name} to ${location}`,
      key: `copy ${dataset.id} ${location} ${as ?? dataset.name}`,
      run: (options) =>
        copyDataset(from, location, dataset.name, {
          ...options,
          as,
          fromPassword,
          toPassword: password,
        }),
      outcome: ({ tables }) => ({
        text: `${
          plural(tables.reduce((sum, { rows }) => sum + rows, 0), "row")
        } of ${plural(tables.length, "table")} copied, checksums agree`,
      }),
    });
    return answer(request, job.view(), `/datasets?job=${job.id}`, 202);
  },
};

/** @throws HttpError 409 where the store of the start is no other file. */
function fileOf(home: string | null, from: string): string {
  if (home !== null && home !== from) return home;
  throw new HttpError(
    409,
    "Cannot copy into the file of the start: it is the store that is used",
  );
}
