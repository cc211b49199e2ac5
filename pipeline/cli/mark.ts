import { findingText, UsageError } from "../mod.ts";
import { choice, operand } from "./arguments.ts";
import type { Command } from "./command.ts";
import { print } from "./output.ts";
import { COMMON, DATASET } from "./shared_flags.ts";
import { findingOf, lastRunOf, storeOf } from "./stores.ts";

export const mark: Command = {
  spec: {
    name: "mark",
    operands: "ID",
    maxOperands: 1,
    doc:
      "Keeps what you think of a finding. It belongs to the finding's id and outlives the run.",
    flags: [
      DATASET,
      {
        name: "verdict",
        value: "malicious|benign|unsure|none",
        doc: "is it malicious?",
      },
      {
        name: "regular",
        value: "yes|no|none",
        doc: "is it a beacon, whatever its purpose?",
      },
      { name: "note", value: "TEXT", doc: "add a note" },
      { name: "tags", value: "A,B", doc: "replace its tags" },
      ...COMMON,
    ],
    examples: [[
      "skerry mark 1 --verdict malicious --note 'ticket 4711'",
      "decide the first finding",
    ]],
  },

  async run(call) {
    const { flags } = call;
    const id = operand(call, 0, "mark", "the id or rank of a finding");
    const verdict = choice(flags, "verdict", [
      "malicious",
      "benign",
      "unsure",
      "none",
    ]);
    const regular = choice(flags, "regular", ["yes", "no", "none"]);
    const note = flags.text("note"), tags = flags.text("tags");
    if ([verdict, regular, note, tags].every((given) => given === undefined)) {
      throw new UsageError(
        "Cannot mark a finding: say what with --verdict, --regular, --note or --tags",
      );
    }
    await using store = await storeOf(call);
    const finding = await findingOf(store, await lastRunOf(store, call), id);
    if (verdict) {
      await store.setVerdict(finding.id, verdict === "none" ? null : verdict);
    }
    if (regular) {
      await store.setRegular(
        finding.id,
        regular === "none" ? null : regular === "yes",
      );
    }
    if (note) await store.addNote(finding.id, note);
    if (tags !== undefined) {
      await store.setTags(finding.id, tags.split(",").filter(Boolean));
    }
    print(findingText(finding, await store.opinion(finding.id), [], call));
  },
};
