/**
 * The one door to WebAssembly. The module is compiled once; every fit leases
 * an instance of its own, because an instance owns its memory: two fits that
 * await between iterations on a shared one would overwrite each other.
 */

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

  kmeansPayload(stride: number): number;
  sumNodes(from: number, to: number): void;
  startSeeding(n: number, POSITIONS: P, CLOSEST: P, GROUPS: P): void;
  seedFirst(row: number): number;
  seedAdd(row: number): number;
  seedGain(row: number): number;
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
    largest: number,
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

/** A byte offset into the instance's memory. */
export type P = number;

/** What a fit is going to put into memory; checked before any of it is. */
export interface Need {
  /** The action, as in "fit KMeans". */
  readonly what: string;
  readonly nSamples: number;
  readonly nFeatures: number;
  /** Everything that will be allocated, at the most. */
  readonly bytes: number;
}

/** Most bytes of one instance: 4 GiB less what the module itself needs. */
export const MOST_BYTES = 4 * 2 ** 30 - 2 ** 20;

/** Instances kept for the next lease: their pages are already there. */
const KEPT = 2;
/** A larger memory is given back instead of kept. */
const KEPT_BYTES = 256 * 2 ** 20;

const idle: KernelExports[] = [];
let compiled: WebAssembly.Module | undefined;

/**
 * An instance for the exclusive use of one fit; `using` gives it back.
 *
 * @throws RangeError when the fit needs more than {@link MOST_BYTES}.
 *
 * ```ts
 * import { lease } from "./kernels.ts";
 * import assert from "node:assert/strict";
 *
 * using kernels = lease();
 * const at = kernels.alloc(3 * 8);
 * kernels.f64(at, 3).set([1, 2, 3]);
 * assert.equal(kernels.f64(at, 3)[2], 3);
 * ```
 */
export function lease(need?: Need): Lease {
  if (need && need.bytes > MOST_BYTES) throw tooLarge(need);
  const run = idle.pop() ?? instantiate();
  return new Lease(run, need);
}

/** A leased instance. Views are made anew: growth empties the old ones. */
export class Lease implements Disposable {
  readonly run: KernelExports;
  readonly #need?: Need;
  readonly #mark: number;
  #returned = false;

  constructor(run: KernelExports, need?: Need) {
    this.run = run;
    this.#need = need;
    this.#mark = run.mark();
  }

  /**
   * `bytes` bytes on a 64-byte boundary, with whatever stood there before.
   *
   * @throws RangeError when memory cannot grow that far.
   */
  alloc(bytes: number): P {
    const at = bytes < 2 ** 32 ? this.run.alloc(bytes) >>> 0 : 0;
    if (at === 0) throw outOfMemory(bytes, this.#need);
    return at;
  }

  /** As {@link alloc}, all bytes 0. */
  zeros(bytes: number): P {
    const at = this.alloc(bytes);
    this.u8(at, bytes).fill(0);
    return at;
  }

  /** A copy of the values in the instance's memory. */
  f64From(values: ArrayLike<number>): P {
    const at = this.alloc(values.length * 8);
    this.f64(at, values.length).set(values);
    return at;
  }

  /** A view, valid until the next `alloc`. */
  f64(at: P, length: number): Float64Array {
    return new Float64Array(this.run.memory.buffer, at, length);
  }

  f32(at: P, length: number): Float32Array {
    return new Float32Array(this.run.memory.buffer, at, length);
  }

  i32(at: P, length: number): Int32Array {
    return new Int32Array(this.run.memory.buffer, at, length);
  }

  u8(at: P, length: number): Uint8Array {
    return new Uint8Array(this.run.memory.buffer, at, length);
  }

  [Symbol.dispose](): void {
    if (this.#returned) return;
    this.#returned = true;
    this.run.reset(this.#mark);
    const bytes = this.run.memory.buffer.byteLength;
    if (idle.length < KEPT && bytes <= KEPT_BYTES) idle.push(this.run);
  }
}

function instantiate(): KernelExports {
  compiled ??= new WebAssembly.Module(
    Deno.readFileSync(new URL("../assembly/kernels.wasm", import.meta.url)),
  );
  const { exports } = new WebAssembly.Instance(compiled);
  return exports as unknown as KernelExports;
}

function tooLarge({ what, nSamples, nFeatures, bytes }: Need): RangeError {
  return new RangeError(
    `Cannot ${what}: ${nSamples} rows × ${nFeatures} features need ` +
      `${gibibytes(bytes)} GiB, and one fit can have 4; ` +
      "take a sample of the rows or fewer features",
  );
}

function outOfMemory(bytes: number, need?: Need): RangeError {
  const size = need
    ? `${need.nSamples} rows × ${need.nFeatures} features need more than 4 GiB`
    : "memory ends at 4 GiB";
  return new RangeError(
    `Cannot ${need?.what ?? "run a kernel"}: no memory for ${bytes} more ` +
      `bytes, ${size}; take a sample of the rows or fewer features`,
  );
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
