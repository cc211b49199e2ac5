// A union-find forest over leaves of the tree. The root of each of its trees is
// its lowest leaf.

import { leafCount } from "./boxes";
import { i32At, setI32 } from "./memory";

/** Parent of each leaf; a root's is itself. */
let PARENTS: usize = 0;

/**
 * Begins with every leaf a tree of its own.
 *
 * @param parents OUT shape (leaves,), i32
 */
export function startForest(parents: usize): void {
  PARENTS = parents;
  for (let leaf = 0; leaf < leafCount; leaf++) setI32(parents, leaf, leaf);
}

/** Goes on with a forest that is there. */
export function useForest(parents: usize): void {
  PARENTS = parents;
}

export function rootOf(leaf: i32): i32 {
  let up = i32At(PARENTS, leaf);
  while (up != leaf) {
    const above = i32At(PARENTS, up);
    setI32(PARENTS, leaf, above);
    leaf = above;
    up = i32At(PARENTS, leaf);
  }
  return leaf;
}

export function join(a: i32, b: i32): void {
  a = rootOf(a);
  b = rootOf(b);
  if (a < b) setI32(PARENTS, b, a);
  else setI32(PARENTS, a, b);
}

/** Joins what another forest over the same leaves has joined. */
export function mergeForest(parents: usize): void {
  for (let leaf = 0; leaf < leafCount; leaf++) join(leaf, i32At(parents, leaf));
}

/**
 * Makes every leaf a child of its root: `rootOf` then changes nothing, and
 * several instances may ask at a time.
 */
export function flattenForest(): void {
  for (let leaf = 0; leaf < leafCount; leaf++) {
    setI32(PARENTS, leaf, rootOf(leaf));
  }
}
