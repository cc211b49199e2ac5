/** A clock that runs so fast that a fit rests after every step. */
export class EveryStep implements Disposable {
  /** Steps that have ended so far. */
  steps = 0;
  readonly #now = performance.now;

  /** @param onStep called with the number of each step. */
  constructor(onStep?: (step: number) => void) {
    let time = 0;
    performance.now = () => {
      this.steps++;
      onStep?.(this.steps);
      return time += 50;
    };
  }

  [Symbol.dispose](): void {
    performance.now = this.#now;
  }
}
