import type { FindingDetail } from "../../../../islands/_finding_api.ts";
import type { RankedFinding, Window } from "../../../../pipeline/mod.ts";
import { askedRun } from "../../../_finding_lists.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../../_page.ts";
import { tickPath } from "../../../_parts/strip.tsx";

export const api: ApiDescription = {
  summary: "Tells what speaks for and against one finding of a run.",
  parameters: {
    id: "of the finding, 16 hexadecimal digits",
    dataset: "name; that of the last run where absent",
    run: "number; the dataset's last where absent",
  },
  answer: "JSON: FindingDetail of islands/_finding_api.ts",
  errors: { 404: "the run has no such finding" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { store, params } = context;
    const run = await askedRun(context);
    const finding = await store.finding(run.id, params.id);
    if (!finding) throw new HttpError(404, "Cannot find this finding");
    const { notes } = await store.opinion(finding.id);
    return Response.json(
      {
        ...detailOf(finding, run.report.window),
        notes,
      } satisfies FindingDetail,
    );
  },
};

const TOP = 3;

function detailOf(f: RankedFinding, window: Window) {
  const from = window.from ?? f.firstTs, to = window.to ?? f.lastTs;
  const texts = (sign: number) =>
    f.reasons.filter(({ effect }) => effect * sign > 0).slice(0, TOP)
      .map(({ text }) => text);
  return {
    id: f.id,
    summary: f.summary,
    for: texts(1),
    against: texts(-1),
    timeline: tickPath(f.series.ts, from, Math.max(to, from + 1)),
    from,
    to,
  };
}
