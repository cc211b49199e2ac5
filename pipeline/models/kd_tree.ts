import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import { strideOf } from "./rows.ts";

/** Rows looked at in one call while building. */
const BUDGET = 200_000;
/** Nodes that memory is asked for at a time. */
const CHUNK = 4096;

export interface TreeShape {
  readonly rows: P;
  readonly nSamples: number;
  readonly nFeatures: number;
  /** A node with at most so many rows is a leaf. */
  readonly leafRows: number;
  /** A node whose box has at most this squared diagonal is a leaf. */
  readonly leafDiagonal: number;
  /** Bytes that the tree's user keeps with each node; a multiple of 16. */
  readonly payload?: number;
}

/**
 * What a tree needs beside its rows, at the least: nodes come on top, one or
 * two per leaf, and how many leaves there will be only building it tells.
 */
export function treeBytes(n: number): number {
  return n * (4 + 8) + 1024;
}

/**
 * Builds the instance's kd-tree (assembly/tree.ts) over padded rows, which it
 * reorders. One instance has one tree.
 *
 * @returns the number of nodes.
 */
export async function buildTree(
  kernels: Lease,
  shape: TreeShape,
  pacer: Pacer,
  onNodes?: (done: number) => void,
): Promise<number> {
  for (const done of treeSteps(kernels, shape, BUDGET)) {
    onNodes?.(done);
    if (pacer.due) await pacer.rest();
  }
  return kernels.run.countNodes();
}

/** As {@link buildTree}, at once. */
export function buildTreeSync(kernels: Lease, shape: TreeShape): number {
  for (const _ of treeSteps(kernels, shape, 2 ** 31 - 1));
  return kernels.run.countNodes();
}

/** Yields the nodes made so far; nothing else may allocate meanwhile. */
function* treeSteps(
  kernels: Lease,
  shape: TreeShape,
  budget: number,
): Generator<number> {
  const { nSamples: n, nFeatures, payload = 0 } = shape;
  const stride = strideOf(nFeatures);
  const order = kernels.alloc(n * 4);
  const stack = kernels.alloc((n + 1) * 8);
  // The last thing in memory, so that it can grow.
  const chunk = CHUNK * (2 * stride + 16 + payload);
  const nodes = kernels.alloc(chunk);
  let capacity = CHUNK;
  kernels.run.startTree(
    shape.rows,
    n,
    stride,
    order,
    nodes,
    stack,
    shape.leafRows,
    shape.leafDiagonal,
    payload,
  );
  for (;;) {
    const done = kernels.run.growTree(budget, capacity);
    if (done < 0) return;
    if (done === capacity) {
      kernels.alloc(chunk);
      capacity += CHUNK;
    }
    yield done;
  }
}
