/**
 * The one door to WebAssembly. The module is compiled once; every fit leases
 * an instance of its own, because an instance owns its memory: two fits that
 * await between iterations on a shared one would overwrite each other.
 */
import type { KernelExports, P } from "./kernel_exports.ts";

export type { KernelExports, P };

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

/** What kernels need beside arrays that they work on in place. */
const ROOM_BYTES = 2 ** 21;

const idle: KernelExports[] = [];
/** Instances whose memory holds arrays of `kernelArrays`. */
const rooms = new WeakMap<ArrayBufferLike, Room>();
let compiled: WebAssembly.Module | undefined;

/** An instance that is lent with its arrays, to one fit at a time. */
interface Room {
  readonly run: KernelExports;
  /** Where its memory ends: growing would take the arrays away. */
  readonly end: P;
  lent: boolean;
}

/**
 * Arrays of zeros in the memory of one instance: what scales or projects a
 * matrix from one to another of them works in place, without copying either.
 * The memory is given back when none of them is held any more. Posting one to a
 * worker copies all of them.
 *
 * ```ts
 * import { kernelArrays } from "./kernels.ts";
 * import { featureMatrix } from "./feature_matrix.ts";
 * import { StandardScaler } from "./models/mod.ts";
 * import assert from "node:assert/strict";
 *
 * const [data, scaled] = kernelArrays(2, 2);
 * data.set([1, 3]);
 * const X = featureMatrix(data, ["duration"]);
 * (await StandardScaler.fit(X)).transform(X, scaled);
 * assert.deepEqual([...scaled], [-1, 1]);
 * ```
 *
 * @param lengths values of each
 * @throws RangeError when they need more than {@link MOST_BYTES}.
 */
export function kernelArrays(...lengths: number[]): Float64Array[] {
  const values = lengths.reduce((a, b) => a + b, 0);
  const bytes = 8 * values + 64 * lengths.length + ROOM_BYTES;
  const need = {
    what: "make kernel arrays",
    nSamples: values,
    nFeatures: 1,
    bytes,
  };
  const kernels = new Lease(instantiate(), need), { run } = kernels;
  const at = lengths.map((length) => kernels.alloc(length * 8));
  const end = kernels.alloc(ROOM_BYTES) + ROOM_BYTES;
  run.reset(end - ROOM_BYTES);
  rooms.set(run.memory.buffer, { run, end, lent: false });
  return at.map((at, i) => kernels.f64(at, lengths[i]));
}

/**
 * As {@link lease}: of the instance that holds these values, where there is
 * one, nobody has it and the need fits into its memory.
 *
 * @throws RangeError when the fit needs more than {@link MOST_BYTES}.
 */
export function leaseAt(values: Float64Array, need: Need): Lease {
  const room = rooms.get(values.buffer);
  if (!room || room.lent) return lease(need);
  // Every array may begin up to 63 bytes later.
  const fits = room.run.mark() + need.bytes + 4096 <= room.end;
  return fits ? new RoomLease(room, need) : lease(need);
}

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
  return new Lease(idle.pop() ?? instantiate(), need);
}

/** A leased instance. Views are made anew: growth empties the old ones. */
export class Lease implements Disposable {
  readonly run: KernelExports;
  readonly #need?: Need;
  readonly #mark: number;
  #returned = false;

  /** @throws RangeError when the fit needs more than {@link MOST_BYTES}. */
  constructor(run: KernelExports, need?: Need) {
    if (need && need.bytes > MOST_BYTES) throw tooLarge(need);
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

  /** Where values are that this memory holds; undefined for others. */
  placeOf(values: Float64Array): P | undefined {
    const isHere = values.buffer === this.run.memory.buffer;
    return isHere ? values.byteOffset : undefined;
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
    if (this.run.memory.buffer.byteLength <= KEPT_BYTES) this.keep();
  }

  /** Keeps an instance that is not too large for the next lease. */
  protected keep(): void {
    if (idle.length < KEPT) idle.push(this.run);
  }
}

class RoomLease extends Lease {
  readonly #room: Room;

  constructor(room: Room, need: Need) {
    super(room.run, need);
    this.#room = room;
    room.lent = true;
  }

  override alloc(bytes: number): P {
    // A mistake of the caller, and one that would empty the arrays.
    if (this.run.mark() + bytes > this.#room.end) throw outOfMemory(bytes);
    return super.alloc(bytes);
  }

  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    this.#room.lent = false;
  }

  protected override keep(): void {}
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
