/** A byte offset into an instance's memory. */
export type P = number;

/** What assembly/mod.ts exports; see there for IN, OUT and shapes. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  alloc(bytes: number): number;
  mark(): number;
  reset(to: number): void;

  blockMoments(
    X: P,
    n: number,
    d: number,
    MEAN: P,
    SQUARES: P,
    WORK: P,
  ): void;
  scaleRows(
    X: P,
    n: number,
    d: number,
    CENTER: P,
    SCALE: P,
    Y: P,
  ): number;

  padRows(X: P, n: number, d: number, ROWS: P): number;
  padCentered(X: P, n: number, d: number, MEAN: P, ROWS: P): void;

  screenBytes(k: number, stride: number): number;
  startScreen(
    k: number,
    stride: number,
    CENTERS: P,
    scale: number,
    SCRATCH: P,
  ): void;
  assignRows(
    X: P,
    n: number,
    stride: number,
    CENTERS: P,
    k: number,
    LABELS: P,
    BOUNDS: P,
    TRAVEL: P,
    SUMS: P,
    COUNTS: P,
  ): number;
  ownDistances(
    X: P,
    n: number,
    stride: number,
    CENTERS: P,
    LABELS: P,
    DISTANCES: P,
  ): number;
  potentialsWith(
    X: P,
    n: number,
    stride: number,
    CANDIDATES: P,
    CLOSEST: P,
    POTENTIALS: P,
  ): void;
  lowerClosest(
    X: P,
    n: number,
    stride: number,
    CENTER: P,
    CLOSEST: P,
  ): number;
  firstReaching(CLOSEST: P, n: number, target: number, SUM: P): number;

  moveCenters(
    k: number,
    stride: number,
    SUMS: P,
    COUNTS: P,
    CENTERS: P,
    WAYS: P,
  ): number;
  addTravel(k: number, WAYS: P, TRAVEL: P): number;
  countEmpty(k: number, COUNTS: P): number;
  kmeansPayload(stride: number): number;
  sumNodes(from: number, to: number): void;
  startSeeding(
    n: number,
    POSITIONS: P,
    CLOSEST: P,
    SERVED: P,
    GROUPS: P,
  ): void;
  seedFirst(row: number): number;
  seedAdd(row: number): number;
  seedGains(SEEDS: P, count: number, GAINS: P): void;
  seedReaching(target: number): number;
  listRoots(most: number, ROOTS: P): number;
  startLloyd(
    k: number,
    CENTERS: P,
    SUMS: P,
    COUNTS: P,
    OWNERS: P,
    BOUNDS: P,
    TRAVEL: P,
    SCRATCH: P,
    ROOTS: P,
    rootCount: number,
  ): void;
  assignNodes(ROOTS: P, count: number, CANDIDATES: P): void;
  labelNodes(ROOTS: P, count: number, LABELS: P): number;
  distancesToOwn(LABELS: P, DISTANCES: P): void;

  addScatter(
    X: P,
    n: number,
    d: number,
    MEAN: P,
    SCATTER: P,
    SUMS: P,
    COLUMNS: P,
  ): void;
  jacobiSweep(A: P, V: P, d: number): number;
  projectRows(
    X: P,
    n: number,
    d: number,
    MEAN: P,
    COMPONENTS: P,
    m: number,
    Y: P,
  ): number;
  columnExtremes(Y: P, n: number, m: number, EXTREMES: P): void;

  startTree(
    ROWS: P,
    n: number,
    stride: number,
    ORDER: P,
    NODES: P,
    STACK: P,
    leafRows: number,
    leafDiagonal: number,
    payloadBytes: number,
  ): void;
  growTree(budget: number, capacity: number): number;
  countNodes(): number;
  nthNearest(Q: P, n: number, HEAP: P): number;

  countLeaves(): number;
  startBlocks(d: number, BLOCKS: P, STARTS: P, NODES: P, STACK: P): void;
  growBlocks(budget: number): number;
  countBlocks(): number;

  startDbscan(
    n: number,
    eps: number,
    minSamples: number,
    IS_CORE: P,
    LEAVES: P,
    BLOCKS: P,
    QUERY: P,
    PAIRS: P,
  ): void;
  findCore(from: number, to: number): void;
  spreadCore(): void;
  joinLeaves(from: number, to: number): number;
  searchPairs(budget: number): number;
  labelCore(n: number, LABELS: P, CORE_ROWS: P): number;
  labelBorder(from: number, to: number, LABELS: P): void;
  nearestLabels(
    Q: P,
    n: number,
    eps: number,
    ROW_LABELS: P,
    LABELS: P,
  ): void;

  packBlock64(X: P, INDEX: P, n: number, d: number, OUT: P): void;
  packBlock32(X: P, INDEX: P, n: number, d: number, OUT: P): void;
  packSigns64(Y: P, INDEX: P, n: number, OUT: P): void;
  packSigns32(Y: P, INDEX: P, n: number, OUT: P): void;
  toSingle(IN: P, n: number, OUT: P): void;
  mlpForward(NET: P, X: P, n: number, PARAMS: P, WORK: P): number;
  mlpGradient64: MlpGradient;
  mlpGradient32: MlpGradient;
  scaleGradient(
    G: P,
    PARAMS: P,
    n: number,
    by: number,
    shrink: number,
  ): number;
  adamStep(
    PARAMS: P,
    GRADIENT: P,
    M: P,
    V: P,
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ): void;
  momentumStep(
    PARAMS: P,
    GRADIENT: P,
    VELOCITY: P,
    n: number,
    rate: number,
    momentum: number,
    nesterov: number,
  ): void;

  followerLags(TS: P, n: number, LAGS: P): number;
  countLags(
    LAGS: P,
    n: number,
    BINS: P,
    EDGES: P,
    firstCell: number,
    cells: number,
    shift: number,
    lowest: number,
    COUNTS: P,
    nBins: number,
  ): void;
  highestBins(
    COUNTS: P,
    nBins: number,
    PEAKS: P,
    HEIGHTS: P,
    most: number,
  ): number;
  medianWithin(
    VALUES: P,
    n: number,
    low: number,
    high: number,
    NEAR: P,
  ): number;
  countFollowed(
    TS: P,
    n: number,
    period: number,
    low: number,
    high: number,
  ): number;
}

type MlpGradient = (
  NET: P,
  X: P,
  SIGNS: P,
  n: number,
  PARAMS: P,
  GRADIENT: P,
  WORK: P,
  WEIGHTS: P,
  LOSS: P,
) => void;
