// Everything the host may call; pipeline/kernels.ts types it.

export { alloc, mark, reset } from "./memory";
export { blockMoments, scaleRows } from "./scale";
export { padCentered, padRows } from "./distance";
export {
  assignRows, firstReaching, lowerClosest, ownDistances, potentialWith,
  rankCenters,
} from "./kmeans";
export {
  addWay, assignNodes, distancesToOwn, kmeansPayload, labelNodes, listRoots,
  seedAdd, seedFirst, seedGain, seedReaching, startLloyd,
  startSeeding, sumNodes,
} from "./kmeans_tree";
export {
  addScatter, columnExtremes, jacobiSweep, projectRows,
} from "./pca";
export { countNodes, growTree, startTree } from "./tree";
export { nthNearest } from "./nearest";
export { countBlocks, countLeaves, growBlocks, startBlocks } from "./boxes";
export {
  findCore, joinLeaves, labelBorder, labelCore, nearestLabels, searchPairs,
  spreadCore, startDbscan,
} from "./dbscan";
export {
  adamStep, mlpForward, mlpGradient32, mlpGradient64, momentumStep,
  packBlock32, packBlock64, packSigns32, packSigns64, scaleGradient, toSingle,
} from "./mlp";
