import {
  type BenignList,
  mergedBenign,
  type RunSummary,
  SHIPPED,
} from "../pipeline/mod.ts";
import { toldOf } from "./_hunt_options.ts";

/** The classes that count, and the names of those that are the user's. */
export interface BenignView {
  readonly list: BenignList;
  readonly own: ReadonlySet<string>;
  readonly removed: readonly string[];
  /** The user's file, by its name; null without one. */
  readonly path: string | null;
}

/** What a run took for benign; the shipped list without one. */
export function benignOf(run: RunSummary | null): BenignView {
  const { benignFile } = toldOf(run?.report);
  const { list, changes } = mergedBenign(SHIPPED, benignFile?.edits);
  return {
    list,
    own: new Set([...changes.added, ...changes.replaced]),
    removed: changes.removed,
    path: benignFile?.path ?? null,
  };
}
