import type { Lease, P } from "../kernels.ts";
import type { Pacer } from "../progress.ts";
import { strideOf } from "./rows.ts";

/** Rows looked at in one call while building. */
const BUDGET = 200_000;

/** What a tree needs beside its rows, at the most: 2n − 1 nodes. */
export function treeBytes(n: number, d: number): number {
  return n * (4 + 8) + 2 * n * (2 * strideOf(d) + 16) + 1024;
}

export interface TreeShape {
  readonly rows: P;
  readonly nSamples: number;
  readonly nFeatures: number;
  /** A node with at most so many rows is a leaf. */
  readonly leafRows: number;
  /** A node whose box has at most this squared diagonal is a leaf. */
  readonly leafDiagonal: number;
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
  startTree(kernels, shape);
  for (;;) {
    const done = kernels.run.growTree(BUDGET);
    if (done < 0) return kernels.run.countNodes();
    onNodes?.(done);
    if (pacer.due) await pacer.rest();
  }
}

/** As {@link buildTree}, at once. */
export function buildTreeSync(kernels: Lease, shape: TreeShape): number {
  startTree(kernels, shape);
  while (kernels.run.growTree(2 ** 31 - 1) >= 0);
  return kernels.run.countNodes();
}

function startTree(kernels: Lease, shape: TreeShape): void {
  const { nSamples: n, nFeatures } = shape;
  const stride = strideOf(nFeatures);
  const order = kernels.alloc(n * 4);
  const stack = kernels.alloc((n + 1) * 8);
  const nodes = kernels.alloc(2 * n * (2 * stride + 16));
  kernels.run.startTree(
    shape.rows,
    n,
    stride,
    order,
    nodes,
    stack,
    shape.leafRows,
    shape.leafDiagonal,
  );
}
