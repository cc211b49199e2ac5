import {
  byLane,
  byLaneText,
  findingJson,
  findingList,
  type FindingQuery,
  findingsCsv,
  findingsText,
  findingText,
  type HiddenCount,
  type ListedFinding,
  parseQuery,
  queried,
  QUERY_FIELDS,
  QUERY_SORTS,
  queryErrorText,
  type RankedFinding,
  recordsCsv,
  type RunSummary,
  type SessionStore,
  UsageError,
  visible,
  wording,
} from "../mod.ts";
import { limitOf, operand, scoreFlag } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { FAIL_ON, failCode, failLevel } from "./fail_on.ts";
import { deliver, note } from "./output.ts";
import { COMMON, DATASET, JSON_OUT, LIMIT, OUTPUT } from "./shared_flags.ts";
import { datasetNamed, findingOf, lastRunOf, storeOf } from "./stores.ts";

export const findings: Command = {
  spec: {
    name: "findings",
    operands: "[QUERY …]",
    maxOperands: 50,
    doc: [
      "Lists the findings of the last run, best first, without what the safelist hides.",
      "Terms of a query all have to fit; a comma means or, ! before a term means not.",
      "Any other word is looked for in addresses, names and sentences.",
      "",
      "Terms",
      ...Object.entries(QUERY_FIELDS).map(([name, { doc }]) =>
        `  ${(name + ":").padEnd(11)} ${doc}`
      ),
      `  ${"sort:".padEnd(11)} ${
        Object.keys(QUERY_SORTS).join(", ")
      }, with -asc or -desc`,
    ].join("\n"),
    flags: [
      DATASET,
      {
        name: "min-score",
        value: "N",
        doc: "only from this score on, 0 to 1 (default 0.2)",
      },
      {
        name: "lanes",
        doc:
          "egress, internal, ingress and external each as a list of its own, --limit in each",
      },
      FAIL_ON,
      { ...LIMIT, doc: "list at most N (default 100)" },
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry findings --min-score 0.6", "what is high or critical"],
      [
        "skerry findings src:10.0.0.0/8 'beacon:>=90' verdict:none sort:duration-desc",
        "undecided beacons of a network, the longest first",
      ],
      [
        "skerry findings --lanes --limit 5",
        "the best five that go out, stay inside, come in",
      ],
      ["skerry findings is:hidden", "what the safelist hides"],
      ["skerry findings --csv findings.csv", "for a spreadsheet"],
    ],
  },

  async run(call) {
    const level = failLevel(call);
    await using store = await storeOf(call, true);
    const run = await lastRunOf(store, call);
    const query = queryOf(call);
    const list = await findingList(store, run);
    const least = scoreFlag(call, "min-score", 0.2);
    const limit = limitOf(call, 100), lanes = call.flags.on("lanes");
    const fitting = queried(list, query);
    const matching = fitting.filter(({ score }) => score >= least);
    const wanted = lanes
      ? byLane(matching).flatMap(({ own }) => own.slice(0, limit))
      : matching.slice(0, limit);
    const findings = await whole(store, run.id, wanted);
    const { terminal } = call;
    await deliver(call, {
      json: () => findings.map(findingJson),
      csv: () => findingsCsv(findings),
      text: () =>
        [
          "",
          ...(lanes ? byLaneText : findingsText)(findings, {
            terminal,
            limit: findings.length,
          }),
          ...restText(run, {
            shown: findings.length,
            matching: matching.length,
            below: fitting.length - matching.length,
            least,
          }),
          ...(query.withHidden ? [] : hiddenText(list.hidden)),
          "",
        ].join("\n"),
    });
    return failCode(level, findings);
  },
};

/** @throws UsageError with the query and what in it is wrong. */
function queryOf(call: Call): FindingQuery {
  const query = parseQuery(call.flags.operands.join(" "));
  if (query.errors.length === 0) return query;
  note(visibleLines(queryErrorText(query)) + "\n");
  const { from, to, reason } = query.errors[0];
  throw new UsageError(
    `Cannot read ${JSON.stringify(query.text.slice(from, to))}: ${reason}`,
    { hint: "skerry findings --help lists the terms" },
  );
}

const visibleLines = (text: string) => text.split("\n").map(visible).join("\n");

/** The documents behind a list, in its order. */
async function whole(
  store: SessionStore,
  runId: number,
  wanted: readonly ListedFinding[],
): Promise<RankedFinding[]> {
  const out: RankedFinding[] = [];
  for (const { id } of wanted) {
    const finding = await store.finding(runId, id);
    if (finding) out.push(finding);
  }
  return out;
}

/** How many findings a list leaves out, and what lists them. */
function restText(
  run: RunSummary,
  { shown, matching, below, least }: {
    readonly shown: number;
    readonly matching: number;
    readonly below: number;
    readonly least: number;
  },
): string[] {
  const out: string[] = [];
  if (matching === 0) out.push(`  No finding of run ${run.id} fits.`);
  if (shown < matching) {
    out.push(
      `  ${wording.count(shown)} of ${
        wording.count(matching)
      } shown; --limit N lists more`,
    );
  }
  if (below > 0) {
    out.push(
      `  ${
        wording.plural(below, "finding")
      } below a score of ${least} left out; --min-score 0 lists all`,
    );
  }
  return out;
}

function hiddenText(hidden: readonly HiddenCount[]): string[] {
  return hidden.filter(({ findings }) => findings > 0).map((
    { entry, findings, severe },
  ) =>
    visible(
      `  Entry ${entry.id} of the safelist (${entry.kind} ${entry.value}) hides ${
        wording.plural(findings, "finding")
      }, ${severe} of them high or critical.`,
    )
  );
}

export const show: Command = {
  spec: {
    name: "show",
    operands: "ID",
    maxOperands: 1,
    doc:
      "Shows one finding of the last run: facts, reasons for and against, first records. ID is its id or its rank.",
    flags: [
      DATASET,
      JSON_OUT,
      { name: "csv", value: "FILE|-", doc: "write its records as CSV" },
      ...COMMON,
    ],
    examples: [
      ["skerry show 1", "the best finding of the last run"],
      ["skerry show 1 --csv records.csv", "its records, for a spreadsheet"],
    ],
  },

  async run(call) {
    const id = operand(call, 0, "show", "the id or rank of a finding");
    await using store = await storeOf(call, true);
    const run = await lastRunOf(store, call);
    const finding = await findingOf(store, run, id);
    const dataset = await datasetNamed(store, run.dataset);
    const records = await store.recordsOf(dataset, finding.uids);
    const opinion = await store.opinion(finding.id);
    await deliver(call, {
      json: () => ({ ...findingJson(finding), opinion, records }),
      csv: () => recordsCsv(records.map(({ fields }) => fields)),
      text: () => findingText(finding, opinion, records, call),
    });
  },
};
