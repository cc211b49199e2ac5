// Whether a text is an address, in any form that pipeline/address.ts takes.

/** Four numbers of 1 to 3 digits, each up to 255, with dots between. */
export function isIpv4(s: usize, e: usize): bool {
  if (e - s < 7 || e - s > 15) return false;
  let dots: i32 = 0, digits: i32 = 0, value: i32 = 0;
  for (let p = s; p < e; p++) {
    const digit = <i32>load<u8>(p) - 48;
    if (<u32>digit <= 9) {
      value = value * 10 + digit;
      if (++digits > 3 || value > 255) return false;
    } else {
      if (digit != -2 || digits == 0 || ++dots > 3) return false;
      digits = 0;
      value = 0;
    }
  }
  return dots == 3 && digits > 0;
}

/** RFC 4291, 2.2; a zone ("%eth0") is passed over. */
export function isIpv6(s: usize, e: usize): bool {
  for (let p = s; p < e; p++) if (load<u8>(p) == 37) e = p;
  let groups: i32 = 0, gaps: i32 = 0, p = s;
  if (e - s < 2) return false;
  if (load<u8>(p) == 58) {
    if (load<u8>(p + 1) != 58) return false;
    gaps = 1;
    p += 2;
  }
  while (p < e) {
    const from = p;
    while (p < e && isHex(load<u8>(p))) p++;
    const length = p - from;
    if (p < e && load<u8>(p) == 46) {
      groups += 2;
      return isIpv4(from, e) && enough(groups, gaps);
    }
    if (length < 1 || length > 4) return false;
    groups++;
    if (p == e) break;
    if (load<u8>(p++) != 58 || p == e) return false;
    if (load<u8>(p) == 58) {
      if (++gaps > 1) return false;
      p++;
    }
  }
  return enough(groups, gaps);
}

/** "::" stands for at least one group. */
function enough(groups: i32, gaps: i32): bool {
  return gaps == 0 ? groups == 8 : groups <= 7;
}

// @ts-ignore: decorator
@inline
function isHex(c: u8): bool {
  return <u32>(<i32>c - 48) <= 9 || <u32>((<i32>c | 32) - 97) <= 5;
}

/** Whether [s, e) is an address. */
export function isAddress(s: usize, e: usize): bool {
  return isIpv4(s, e) || isIpv6(s, e);
}
