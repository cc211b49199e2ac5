/** A smaller room could not hold the next batch of the same kind. */
const LEAST_BYTES = 1 << 20;

/**
 * Memory that batches are lent, a room each: `take` one, and `free` it when its
 * batch is used no more. A batch in memory of its own would cost more for fresh
 * pages than for its parsing. Other threads can look into a room.
 */
export class SharedRooms {
  readonly #rooms: SharedArrayBuffer[] = [];
  readonly #free: number[] = [];

  /** A room of at least so many bytes. */
  take(bytes: number): SharedArrayBuffer {
    const room = this.#free.pop() ?? this.#rooms.length;
    const known = this.#rooms[room];
    if (!known || known.byteLength < bytes) {
      // Some more, as the next batch may be a little larger.
      const size = Math.max(LEAST_BYTES, Math.ceil(bytes * 1.25));
      this.#rooms[room] = new SharedArrayBuffer(size);
    }
    return this.#rooms[room];
  }

  /** The number of a room; −1 for memory that is none. */
  numberOf(memory: ArrayBufferLike | undefined): number {
    return this.#rooms.findIndex((room) => room === memory);
  }

  /** @param room its number; −1 is no room. */
  free(room: number): void {
    if (room >= 0) this.#free.push(room);
  }
}
