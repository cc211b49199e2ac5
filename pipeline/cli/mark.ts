import { analystLabels, findingText, UsageError } from "../mod.ts";
import { choice, operand } from "./arguments.ts";
import { authorOf, BY } from "./author.ts";
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
      { name: "owner", value: "NAME|none", doc: "who looks after it" },
      { name: "note", value: "TEXT", doc: "add a note" },
      { name: "tags", value: "A,B", doc: "replace its tags" },
      BY,
      { name: "why", value: "TEXT", doc: "the reason, kept in its history" },
      ...COMMON,
    ],
    examples: [
      [
        "skerry mark 1 --verdict malicious --why 'known C2 certificate'",
        "decide the first finding",
      ],
      [
        "skerry mark 2 --regular no --owner ann --note 'ticket 4711'",
        "its connections become labels that skerry mlp train learns from",
      ],
    ],
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
    const owner = flags.text("owner");
    if (
      [verdict, regular, owner, note, tags].every((given) =>
        given === undefined
      )
    ) {
      throw new UsageError(
        "Cannot mark a finding: say what with --verdict, --regular, --owner, --note or --tags",
      );
    }
    const author = { who: authorOf(call), why: flags.text("why") };
    await using store = await storeOf(call);
    const run = await lastRunOf(store, call);
    const finding = await findingOf(store, run, id);
    if (verdict) {
      const value = verdict === "none" ? null : verdict;
      await store.setVerdict(finding.id, value, author);
    }
    if (regular) {
      const value = regular === "none" ? null : regular === "yes";
      await store.setRegular(finding.id, value, author);
      const dataset = await store.findDataset(run.dataset);
      if (dataset) {
        await store.addLabels(dataset, analystLabels(finding.uids, value));
      }
    }
    if (owner !== undefined) {
      const value = owner === "none" || owner === "" ? null : owner;
      await store.setOwner(finding.id, value, author);
    }
    if (note) await store.addNote(finding.id, note);
    if (tags !== undefined) {
      await store.setTags(finding.id, tags.split(",").filter(Boolean));
    }
    print(findingText(finding, await store.opinion(finding.id), null, call));
  },
};
