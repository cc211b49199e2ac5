// The arena of one instance, and plain names for raw loads and stores.
//
//   0 ────── __heap_base ──────── mark ─────────────── top ────── memory end
//   │ constants │ what was allocated before │ since the mark │ free │
//
// Nothing is ever freed alone: `reset(mark)` forgets all that came later.
// Memory is handed out as it is, so a kernel clears what it accumulates into.

const ALIGN: u64 = 64;
const PAGE: u64 = 65536;
/** 4 GiB, the most that 32-bit addresses reach. */
const MOST_PAGES: u64 = 65536;

/** First free byte; 0 until the first call. */
let top: usize = 0;

function up(bytes: u64): u64 {
  return (bytes + ALIGN - 1) & ~(ALIGN - 1);
}

/** The first free byte, to be given to `reset` later. */
export function mark(): usize {
  if (top == 0) top = <usize>up(<u64>__heap_base);
  return top;
}

/** Forgets every allocation made after `to` was marked. */
export function reset(to: usize): void {
  top = to;
}

/** `bytes` bytes on a 64-byte boundary; 0 when memory cannot grow that far. */
export function alloc(bytes: usize): usize {
  const at = mark();
  const end = up(<u64>at + <u64>bytes);
  const pages = (end + PAGE - 1) / PAGE;
  if (pages >= MOST_PAGES) return 0;
  const missing = <i64>pages - <i64>memory.size();
  if (missing > 0 && memory.grow(<i32>missing) < 0) return 0;
  top = <usize>end;
  return at;
}

// @ts-ignore: decorator
@inline
export function f64At(p: usize, i: i32): f64 {
  return load<f64>(p + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
export function setF64(p: usize, i: i32, value: f64): void {
  store<f64>(p + (<usize>i << 3), value);
}

// @ts-ignore: decorator
@inline
export function addF64(p: usize, i: i32, value: f64): void {
  const at = p + (<usize>i << 3);
  store<f64>(at, load<f64>(at) + value);
}

// @ts-ignore: decorator
@inline
export function i32At(p: usize, i: i32): i32 {
  return load<i32>(p + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
export function setI32(p: usize, i: i32, value: i32): void {
  store<i32>(p + (<usize>i << 2), value);
}

/** Both lanes of an f64x2 added. */
// @ts-ignore: decorator
@inline
export function lanesSum(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** The smaller of two numbers, a without an order: `min` looks for NaN too. */
// @ts-ignore: decorator
@inline
export function lesser(a: f64, b: f64): f64 {
  return f64x2.extract_lane(f64x2.pmin(f64x2.splat(a), f64x2.splat(b)), 0);
}

/** The larger of two numbers, a without an order. */
// @ts-ignore: decorator
@inline
export function greater(a: f64, b: f64): f64 {
  return f64x2.extract_lane(f64x2.pmax(f64x2.splat(a), f64x2.splat(b)), 0);
}
