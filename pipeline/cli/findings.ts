import {
  findingJson,
  findingsCsv,
  findingsText,
  findingText,
  recordsCsv,
} from "../mod.ts";
import { limitOf, numberFlag, operand } from "./arguments.ts";
import type { Command } from "./command.ts";
import { FAIL_ON, failCode, failLevel } from "./fail_on.ts";
import { deliver } from "./output.ts";
import { COMMON, DATASET, JSON_OUT, LIMIT, OUTPUT } from "./shared_flags.ts";
import { datasetNamed, findingOf, lastRunOf, storeOf } from "./stores.ts";

export const findings: Command = {
  spec: {
    name: "findings",
    operands: "",
    maxOperands: 0,
    doc: "Lists the findings of the last run, best first.",
    flags: [
      DATASET,
      {
        name: "min-score",
        value: "N",
        doc: "only from this score on, 0 to 1 (default 0.2)",
      },
      FAIL_ON,
      { ...LIMIT, doc: "list at most N (default 100)" },
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry findings --min-score 0.6", "what is high or critical"],
      ["skerry findings --csv findings.csv", "for a spreadsheet"],
    ],
  },

  async run(call) {
    const level = failLevel(call);
    await using store = await storeOf(call, true);
    const run = await lastRunOf(store, call);
    const findings = await store.findings(run.id, {
      limit: limitOf(call, 100),
      minScore: numberFlag(call, "min-score", 0.2),
      withSeries: false,
    });
    const { terminal } = call;
    await deliver(call, {
      json: () => findings.map(findingJson),
      csv: () => findingsCsv(findings),
      text: () =>
        [
          "",
          ...findingsText(findings, { terminal, limit: findings.length }),
          "",
        ].join("\n"),
    });
    return failCode(level, findings);
  },
};

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
