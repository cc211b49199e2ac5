// Everything the host may call; pipeline/kernels.ts types it.

export { alloc, mark, reset } from "./memory";
export { blockMoments, scaleRows } from "./scale";
export { padCentered, padRows } from "./distance";
export {
  assignRows, firstReaching, lowerClosest, ownDistances, potentialsWith,
} from "./kmeans";
export { addTravel, countEmpty, moveCenters } from "./kmeans_moves";
export { kmeansPayload, sumNodes } from "./kmeans_nodes";
export {
  seedAdd, seedFirst, seedGains, seedReaching, startSeeding,
} from "./kmeans_seeds";
export { screenBytes, startScreen } from "./kmeans_screen";
export {
  assignNodes, distancesToOwn, labelNodes, listRoots, startLloyd,
} from "./kmeans_tree";
export {
  addScatter, columnExtremes, jacobiSweep, projectRows,
} from "./pca";
export { countNodes, growTree, startTree } from "./tree";
export { countBlocks, countLeaves, growBlocks, startBlocks } from "./boxes";
export { findCore, startDbscan } from "./dbscan";
export {
  joinLeaves, labelBorder, labelCore, searchPairs, spreadCore,
} from "./dbscan_clusters";
export { nearestLabels, nthNearest } from "./nearest";
export { mlpForward, mlpGradient32, mlpGradient64 } from "./mlp";
export {
  packBlock32, packBlock64, packSigns32, packSigns64, toSingle,
} from "./mlp_blocks";
export { adamStep, momentumStep, scaleGradient } from "./mlp_steps";
export {
  countFollowed, countLags, followerLags, highestBins, medianWithin,
} from "./rhythm";
