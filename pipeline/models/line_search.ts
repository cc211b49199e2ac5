/**
 * A step that satisfies the strong Wolfe conditions (Moré & Thuente, "Line
 * search algorithms with guaranteed sufficient decrease", 1994), with the
 * constants of L-BFGS-B.
 */

/** Sufficient decrease, curvature, and relative width at which to give up. */
const DECREASE = 1e-3;
const CURVATURE = 0.9;
const WIDTH = 0.1;
const MOST_STEP = 1e10;
const MOST_TRIALS = 20;

/** A point with its value and gradient. */
export interface Point {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Position along the line, value and slope there. */
interface Trial {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

/** An interval whose `best` end has the lowest value so far. */
interface Interval {
  readonly best: Trial;
  readonly other: Trial;
  /** Whether a minimum is known to lie between. */
  readonly bracketed: boolean;
}

export interface LineSearchResult {
  readonly point: Point;
  /** −gᵀs of the whole step, at its start. */
  readonly decrease: number;
}

/**
 * @param first the direction is plain steepest descent: try a step of length 1.
 * @returns null where the direction does not descend or no step is found.
 */
export async function lineSearch(
  evaluate: (x: Float64Array) => Promise<Point>,
  from: Point,
  direction: Float64Array,
  first: boolean,
): Promise<LineSearchResult | null> {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return null;
  const origin: Trial = { step: 0, value: from.value, slope };
  const search = new Search(
    origin,
    first ? Math.min(1 / Math.sqrt(dot(direction, direction)), MOST_STEP) : 1,
  );
  for (let trials = 0; trials < MOST_TRIALS; trials++) {
    const { step } = search;
    const x = from.x.map((v, i) => v + step * direction[i]);
    const point = await evaluate(x);
    const trial = {
      step,
      value: point.value,
      slope: dot(point.gradient, direction),
    };
    if (!Number.isFinite(trial.value)) return null;
    if (search.accepts(trial)) return { point, decrease: -slope * step };
    search.advance(trial);
  }
  return null;
}

class Search {
  /** The next step to try. */
  step: number;
  readonly #origin: Trial;
  #interval: Interval;
  #low = 0;
  #high: number;
  #width = MOST_STEP;
  #widthBefore = 2 * MOST_STEP;
  /** Until a step descends enough and slopes up, a tilted function is used. */
  #tilted = true;

  constructor(origin: Trial, step: number) {
    this.#origin = origin;
    this.#interval = { best: origin, other: origin, bracketed: false };
    this.step = step;
    this.#high = 5 * step;
  }

  /** Whether to stop here: Wolfe conditions, or no room to do better. */
  accepts(trial: Trial): boolean {
    const { slope } = this.#origin;
    if (
      trial.value <= this.#line(trial.step) &&
      Math.abs(trial.slope) <= CURVATURE * -slope
    ) return true;
    if (trial.step >= MOST_STEP && trial.value <= this.#line(trial.step)) {
      return trial.slope <= DECREASE * slope;
    }
    return this.#exhausted(trial.step);
  }

  advance(trial: Trial): void {
    if (
      this.#tilted && trial.value <= this.#line(trial.step) && trial.slope >= 0
    ) this.#tilted = false;
    const tilt = this.#tilted && trial.value <= this.#interval.best.value &&
      trial.value > this.#line(trial.step);
    this.#shrink(trial, tilt ? DECREASE * this.#origin.slope : 0);
    this.#rebound();
    this.step = Math.max(0, Math.min(MOST_STEP, this.step));
    if (this.#exhausted(this.step)) this.step = this.#interval.best.step;
  }

  /** The value that sufficient decrease asks for. */
  #line(step: number): number {
    return this.#origin.value + DECREASE * this.#origin.slope * step;
  }

  #exhausted(step: number): boolean {
    if (!this.#interval.bracketed) return false;
    return step <= this.#low || step >= this.#high ||
      this.#high - this.#low <= WIDTH * this.#high;
  }

  /** Updates the interval for the function less `tilt` times the step. */
  #shrink(trial: Trial, tilt: number): void {
    const { best, other, bracketed } = this.#interval;
    const lean = (t: Trial, by: number): Trial => ({
      step: t.step,
      value: t.value - by * t.step,
      slope: t.slope - by,
    });
    const [interval, step] = nextStep(
      { best: lean(best, tilt), other: lean(other, tilt), bracketed },
      lean(trial, tilt),
      this.#low,
      this.#high,
    );
    this.#interval = {
      best: lean(interval.best, -tilt),
      other: lean(interval.other, -tilt),
      bracketed: interval.bracketed,
    };
    this.step = step;
  }

  /** Halves an interval that shrinks too slowly; sets the next limits. */
  #rebound(): void {
    const { best, other, bracketed } = this.#interval;
    if (!bracketed) {
      this.#low = this.step + 1.1 * (this.step - best.step);
      this.#high = this.step + 4 * (this.step - best.step);
      return;
    }
    const width = Math.abs(other.step - best.step);
    if (width >= 0.66 * this.#widthBefore) {
      this.step = best.step + 0.5 * (other.step - best.step);
    }
    this.#widthBefore = this.#width;
    this.#width = width;
    this.#low = Math.min(best.step, other.step);
    this.#high = Math.max(best.step, other.step);
  }
}

/** The interval with the trial in it, and the step to try then (`dcstep`). */
function nextStep(
  interval: Interval,
  trial: Trial,
  low: number,
  high: number,
): [Interval, number] {
  const { best, other } = interval;
  const opposite = trial.slope * Math.sign(best.slope) < 0;
  let bracketed = interval.bracketed;
  let step: number;
  if (trial.value > best.value) {
    step = afterRise(best, trial);
    bracketed = true;
  } else if (opposite) {
    step = afterTurn(best, trial);
    bracketed = true;
  } else if (Math.abs(trial.slope) < Math.abs(best.slope)) {
    step = afterFlattening(interval, trial, low, high);
  } else if (bracketed) {
    step = cubicMinimum(trial, other);
  } else step = trial.step > best.step ? high : low;

  if (trial.value > best.value) {
    return [{ best, other: trial, bracketed }, step];
  }
  return [{ best: trial, other: opposite ? best : other, bracketed }, step];
}

/** The value rose: between the cubic's and the parabola's minimum. */
function afterRise(best: Trial, trial: Trial): number {
  const { step: a, value, slope } = best;
  const width = trial.step - a;
  const cubic = cubicMinimum(best, trial);
  const drop = (value - trial.value) / width;
  const parabola = a + slope / (drop + slope) / 2 * width;
  return Math.abs(cubic - a) < Math.abs(parabola - a)
    ? cubic
    : cubic + (parabola - cubic) / 2;
}

/** The slope turned: the farther of cubic and secant. */
function afterTurn(best: Trial, trial: Trial): number {
  const cubic = cubicMinimum(trial, best);
  const secant = secantStep(best, trial);
  return Math.abs(cubic - trial.step) > Math.abs(secant - trial.step)
    ? cubic
    : secant;
}

/** The slope flattened: the cubic where it has a minimum ahead. */
function afterFlattening(
  { best, other, bracketed }: Interval,
  trial: Trial,
  low: number,
  high: number,
): number {
  const ahead = trial.step > best.step;
  const cubic = cubicMinimum(trial, best, ahead ? high : low);
  const secant = secantStep(best, trial);
  const nearer = Math.abs(cubic - trial.step) < Math.abs(secant - trial.step);
  if (!bracketed) {
    return Math.min(high, Math.max(low, nearer ? secant : cubic));
  }
  const limit = trial.step + 0.66 * (other.step - trial.step);
  const step = nearer ? cubic : secant;
  return ahead ? Math.min(limit, step) : Math.max(limit, step);
}

function secantStep(best: Trial, trial: Trial): number {
  return trial.step +
    trial.slope / (trial.slope - best.slope) * (best.step - trial.step);
}

/**
 * The minimum of the cubic through two points with their slopes, measured from
 * `a`; `otherwise`, where given, if it has none on the side away from `b`.
 */
function cubicMinimum(a: Trial, b: Trial, otherwise?: number): number {
  const theta = 3 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope;
  const size = Math.max(
    Math.abs(theta),
    Math.abs(a.slope),
    Math.abs(b.slope),
  );
  const radicand = (theta / size) ** 2 - (a.slope / size) * (b.slope / size);
  let gamma = size * Math.sqrt(Math.max(0, radicand));
  if (b.step < a.step) gamma = -gamma;
  const ratio = ((gamma - a.slope) + theta) /
    (((gamma - a.slope) + gamma) + b.slope);
  const away = ratio < 0 && gamma !== 0;
  if (otherwise !== undefined && !away) return otherwise;
  return a.step + ratio * (b.step - a.step);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
