/** Fixtures, damaged in ways that repeat from run to run. */
import { fixture } from "./_logs.ts";

/** Bytes of the longest line that is read. */
export const LONGEST = 1 << 20;

export type Random = () => number;

/** mulberry32: the same damage in every run. */
function randomOf(seed: number): Random {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, seed | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

export function allFixtures(): Uint8Array[] {
  const folders = ["two_formats", "bad_values", "headers", "json_forms"];
  return folders.flatMap((folder) =>
    [...Deno.readDirSync(fixture(folder))].map(({ name }) => name).sort()
      .map((name) => Deno.readFileSync(fixture(`${folder}/${name}`)))
  );
}

function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** One way to damage bytes; `other` is spliced into them. */
type Damage = (
  bytes: Uint8Array,
  other: Uint8Array,
  random: Random,
) => Uint8Array;

const below = (random: Random, n: number) => Math.floor(random() * n);

const DAMAGES: readonly Damage[] = [
  function flip(bytes, _, random) {
    const out = bytes.slice();
    out[below(random, out.length)] ^= 1 << below(random, 8);
    return out;
  },
  function overwrite(bytes, _, random) {
    // What means something to a reader does more harm than chance does.
    const marks = '\n\r\t#\\"{}[],:- \0\xff\xef';
    const out = bytes.slice();
    const mark = marks.charCodeAt(below(random, marks.length));
    out[below(random, out.length)] = mark;
    return out;
  },
  function cutEnd(bytes, _, random) {
    return bytes.slice(0, below(random, bytes.length + 1));
  },
  function cutOut(bytes, _, random) {
    const from = below(random, bytes.length);
    const to = from + below(random, 60);
    return join(bytes.subarray(0, from), bytes.subarray(to));
  },
  function repeat(bytes, _, random) {
    const from = below(random, bytes.length);
    const piece = bytes.subarray(from, from + below(random, 400));
    return join(bytes.subarray(0, from), piece, bytes.subarray(from));
  },
  function splice(bytes, other, random) {
    const at = below(random, bytes.length);
    const from = below(random, other.length);
    const piece = other.subarray(from, from + below(random, other.length));
    return join(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
  function append(bytes, other) {
    return join(bytes, other);
  },
];

/** Rare, for it takes long: a line above the longest that is read. */
function swell(bytes: Uint8Array, random: Random): Uint8Array {
  const at = below(random, bytes.length);
  const piece = new Uint8Array(LONGEST + 1).fill(120);
  return join(bytes.subarray(0, at), piece, bytes.subarray(at));
}

export function damaged(
  files: readonly Uint8Array[],
  random: Random,
): Uint8Array {
  let bytes = files[below(random, files.length)];
  for (let n = below(random, 4); n >= 0 && bytes.length > 0; n--) {
    const other = files[below(random, files.length)];
    bytes = DAMAGES[below(random, DAMAGES.length)](bytes, other, random);
  }
  return bytes.length > 0 && random() < 0.004 ? swell(bytes, random) : bytes;
}

/** Runs `n` times with a file of its own; a failure names its round. */
export async function rounds(
  n: number,
  round: (path: string, random: Random) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (let i = 0; i < n; i++) {
      await round(`${folder}/conn.log`, randomOf(i)).catch((cause) => {
        throw new Error(`round ${i}: ${cause.message}`, { cause });
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
