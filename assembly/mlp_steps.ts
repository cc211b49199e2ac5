// What solvers do to the parameters of a net (mlp.ts), in f64.

import { addF64, f64At, setF64 } from "./memory";

/** G ← by · G + shrink · PARAMS for n weights: mean and penalty. */
export function scaleGradient(
  G: usize, PARAMS: usize, n: i32, by: f64, shrink: f64,
): void {
  for (let i = 0; i < n; i++) {
    setF64(G, i, by * f64At(G, i) + shrink * f64At(PARAMS, i));
  }
}

/**
 * One step of Adam (Kingma & Ba, 2015).
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
  for (let i = 0; i < n; i++) {
    const g = f64At(GRADIENT, i);
    const m = beta1 * f64At(M, i) + (1 - beta1) * g;
    const v = beta2 * f64At(V, i) + (1 - beta2) * g * g;
    setF64(M, i, m);
    setF64(V, i, v);
    addF64(PARAMS, i, -rate * m / (sqrt(v) + epsilon));
  }
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
