import type { BenignClass } from "./benign_class.ts";
import { BENIGN_CLASSES } from "./benign_classes.ts";
import { LOOKUP_CLASSES, type LookupClass } from "./dns_classes.ts";

/** Everything that counts as a kind of benign traffic. */
export interface BenignList {
  /** Of pairs: source → destination. */
  readonly pairs: readonly BenignClass[];
  /** Of look-ups under a domain. */
  readonly lookups: readonly LookupClass[];
}

/** The list that is shipped. */
export const SHIPPED: BenignList = {
  pairs: BENIGN_CLASSES,
  lookups: LOOKUP_CLASSES,
};

/** A list of the user's: entries by their place, names that shall not count. */
export interface BenignEdits extends BenignList {
  readonly removed: Readonly<Record<keyof BenignList, readonly string[]>>;
}

const NO_EDITS: BenignEdits = {
  pairs: [],
  lookups: [],
  removed: { pairs: [], lookups: [] },
};

/** What edits did to a list, by the names of its classes. */
export interface BenignChanges {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
}

/**
 * A list with a user's edits: a class of a known name takes its place, another
 * is added, and what is removed counts no more.
 */
export function mergedBenign(
  list: BenignList,
  edits: BenignEdits = NO_EDITS,
): { list: BenignList; changes: BenignChanges } {
  const added: string[] = [], replaced: string[] = [], removed: string[] = [];
  const merge = <T extends { readonly name: string }>(
    before: readonly T[],
    own: readonly T[],
    gone: readonly string[],
  ): T[] => {
    const known = new Set(before.map(({ name }) => name));
    const byName = new Map(own.map((one) => [one.name, one]));
    for (const { name } of own) (known.has(name) ? replaced : added).push(name);
    removed.push(...gone);
    return [
      ...before.filter(({ name }) => !gone.includes(name))
        .map((one) => byName.get(one.name) ?? one),
      ...own.filter(({ name }) => !known.has(name)),
    ];
  };
  return {
    list: {
      pairs: merge(list.pairs, edits.pairs, edits.removed.pairs),
      lookups: merge(list.lookups, edits.lookups, edits.removed.lookups),
    },
    changes: { added, replaced, removed },
  };
}

/** What a user's list has that the shipped one has not, as `parseBenign` reads it. */
export function benignEditsJson(edits: BenignEdits): string {
  const own = <K extends keyof BenignList>(section: K, made: BenignList) => {
    const [before, after] = [SHIPPED, made].map((list) =>
      JSON.parse(benignJson(list))[section] as { name: string }[]
    );
    const known = new Map(
      before.map((one) => [one.name, JSON.stringify(one)]),
    );
    return [
      ...after.filter((one) => known.get(one.name) !== JSON.stringify(one)),
      ...edits.removed[section].map((name) => ({ name, remove: true })),
    ];
  };
  return JSON.stringify({
    pairs: own("pairs", edits),
    lookups: own("lookups", edits),
  });
}

/** A list as the JSON that `parseBenign` reads. */
export function benignJson({ pairs, lookups }: BenignList): string {
  const plain = {
    pairs: pairs.map(({ agents, ...rest }) => ({
      ...rest,
      ...(agents ? { agents: agents.source } : {}),
    })),
    lookups,
  };
  return JSON.stringify(plain, null, 2) + "\n";
}
