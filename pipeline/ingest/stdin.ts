/** What was read of standard input to know what it is: it comes once only. */
export const stdinHead: Uint8Array[] = [];

/** What a log is read from: a file, or standard input after what was read. */
export interface Source extends Disposable {
  readSync(room: Uint8Array): number | null;
}

/** Standard input from its beginning. */
export function openStdin(): Source {
  return {
    readSync: (room) => {
      const head = stdinHead.shift();
      if (!head) return Deno.stdin.readSync(room);
      const n = Math.min(head.length, room.length);
      room.set(head.subarray(0, n));
      if (n < head.length) stdinHead.unshift(head.subarray(n));
      return n === 0 ? Deno.stdin.readSync(room) : n;
    },
    [Symbol.dispose]: () => {},
  };
}
