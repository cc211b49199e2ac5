import { type ApiDescription, type RouteContext } from "../../_page.ts";
import {
  askedBy,
  askedRun,
  findingPage,
  wholeNumber,
} from "../../_finding_lists.ts";

/** Rows that one request may ask for. */
const MOST_ROWS = 500;

export const api: ApiDescription = {
  summary: "Lists findings of a run, as a query asks, some rows at a time.",
  parameters: {
    dataset: "name; that of the last run where absent",
    run: "number; the dataset's last where absent",
    q: "query, as skerry findings takes it: src:10.0.0.0/8 severity:>=high",
    group:
      "pair, destination, name, organisation, ja3, certificate, agent or source",
    offset: "first row, from 0",
    limit: `rows, 100 by default, at most ${MOST_ROWS}`,
  },
  answer: "JSON: FindingPage of islands/_finding_api.ts",
  errors: { 400: "a parameter cannot be read", 404: "no such dataset or run" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { store, url } = context;
    const offset = wholeNumber(url, "offset", 0, 1e9);
    const limit = wholeNumber(url, "limit", 100, MOST_ROWS);
    const run = await askedRun(context);
    return Response.json(
      await findingPage(store, run, askedBy(url), { offset, limit }),
    );
  },
};
