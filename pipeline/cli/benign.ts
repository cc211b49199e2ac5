import {
  BEHAVIOUR_DOCS,
  benignJson,
  benignListText,
  LIFT_DOCS,
  mergedBenign,
  SHIPPED,
  SIGNAL_DOCS,
} from "../mod.ts";
import type { Call, Command } from "./command.ts";
import { readBenign } from "./knowledge.ts";
import { print } from "./output.ts";
import { BENIGN, COMMON } from "./shared_flags.ts";
import { verbOf } from "./verbs.ts";

const VERBS: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  list,
  export: exported,
};

const table = (docs: Readonly<Record<string, string>>) =>
  Object.entries(docs).map(([name, doc]) => `  ${name.padEnd(14)} ${doc}`);

export const benign: Command = {
  spec: {
    name: "benign",
    operands: "[list|export]",
    maxOperands: 1,
    doc: [
      "Tells which kinds of traffic count as benign. Verbs:",
      "  list      every class, in a table; also without a verb",
      "  export    the list as JSON, to be edited and given with --benign FILE to run and hunt",
      "",
      "A FILE holds {pairs: […], lookups: […]}; an entry of a known name takes its place,",
      'another is added, and {"name": "analytics", "remove": true} takes one away.',
      "A class fits where all of `must`, one of `oneOf` and `needs` signals in all are there",
      "(at least two: a name alone clears nothing). What no benign service does lifts its cap",
      "again; see Lifts.",
      "",
      "Fields of pairs",
      ...table({
        "name, doc": "what it is called, and what it is in a sentence",
        "names": "domains, each with the names under it: signal name",
        "ports": "tcp/443, udp/123: signal port",
        "agents": "regular expression that user agents match: signal agent",
        "behaviours": "what is measured, each a signal; below",
        "must, oneOf": "signals without which it is something else",
        "needs": "how many signals there must be, at least 2",
        "effect": "log-odds, 0 (only a label) to -10",
        "cap": "the highest severity that it can have",
        "liftedBy": "what makes it something else; all of them where absent",
      }),
      "",
      "Behaviours",
      ...table(BEHAVIOUR_DOCS),
      "",
      "Lifts",
      ...table(LIFT_DOCS),
      "",
      "Lookups have name, doc, names, must, oneOf, effect and cap; their signals",
      ...table(SIGNAL_DOCS),
    ].join("\n"),
    flags: [BENIGN, ...COMMON.filter(({ name }) => name !== "store")],
    examples: [
      [
        "skerry benign export",
        "the list, to be kept in a file and edited",
      ],
      [
        "skerry benign --benign benign.json",
        "what counts then",
      ],
    ],
  },

  async run(call) {
    const [verb, inner] = verbOf(call, "benign", VERBS);
    await verb(inner);
  },
};

async function listOf(call: Call) {
  const file = await readBenign(call);
  return file ? mergedBenign(SHIPPED, file.edits).list : SHIPPED;
}

async function list(call: Call): Promise<void> {
  print(benignListText(await listOf(call), call.terminal, LIFT_DOCS));
}

async function exported(call: Call): Promise<void> {
  print(benignJson(await listOf(call)), "");
}
