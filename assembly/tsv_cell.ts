// One cell of a line: where it lies, and whether it says that it is unset or
// empty. `at` is where the end of the cell stands in SEPS.

import { equal } from "./bytes";

const CR: u8 = 13;

let unset: usize = 0;
export let unsetLength: i32 = 0;
/** The only byte of what stands for no value; −1 where it has more, or none. */
export let unsetByte: i32 = -1;
export let empty: usize = 0;
export let emptyLength: i32 = 0;

export function setMarkers(
  unsetAt: usize, unsetSize: i32, emptyAt: usize, emptySize: i32,
): void {
  unset = unsetAt;
  unsetLength = unsetSize;
  unsetByte = unsetSize == 1 ? <i32>load<u8>(unsetAt) : -1;
  empty = emptyAt;
  emptyLength = emptySize;
}

// @ts-ignore: decorator
@inline
export function startOf(at: usize): usize {
  return load<usize>(at - 4) + 1;
}

// @ts-ignore: decorator
@inline
export function endOf(at: usize, last: bool): usize {
  const e = load<usize>(at);
  return last && load<u8>(e - 1) == CR && e > startOf(at) ? e - 1 : e;
}

// @ts-ignore: decorator
@inline
export function isUnset(s: usize, length: i32, byte: i32): bool {
  if (byte >= 0) return length == 1 && <i32>load<u8>(s) == byte;
  return length == unsetLength && (length == 0 || equal(s, unset, length));
}

// @ts-ignore: decorator
@inline
export function isEmpty(s: usize, length: i32): bool {
  return length == emptyLength && (length == 0 || equal(s, empty, length));
}
