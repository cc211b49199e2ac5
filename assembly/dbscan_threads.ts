// DBSCAN over a memory that several instances share: one builds the tree and its
// blocks and lends them, and all go through the blocks.

import { borrowBlocks, lendBlocks } from "./boxes";
import { borrowCore, lendCore } from "./dbscan";
import { startPairs } from "./dbscan_clusters";
import { startForest } from "./forest";
import { borrowTree, lendTree } from "./tree";

export { alloc, mark, reset } from "./memory";
export { padRows } from "./distance";
export { countNodes, growTree, startTree } from "./tree";
export { countBlocks, countLeaves, growBlocks, startBlocks } from "./boxes";
export { findCore, startDbscan } from "./dbscan";
export {
  joinLeaves, labelBorder, labelCore, searchPairs, spreadCore, takePairs,
} from "./dbscan_clusters";
export { flattenForest, mergeForest, useForest } from "./forest";

/**
 * Writes down what another instance needs to know, after `startDbscan`.
 *
 * @param STATE OUT 96 bytes
 */
export function lendDbscan(STATE: usize): void {
  lendTree(STATE);
  lendBlocks(STATE + 32);
  lendCore(STATE + 64);
}

/**
 * Begins to help the instance that lent its clustering.
 *
 * @param STATE IN 96 bytes
 * @param forest OUT 4 bytes per leaf: what this instance joins
 * @param blocks scratch of 16 bytes per block
 * @param query scratch of one box, d × 64 bytes
 * @param pairs scratch of 512 KiB: pairs that it puts aside
 */
export function borrowDbscan(
  STATE: usize, forest: usize, blocks: usize, query: usize, pairs: usize,
): void {
  borrowTree(STATE);
  borrowBlocks(STATE + 32);
  borrowCore(STATE + 64, blocks, query);
  startForest(forest);
  startPairs(pairs);
}
