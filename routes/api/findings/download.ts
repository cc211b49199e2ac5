import {
  findingJson,
  findingsCsv,
  parseQuery,
  queried,
  type RankedFinding,
} from "../../../pipeline/mod.ts";
import { askedBy, askedRun, listOf } from "../../_finding_lists.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";

export const api: ApiDescription = {
  summary: "Downloads the findings that a query asks for.",
  parameters: {
    format: "csv or json",
    dataset: "name; that of the last run where absent",
    run: "number; the dataset's last where absent",
    q: "query, as skerry findings takes it",
  },
  answer: "a file with what skerry findings --csv or --json writes",
  errors: { 400: "another format", 404: "no such dataset or run" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { store, url } = context;
    const format = url.searchParams.get("format");
    if (format !== "csv" && format !== "json") {
      throw new HttpError(400, "Cannot download: format must be csv or json");
    }
    const run = await askedRun(context);
    const wanted = queried(
      await listOf(store, run),
      parseQuery(askedBy(url).query),
    );
    const findings: RankedFinding[] = [];
    for (const { id } of wanted) {
      const finding = await store.finding(run.id, id);
      if (finding) findings.push(finding);
    }
    return file(`skerry-run-${run.id}.${format}`, format, findings);
  },
};

function file(
  name: string,
  format: "csv" | "json",
  findings: readonly RankedFinding[],
): Response {
  const body = format === "csv"
    ? findingsCsv(findings)
    : JSON.stringify(findings.map(findingJson), null, 2);
  return new Response(body, {
    headers: {
      "content-type": format === "csv"
        ? "text/csv; charset=utf-8"
        : "application/json",
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
}
