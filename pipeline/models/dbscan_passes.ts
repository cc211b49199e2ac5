/** What the two threads of a DBSCAN tell each other. */
import type { SharedParts, ThreadExports } from "../shared_kernels.ts";

/** What a worker is told first. */
export interface HelpJob extends SharedParts {
  readonly type: "begin";
  /** Arguments of `borrowDbscan`. */
  readonly scratch: Parameters<ThreadExports["borrowDbscan"]>;
  /** Shared: see there. */
  readonly control: Int32Array;
}

/** A pass over all blocks that it may take part in. */
export interface HelpPass {
  readonly type: "pass";
  readonly step: "findCore" | "joinLeaves" | "labelBorder";
  /** What OPEN is as long as nobody has entered the pass. */
  readonly open: number;
  readonly blocks: number;
  readonly forest: number;
  readonly labels: number;
}

/** What it tells: that it is there, and the end of a pass that it was in. */
export type FromHelp =
  | { readonly type: "ready" }
  | {
    readonly type: "passed";
    /** Pairs of leaves that it has put aside. */
    readonly pairs: number;
  };

/** Places in `control`: the next block, and the pass that is open. */
export const NEXT = 0;
export const OPEN = 1;
/** Blocks that are taken at a time. */
export const STEP = 16;
