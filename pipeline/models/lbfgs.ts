import { dot, lineSearch, type Point } from "./line_search.ts";

/**
 * Minimisation of a smooth function by limited-memory BFGS: the path of
 * L-BFGS-B without bounds (Byrd, Lu, Nocedal, Zhu 1995; Zhu, Byrd, Lu, Nocedal
 * 1997), which scipy runs for scikit-learn. Rounding differs, and such paths
 * are chaotic: compare losses, never steps.
 */

/** Writes the gradient at x and returns the value there. */
export type Objective = (
  x: Float64Array,
  gradient: Float64Array,
) => Promise<number>;

export interface LbfgsLimits {
  readonly maxIter: number;
  /** Most evaluations. */
  readonly maxFun: number;
  /** Ends where no component of the gradient is larger. */
  readonly gtol: number;
}

export interface LbfgsResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly nIter: number;
  readonly nEvaluations: number;
  /** False when a limit or a failing line search ended it. */
  readonly converged: boolean;
  /** The value after each iteration. */
  readonly curve: readonly number[];
}

/** Corrections kept; scipy's default. */
const MEMORY = 10;
/** Ends where the value falls relatively by no more; scipy's default. */
const FTOL = 2.220446049250313e-9;
/** A rough objective is left where it falls relatively by no more. */
const ROUGH_FTOL = 1e-6;

/**
 * @param rough the same function with fewer digits, faster: the way begins with
 *   it and goes on with the exact one where it does not tell down from up.
 * @param onIteration called after each iteration with how many there were, the
 *   value there and x, which is not to be written to.
 *
 * ```ts
 * import { lbfgs } from "./lbfgs.ts";
 * import assert from "node:assert/strict";
 *
 * const square = (x: Float64Array, g: Float64Array) => {
 *   g[0] = 2 * (x[0] - 3);
 *   return Promise.resolve((x[0] - 3) ** 2);
 * };
 * const limits = { maxIter: 50, maxFun: 100, gtol: 1e-8 };
 * const { x } = await lbfgs(square, Float64Array.of(0), limits);
 * assert.equal(x[0].toFixed(6), "3.000000");
 * ```
 */
export async function lbfgs(
  objective: Objective,
  start: Float64Array,
  limits: LbfgsLimits,
  onIteration?: (nIter: number, value: number, x: Float64Array) => void,
  rough?: Objective,
): Promise<LbfgsResult> {
  let nEvaluations = 0, nIter = 0;
  let current = rough ?? objective;
  const evaluate = async (x: Float64Array): Promise<Point> => {
    nEvaluations++;
    const gradient = new Float64Array(x.length);
    return { x, value: await current(x, gradient), gradient };
  };
  const memory = new Corrections();
  const curve: number[] = [];
  let point = await evaluate(start.slice());
  const isRough = () => current !== objective;
  const refine = async () => {
    current = objective;
    point = await evaluate(point.x);
    // What the rough one said of the last point.
    if (curve.length > 0) curve[curve.length - 1] = point.value;
  };
  const end = async (converged: boolean): Promise<LbfgsResult> => {
    if (isRough()) await refine();
    const { x, value } = point;
    return { x, value, nIter, nEvaluations, converged, curve };
  };

  if (steepest(point.gradient) <= limits.gtol) return end(true);
  for (;;) {
    const direction = memory.direction(point.gradient);
    const found = await lineSearch(evaluate, point, direction, nIter === 0);
    if (!found) {
      if (isRough()) await refine();
      else if (memory.empty) return end(false);
      else memory.clear(); // begin again from here with steepest descent
      continue;
    }
    const last = point;
    point = found.point;
    nIter++;
    curve.push(point.value);
    onIteration?.(nIter, point.value, point.x);
    memory.add(last, point, found.decrease);
    if (isRough() && isDone(last, point, limits.gtol, ROUGH_FTOL, 0)) {
      await refine();
      if (steepest(point.gradient) <= limits.gtol) return end(true);
    } else if (isDone(last, point, limits.gtol, FTOL, 1)) return end(true);
    if (nIter >= limits.maxIter || nEvaluations > limits.maxFun) {
      return end(false);
    }
  }
}

/** Whether the gradient vanishes or the value no longer falls. */
function isDone(
  last: Point,
  point: Point,
  gtol: number,
  ftol: number,
  floor: number,
): boolean {
  if (steepest(point.gradient) <= gtol) return true;
  const size = Math.max(Math.abs(last.value), Math.abs(point.value), floor);
  return last.value - point.value <= ftol * size;
}

/** The last steps s and changes of gradient y, newest last. */
class Corrections {
  #S: Float64Array[] = [];
  #Y: Float64Array[] = [];
  /** sᵀy of each. */
  #curvatures: number[] = [];

  get empty(): boolean {
    return this.#S.length === 0;
  }

  clear(): void {
    this.#S = [];
    this.#Y = [];
    this.#curvatures = [];
  }

  /** @param decrease −gᵀs at the step's start; a step that bends less is left out. */
  add(from: Point, to: Point, decrease: number): void {
    const s = to.x.map((x, i) => x - from.x[i]);
    const y = to.gradient.map((g, i) => g - from.gradient[i]);
    const curvature = dot(s, y);
    if (curvature <= Number.EPSILON * decrease) return;
    this.#S.push(s);
    this.#Y.push(y);
    this.#curvatures.push(curvature);
    if (this.#S.length <= MEMORY) return;
    this.#S.shift();
    this.#Y.shift();
    this.#curvatures.shift();
  }

  /** −H g by the two-loop recursion (Nocedal, 1980). */
  direction(gradient: Float64Array): Float64Array {
    const q = gradient.map((g) => -g);
    const last = this.#S.length - 1;
    if (last < 0) return q;
    const weights = new Float64Array(last + 1);
    for (let i = last; i >= 0; i--) {
      weights[i] = dot(this.#S[i], q) / this.#curvatures[i];
      addScaled(q, this.#Y[i], -weights[i]);
    }
    const y = this.#Y[last];
    const scale = this.#curvatures[last] / dot(y, y);
    for (let j = 0; j < q.length; j++) q[j] *= scale;
    for (let i = 0; i <= last; i++) {
      const back = dot(this.#Y[i], q) / this.#curvatures[i];
      addScaled(q, this.#S[i], weights[i] - back);
    }
    return q;
  }
}

function steepest(gradient: Float64Array): number {
  return gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
}

function addScaled(x: Float64Array, y: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i] += factor * y[i];
}
