import {
  type Dataset,
  hostsCsv,
  hostsText,
  oneHostText,
  type SessionStore,
  SkerryError,
  UsageError,
  visible,
} from "../mod.ts";
import { limitOf, operand } from "./arguments.ts";
import { authorOf, BY } from "./author.ts";
import type { Call, Command } from "./command.ts";
import { deliver, print } from "./output.ts";
import { COMMON, DATASET, LIMIT, OUTPUT } from "./shared_flags.ts";
import { datasetNamed, storeOf } from "./stores.ts";
import { verbOf } from "./verbs.ts";

/** What `skerry hosts VERB` does. */
const VERBS: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  list,
  show,
  note,
  forget,
  tag,
};

export const hosts: Command = {
  spec: {
    name: "hosts",
    operands: "[list|show|…]",
    maxOperands: 3,
    doc: [
      "Lists the sources of a dataset, busiest first. Further:",
      "  show ADDRESS       its peers, names, sensors, tags and notes",
      "  note ADDRESS TEXT  adds a note",
      "  forget ADDRESS ID  removes the note of that number",
      "  tag ADDRESS A,B    replaces its tags; '' removes them",
    ].join("\n"),
    flags: [
      { ...DATASET, doc: "whose hosts (default: the last run's)" },
      { ...LIMIT, doc: "list at most N (default 50)" },
      BY,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry hosts --limit 10", "the ten busiest"],
      ["skerry hosts note 10.0.0.5 'the lab printer'", "pages show it too"],
    ],
  },

  async run(call) {
    const [verb, inner] = verbOf(call, "hosts", VERBS);
    await verb(inner);
  },
};

async function list(call: Call): Promise<void> {
  const limit = limitOf(call, 50);
  await using store = await storeOf(call, true);
  const dataset = await datasetOf(store, call);
  const found = (await store.hosts(dataset)).slice(0, limit);
  const marks = new Map(
    (await store.hostMarks(dataset)).map((mark) => [mark.address, mark]),
  );
  await deliver(call, {
    json: () =>
      found.map((host) => {
        const { tags = [], notes = [] } = marks.get(host.address) ?? {};
        return { ...host, tags, notes };
      }),
    csv: () => hostsCsv(found, marks),
    text: () => hostsText(found, marks, call.terminal, call.timeZone),
  });
}

async function show(call: Call): Promise<void> {
  await using store = await storeOf(call, true);
  await shown(store, call, await datasetOf(store, call), addressOf(call));
}

async function note(call: Call): Promise<void> {
  const address = addressOf(call);
  const text = operand(call, 1, "hosts note", "what to note");
  await using store = await storeOf(call);
  const dataset = await datasetOf(store, call);
  await store.addHostNote(dataset, address, text, { who: authorOf(call) });
  await shown(store, call, dataset, address);
}

async function forget(call: Call): Promise<void> {
  const address = addressOf(call);
  const id = operand(call, 1, "hosts forget", "the number of a note");
  await using store = await storeOf(call);
  const dataset = await datasetOf(store, call);
  const { notes } = await store.hostMark(dataset, address);
  if (!notes.some((one) => String(one.id) === id)) {
    throw new SkerryError(`Cannot find note ${id} of ${visible(address)}`, {
      hint: `skerry hosts show ${visible(address)}`,
    });
  }
  await store.removeHostNote(dataset, Number(id));
  print(`  note ${id} is removed`);
}

async function tag(call: Call): Promise<void> {
  const address = addressOf(call);
  // '' is an answer: no tag.
  const tags = call.flags.operands[1];
  if (tags === undefined) {
    throw new UsageError("Cannot run hosts tag: give the tags, as A,B or ''");
  }
  await using store = await storeOf(call);
  const dataset = await datasetOf(store, call);
  await store.setHostTags(dataset, address, tags.split(","));
  await shown(store, call, dataset, address);
}

async function shown(
  store: SessionStore,
  call: Call,
  dataset: Dataset,
  address: string,
): Promise<void> {
  // First the mark, which refuses what is no address.
  const mark = await store.hostMark(dataset, address);
  const host = await store.host(dataset, address);
  await deliver(call, {
    json: () => ({ ...host, ...mark }),
    csv: () =>
      hostsCsv([{
        address: host.address,
        records: host.asSource.records,
        firstTs: host.asSource.firstTs ?? NaN,
        lastTs: host.asSource.lastTs ?? NaN,
      }], new Map([[host.address, mark]])),
    text: () => oneHostText(host, mark, call.terminal, call.timeZone),
  });
}

function addressOf(call: Call): string {
  return operand(call, 0, "hosts", "an address");
}

/** The one of `--dataset`, of the last run, or the newest. */
async function datasetOf(store: SessionStore, call: Call): Promise<Dataset> {
  const name = call.flags.text("dataset") ?? (await store.lastRun())?.dataset;
  if (name !== undefined) return await datasetNamed(store, name);
  const newest = (await store.datasets()).at(-1);
  if (newest) return newest;
  throw new SkerryError("Cannot tell of hosts: the store is empty", {
    hint: "skerry run DIR",
  });
}
