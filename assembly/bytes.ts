// Short runs of bytes, 16 at a time. All of them read up to 16 bytes past the
// run, so that whatever holds text ends with that many spare bytes.

/** 16 bytes of 0xff, then 16 of 0: from 16 − n on, a mask of n bytes. */
const MASKS = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
], 16);

/** The `length` ≤ 16 bytes at `p`, zeros after them. */
// @ts-ignore: decorator
@inline
export function head(p: usize, length: i32): v128 {
  return v128.and(v128.load(p), v128.load(MASKS + <usize>(16 - length)));
}

/** Whether two runs of the same length are equal. */
// @ts-ignore: decorator
@inline
export function equal(p: usize, q: usize, length: i32): bool {
  if (length <= 16) {
    return !v128.any_true(v128.xor(head(p, length), head(q, length)));
  }
  // The last 16 bytes may overlap those before.
  const end = p + <usize>(length - 16), shift = q - p;
  for (; p < end; p += 16) {
    if (v128.any_true(v128.xor(v128.load(p), v128.load(p + shift)))) {
      return false;
    }
  }
  return !v128.any_true(v128.xor(v128.load(end), v128.load(end + shift)));
}

/** Whether the byte stands in the run. */
// @ts-ignore: decorator
@inline
export function contains(p: usize, length: i32, byte: i32): bool {
  const what = i8x16.splat(<i8>byte);
  while (length > 16) {
    if (v128.any_true(i8x16.eq(v128.load(p), what))) return true;
    p += 16;
    length -= 16;
  }
  const bits = i8x16.bitmask(i8x16.eq(v128.load(p), what));
  return (bits & ((1 << length) - 1)) != 0;
}
