import assert from "node:assert/strict";
import { lbfgs } from "../../pipeline/models/lbfgs.ts";

const LIMITS = { maxIter: 500, maxFun: 5000, gtol: 1e-8 };

/** Rosenbrock's valley in two variables; minimum 0 at (1, 1). */
function valley(x: Float64Array, g: Float64Array): Promise<number> {
  const [a, b] = x;
  g[0] = -400 * a * (b - a * a) - 2 * (1 - a);
  g[1] = 200 * (b - a * a);
  return Promise.resolve(100 * (b - a * a) ** 2 + (1 - a) ** 2);
}

Deno.test("lbfgs follows Rosenbrock's valley to its minimum", async () => {
  const found = await lbfgs(valley, Float64Array.of(-1.2, 1), LIMITS);
  assert(found.converged);
  assert(Math.abs(found.x[0] - 1) < 1e-3 && Math.abs(found.x[1] - 1) < 1e-3);
  // scipy's L-BFGS-B needs 36 iterations and 45 evaluations from here.
  assert(found.nIter <= 50 && found.nEvaluations <= 70, `${found.nIter}`);
});

Deno.test("lbfgs minimises a badly scaled parabola of more variables than it remembers", async () => {
  const n = 40;
  const bowl = (x: Float64Array, g: Float64Array) => {
    let value = 0;
    for (let i = 0; i < n; i++) {
      const weight = 10 ** (4 * i / n);
      g[i] = 2 * weight * (x[i] - i);
      value += weight * (x[i] - i) ** 2;
    }
    return Promise.resolve(value);
  };
  const { x, value } = await lbfgs(bowl, new Float64Array(n), LIMITS);
  assert(value < 1e-6, `${value}`);
  assert(Math.abs(x[n - 1] - (n - 1)) < 1e-4);
});

Deno.test("lbfgs reports a value that never rises, once per iteration", async () => {
  const seen: number[] = [];
  const { curve, nIter, value } = await lbfgs(
    valley,
    Float64Array.of(-1.2, 1),
    LIMITS,
    (done) => seen.push(done),
  );
  assert.deepEqual(seen, Array.from({ length: nIter }, (_, i) => i + 1));
  assert.equal(curve.length, nIter);
  assert.equal(curve.at(-1), value);
  assert(curve.every((v, i) => i === 0 || v <= curve[i - 1]));
});

Deno.test("lbfgs returns the start where it is a minimum, and leaves it alone", async () => {
  const start = Float64Array.of(1, 1);
  const found = await lbfgs(valley, start, LIMITS);
  assert.equal(found.nIter, 0);
  assert.equal(found.nEvaluations, 1);
  assert(found.converged && found.x !== start);
});

Deno.test("lbfgs stops at maxIter and says it did not converge", async () => {
  const start = Float64Array.of(-1.2, 1);
  const found = await lbfgs(valley, start, { ...LIMITS, maxIter: 3 });
  assert.equal(found.nIter, 3);
  assert.equal(found.converged, false);
  assert.deepEqual([...start], [-1.2, 1]);
});

Deno.test("lbfgs gives up where the gradient points uphill", async () => {
  const liar = (x: Float64Array, g: Float64Array) => {
    g[0] = -2 * x[0];
    return Promise.resolve(x[0] ** 2);
  };
  const found = await lbfgs(liar, Float64Array.of(1), LIMITS);
  assert.equal(found.converged, false);
  assert.equal(found.x[0], 1);
});
