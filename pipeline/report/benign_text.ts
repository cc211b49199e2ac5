import type { RunReport } from "../run_report.ts";
import { plural } from "../wording.ts";
import { styled, type Terminal, wrap } from "./terminal.ts";
import { visible } from "./visible.ts";

/** What the text says of a class, of pairs or of look-ups. */
interface ListedClass {
  readonly name: string;
  readonly doc: string;
  readonly effect: number;
  readonly cap: string;
  readonly names?: readonly string[];
  /** Of pairs: lifts by name; all where absent. */
  readonly liftedBy?: readonly string[];
}

/** What each lift of a cap says, by its name. */
type LiftDocs = Readonly<Record<string, string>>;

const INDENT = 6;

/** Every class with its cap, what it is and whose names it knows. */
export function benignListText(
  { pairs, lookups }: {
    readonly pairs: readonly ListedClass[];
    readonly lookups: readonly ListedClass[];
  },
  terminal: Terminal,
  lifts: LiftDocs,
): string {
  const rule = `a pair is none of them where ${
    Object.values(lifts).join(", or ")
  }, unless its class names less`;
  return [
    "",
    `  ${styled(terminal, "bold", "Pairs")}, ${
      plural(pairs.length, "class", "classes")
    }`,
    ...wrap(rule, terminal.width - 4).map((line) => `    ${line}`),
    ...pairs.flatMap((one) => classLines(one, terminal, lifts)),
    "",
    `  ${styled(terminal, "bold", "Look-ups")}, ${
      plural(lookups.length, "class", "classes")
    }`,
    ...lookups.flatMap((one) => classLines(one, terminal)),
    "",
  ].join("\n");
}

function classLines(
  { name, doc, effect, cap, names = [], liftedBy }: ListedClass,
  terminal: Terminal,
  lifts: LiftDocs = {},
): string[] {
  const how = effect === 0 ? "only a label" : `${effect}, at most ${cap}`;
  const lifted = liftedBy?.map((lift) => lifts[lift] ?? lift).join(", or ");
  const text = visible([
    doc,
    ...(names.length > 0 ? [names.join(", ")] : []),
    ...(lifted ? [`only lifted where ${lifted}`] : []),
  ].join("; "));
  return [
    `    ${visible(name)} (${how})`,
    ...wrap(text, terminal.width - INDENT).map((line) =>
      " ".repeat(INDENT) + styled(terminal, "dim", line)
    ),
  ];
}

/** What a user's list changed, for the head of a run; null without one. */
export function benignFileText(
  { benignFile }: Pick<RunReport, "benignFile">,
): string | null {
  if (!benignFile) return null;
  const { path, added, replaced, removed } = benignFile;
  const changes = [
    ["added", added],
    ["replaced", replaced],
    ["removed", removed],
  ] as const;
  const told = changes.filter(([, names]) => names.length > 0).map((
    [what, names],
  ) => `${what} ${names.join(", ")}`);
  return `${path}: ${told.join("; ") || "nothing in it"}`;
}
