import {
  type FindingList,
  findingList,
  importSafelist,
  parseDuration,
  SAFELIST_KINDS,
  safelistCsv,
  type SafelistKind,
  safelistPreview,
  safelistText,
  safelistValue,
  type SessionStore,
  sharedSuffix,
  SkerryError,
  UsageError,
  visible,
  wording,
} from "../mod.ts";
import { operand, parsedFlag, understood } from "./arguments.ts";
import { authorOf, BY } from "./author.ts";
import type { Call, Command } from "./command.ts";
import { readText } from "./files.ts";
import { deliver, note, print } from "./output.ts";
import { COMMON, OUTPUT } from "./shared_flags.ts";
import { storeOf } from "./stores.ts";
import { verbOf } from "./verbs.ts";

const VERBS: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  list,
  add,
  remove,
  import: importFile,
};

export const safelist: Command = {
  spec: {
    name: "safelist",
    operands: "[list|add|remove|import …]",
    maxOperands: 3,
    doc: [
      "Keeps a list of what need not be looked at. Verbs:",
      "  list               the entries, with who added them and why; also without a verb",
      "  add KIND VALUE     a new entry; needs --reason",
      "  remove ID          takes an entry away",
      "  import FILE        adds the entries of a file that --csv or --json wrote; - is stdin",
      "What fits an entry is left out where findings are looked at, never where logs are",
      "read; it comes back when its score has risen since the entry was made.",
      "",
      "Kinds",
      ...Object.entries(SAFELIST_KINDS).map(([kind, doc]) =>
        `  ${kind.padEnd(17)}  ${doc}`
      ),
    ].join("\n"),
    flags: [
      { name: "reason", value: "TEXT", doc: "add: why it is harmless" },
      BY,
      {
        name: "expires",
        value: "30d",
        doc: "add: after so long it counts no more (s, m, h, d; default never)",
      },
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      [
        "skerry safelist add name '*.updates.example.org' --reason 'our mirror'",
        "says how many findings it would hide",
      ],
      [
        "skerry safelist add pair '10.0.0.5 -> 192.0.2.7' --reason backup --expires 30d",
        "for a month",
      ],
      ["skerry safelist remove 3", "by its number in the list"],
      [
        "skerry safelist import list.csv",
        "what skerry safelist --csv list.csv wrote elsewhere",
      ],
    ],
  },

  async run(call) {
    const [verb, inner] = verbOf(call, "safelist", VERBS);
    await verb(inner);
  },
};

async function list(call: Call): Promise<void> {
  await using store = await storeOf(call, true);
  const entries = await store.safelist();
  await deliver(call, {
    json: () => entries,
    csv: () => safelistCsv(entries),
    text: () =>
      safelistText(entries, call.terminal, call.timeZone, Date.now() / 1000),
  });
}

async function add(call: Call): Promise<void> {
  const kind = kindOf(operand(call, 0, "safelist add", "a kind and a value"));
  const text = operand(call, 1, "safelist add", "the value");
  const value = understood(() => safelistValue(kind, text));
  const reason = call.flags.text("reason")?.trim();
  if (!reason) {
    throw new UsageError(
      "Cannot safelist without a reason: say with --reason why it is harmless",
    );
  }
  const lasts = parsedFlag(call, "expires", parseDuration);
  await using store = await storeOf(call);
  const shared = sharedSuffix(kind, value);
  if (shared) {
    note(
      `  Careful: anybody can have a name under ${shared}, attackers too. Better name the host.\n`,
    );
  }
  const same = (await store.safelist()).find((entry) =>
    entry.kind === kind && entry.value === value
  );
  if (same) note(`  Entry ${same.id} has this ${kind} already; both stay.\n`);
  const effect = await effectOf(store, kind, value);
  const entry = await store.addSafelistEntry({
    kind,
    value,
    reason,
    author: authorOf(call),
    expiresAt: lasts === undefined ? null : Date.now() / 1000 + lasts,
  });
  print(visible(`  Safelisted as ${entry.id}: ${kind} ${value}`));
  print(`  ${effect}`);
}

/** How much of the last run an entry would hide, in a sentence. */
async function effectOf(
  store: SessionStore,
  kind: SafelistKind,
  value: string,
): Promise<string> {
  const run = await store.lastRun();
  if (!run) return "Nothing has been hunted yet that it could hide.";
  const list = await findingList(store, run);
  const { findings, severe } = safelistPreview(list, kind, value);
  if (findings === null) {
    return `What it hides of run ${run.id} cannot be told: findings do not say their ${kind}.`;
  }
  return `It hides ${findings} of the ${
    wording.plural(shownIn(list), "finding")
  } of run ${run.id}, ${severe} of them high or critical.`;
}

function shownIn({ findings }: FindingList): number {
  return findings.filter(({ hiddenBy }) => hiddenBy === null).length;
}

async function remove(call: Call): Promise<void> {
  const text = operand(call, 0, "safelist remove", "the number of an entry");
  if (!/^\d{1,15}$/.test(text)) {
    throw new UsageError(
      `Cannot remove ${JSON.stringify(text)}: give the number of an entry`,
      { hint: "skerry safelist lists them" },
    );
  }
  await using store = await storeOf(call);
  if (!await store.removeSafelistEntry(Number(text))) {
    throw new SkerryError(`Cannot remove ${text}: there is no such entry`, {
      hint: "skerry safelist lists them",
    });
  }
  print(`  Entry ${text} is removed`);
}

async function importFile(call: Call): Promise<void> {
  const path = operand(call, 0, "safelist import", "a file, or - for stdin");
  const text = path === "-"
    ? await new Response(Deno.stdin.readable).text()
    : await readText(path);
  await using store = await storeOf(call);
  const { added, known, skipped } = await importSafelist(store, text, {
    path: path === "-" ? "stdin" : path,
    author: authorOf(call),
  });
  for (const { line, field, value, reason } of skipped) {
    note(
      visible(
        `  line ${line}, ${field} ${JSON.stringify(value)}: ${reason}`,
      ) + "\n",
    );
  }
  print(
    `  ${
      wording.plural(added, "entry", "entries")
    } added, ${known} known, ${skipped.length} skipped`,
  );
}

function kindOf(text: string): SafelistKind {
  if (Object.hasOwn(SAFELIST_KINDS, text)) return text as SafelistKind;
  throw new UsageError(
    `Cannot safelist: ${JSON.stringify(text)} is no kind; there are ${
      Object.keys(SAFELIST_KINDS).join(", ")
    }`,
    { hint: "skerry safelist --help" },
  );
}
