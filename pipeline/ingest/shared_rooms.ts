/** A smaller room could not hold the next batch of the same kind. */
const LEAST_BYTES = 1 << 20;

/**
 * Memory that a worker shares with the main thread, a room per batch: `take`
 * one, hand it over as `next`, and `free` it when the batch was copied. A batch
 * in memory of its own would cost more for fresh pages than for its parsing.
 */
export class SharedRooms {
  readonly #rooms: SharedArrayBuffer[] = [];
  readonly #free: number[] = [];
  /** Rooms taken and not handed over yet. */
  readonly #taken: number[] = [];

  /** A room of at least so many bytes. */
  take(bytes: number): SharedArrayBuffer {
    const room = this.#free.pop() ?? this.#rooms.length;
    const known = this.#rooms[room];
    if (!known || known.byteLength < bytes) {
      // Some more, as the next batch may be a little larger.
      const size = Math.max(LEAST_BYTES, Math.ceil(bytes * 1.25));
      this.#rooms[room] = new SharedArrayBuffer(size);
    }
    this.#taken.push(room);
    return this.#rooms[room];
  }

  /** The number of the room that was taken first and not handed over yet. */
  next(): number {
    return this.#taken.shift()!;
  }

  free(room: number): void {
    this.#free.push(room);
  }
}
