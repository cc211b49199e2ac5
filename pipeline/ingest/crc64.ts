const BYTES = 256;
/** Low and high halves of the table for polynomial 0xc96c5795d7870f42. */
const LOW = new Uint32Array(BYTES), HIGH = new Uint32Array(BYTES);

for (let i = 0; i < BYTES; i++) {
  let low = i, high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = (low >>> 1 | high << 31) ^ (odd ? 0xd7870f42 : 0);
    high = high >>> 1 ^ (odd ? 0xc96c5795 : 0);
  }
  LOW[i] = low;
  HIGH[i] = high;
}

/** CRC-64 as xz has it (ECMA-182, lowest bit first): `update`, then `digest`. */
export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): void {
    let low = this.#low, high = this.#high;
    for (const byte of bytes) {
      const i = (low ^ byte) & 255;
      low = (low >>> 8 | high << 24) ^ LOW[i];
      high = high >>> 8 ^ HIGH[i];
    }
    this.#low = low;
    this.#high = high;
  }

  /** Hex of its bytes, the lowest first. */
  digest(): string {
    const out = new DataView(new ArrayBuffer(8));
    out.setUint32(0, ~this.#low, true);
    out.setUint32(4, ~this.#high, true);
    return new Uint8Array(out.buffer).toHex();
  }
}
