/** One node of a tree: rows [start, end) of the order, and where it ends. */
export interface TreeNode {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly start: number;
  readonly end: number;
  /** The node after its subtree. */
  readonly next: number;
}

/**
 * Twin of assembly/tree.ts for what any kd-tree must be, since where it cuts is
 * free: throws a sentence unless boxes are tight, children share out their
 * parent's rows, and leaves are just the nodes that are small enough.
 *
 * @param rowAt row i of the order.
 */
export function checkTree(
  nodes: readonly TreeNode[],
  rowAt: (i: number) => readonly number[],
  leafRows: number,
  leafDiagonal: number,
): void {
  nodes.forEach((node, at) => {
    const { start, end, lower, upper } = node;
    const rows = Array.from(
      { length: end - start },
      (_, i) => rowAt(start + i),
    );
    const diagonal = lower.reduce((sum, lo, k) => {
      const values = rows.map((row) => row[k]);
      if (Math.min(...values) !== lo || Math.max(...values) !== upper[k]) {
        throw new RangeError(`the box of node ${at} is not tight`);
      }
      return sum + (upper[k] - lo) ** 2;
    }, 0);
    const small = rows.length <= leafRows || diagonal <= leafDiagonal;
    if (small !== (node.next === at + 1)) {
      throw new RangeError(`node ${at} of ${rows.length} rows: leaf or not?`);
    }
    if (small) return;
    const left = nodes[at + 1], right = nodes[left.next];
    const shared = left.start === start && left.end === right.start &&
      right.end === end && right.next === node.next;
    if (!shared) throw new RangeError(`the children of node ${at} do not fit`);
  });
}
