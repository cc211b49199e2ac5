// What solvers do to the parameters of a net (mlp.ts), in f64.

import { addF64, f64At, lanesSum, setF64 } from "./memory";
import { muladd } from "./vector_math";

/**
 * G ← by · G + shrink · PARAMS for n weights: mean and penalty.
 *
 * @returns Σ PARAMS²
 */
export function scaleGradient(
  G: usize, PARAMS: usize, n: i32, by: f64, shrink: f64,
): f64 {
  const times = f64x2.splat(by), pull = f64x2.splat(shrink);
  let squares = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const o = <usize>i << 3;
    const w = v128.load(PARAMS + o);
    squares = muladd<f64>(w, w, squares);
    v128.store(
      G + o, muladd<f64>(pull, w, f64x2.mul(times, v128.load(G + o))),
    );
  }
  let sum = lanesSum(squares);
  if (i < n) {
    const w = f64At(PARAMS, i);
    sum += w * w;
    setF64(G, i, by * f64At(G, i) + shrink * w);
  }
  return sum;
}

/**
 * One step of Adam (Kingma & Ba, 2015), two weights at a time and the last of
 * an odd number alone.
 *
 * @param PARAMS INOUT shape (n,)
 * @param GRADIENT IN shape (n,)
 * @param M, V INOUT shape (n,): means of the gradient and of its square
 * @param rate the learning rate, both biases corrected
 */
export function adamStep(
  PARAMS: usize, GRADIENT: usize, M: usize, V: usize, n: i32, rate: f64,
  beta1: f64, beta2: f64, epsilon: f64,
): void {
  const keep1 = f64x2.splat(beta1), take1 = f64x2.splat(1 - beta1);
  const keep2 = f64x2.splat(beta2), take2 = f64x2.splat(1 - beta2);
  const by = f64x2.splat(rate), least = f64x2.splat(epsilon);
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const o = <usize>i << 3;
    const g = v128.load(GRADIENT + o);
    const m = muladd<f64>(keep1, v128.load(M + o), f64x2.mul(take1, g));
    const v = muladd<f64>(
      keep2, v128.load(V + o), f64x2.mul(f64x2.mul(take2, g), g),
    );
    v128.store(M + o, m);
    v128.store(V + o, v);
    const way = f64x2.div(f64x2.mul(by, m), f64x2.add(f64x2.sqrt(v), least));
    v128.store(PARAMS + o, f64x2.sub(v128.load(PARAMS + o), way));
  }
  if (i == n) return;
  const g = f64At(GRADIENT, i);
  const m = beta1 * f64At(M, i) + (1 - beta1) * g;
  const v = beta2 * f64At(V, i) + (1 - beta2) * g * g;
  setF64(M, i, m);
  setF64(V, i, v);
  addF64(PARAMS, i, -rate * m / (sqrt(v) + epsilon));
}

/**
 * One step of gradient descent with momentum, Nesterov's or plain (Sutskever,
 * Martens, Dahl, Hinton, 2013).
 *
 * @param VELOCITY INOUT shape (n,)
 */
export function momentumStep(
  PARAMS: usize, GRADIENT: usize, VELOCITY: usize, n: i32, rate: f64,
  momentum: f64, nesterov: i32,
): void {
  for (let i = 0; i < n; i++) {
    const push = rate * f64At(GRADIENT, i);
    const v = momentum * f64At(VELOCITY, i) - push;
    setF64(VELOCITY, i, v);
    addF64(PARAMS, i, nesterov ? momentum * v - push : v);
  }
}
