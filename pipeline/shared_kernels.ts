/** Instances over one memory, for threads that work on the same fit. */
import type { KernelExports, P } from "./kernel_exports.ts";
import { Lease, type Need } from "./kernels.ts";

/** What assembly/dbscan_threads.ts exports for the threads' sake; see there. */
export interface ThreadExports {
  lendDbscan(STATE: P): void;
  borrowDbscan(
    STATE: P,
    forest: P,
    blocks: P,
    query: P,
    pairs: P,
  ): void;
  findCore: KernelExports["findCore"];
  joinLeaves: KernelExports["joinLeaves"];
  labelBorder: KernelExports["labelBorder"];
  takePairs(pairs: P, count: number): void;
  mergeForest(parents: P): void;
  flattenForest(): void;
  useForest(parents: P): void;
}

/** What another thread makes its own instance of. */
export interface SharedParts {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** 4 GiB, as the module says. */
const MOST_PAGES = 65_536;

let compiled: WebAssembly.Module | undefined;
/** One is kept for the next lease: its pages are already there. */
let idle: Parts | undefined;

type Parts = SharedParts & { readonly run: KernelExports };

/**
 * An instance of the kernels of DBSCAN, whose memory other threads may share.
 *
 * @throws RangeError when the fit needs more than 4 GiB, or where the system
 * has no address space for them.
 */
export function leaseShared(need: Need): SharedLease {
  const parts = idle ?? makeParts();
  idle = undefined;
  return new SharedLease(parts, need);
}

/** Its `run` has the kernels of DBSCAN alone. */
export class SharedLease extends Lease {
  readonly parts: SharedParts;
  readonly threads: ThreadExports;
  readonly #parts: Parts;
  #inUse = false;

  constructor(parts: Parts, need: Need) {
    super(parts.run, need);
    this.parts = { module: parts.module, memory: parts.memory };
    this.threads = parts.run as unknown as ThreadExports;
    this.#parts = parts;
  }

  /** Says that a thread may still write to the memory: it is not lent again. */
  giveUp(): void {
    this.#inUse = true;
  }

  protected override keep(): void {
    if (!this.#inUse) idle ??= this.#parts;
  }
}

/** An instance over a memory that another thread made. */
export function attach({ module, memory }: SharedParts): ThreadExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as ThreadExports;
}

function makeParts(): Parts {
  compiled ??= new WebAssembly.Module(
    Deno.readFileSync(
      new URL("../assembly/dbscan_threads.wasm", import.meta.url),
    ),
  );
  const memory = new WebAssembly.Memory({
    initial: 1,
    maximum: MOST_PAGES,
    shared: true,
  });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const run = { ...exports, memory } as unknown as KernelExports;
  return { module: compiled, memory, run };
}
