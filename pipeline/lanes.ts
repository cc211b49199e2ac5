import type { Direction } from "./finding.ts";

/**
 * Lanes: findings by where they cross the border, in the order they are
 * shown. What goes out, what moves inside and what comes in are different
 * questions, so each lane has a ranking of its own beside the common one.
 */
export const LANES: readonly Direction[] = [
  "egress",
  "internal",
  "ingress",
  "external",
];

/** What each lane holds, for headings. */
export const LANE_DOCS: Readonly<Record<Direction, string>> = {
  egress: "from inside to outside",
  internal: "between internal hosts",
  ingress: "from outside to inside",
  external: "between outside hosts",
};

/**
 * The rank from 1 of each finding within its lane.
 *
 * @param findings best first.
 *
 * ```ts
 * import { laneRanks } from "./lanes.ts";
 * import assert from "node:assert/strict";
 *
 * const found = ["egress", "ingress", "egress"] as const;
 * const ranks = laneRanks(found.map((direction) => ({ direction })));
 * assert.deepEqual(ranks, [1, 1, 2]);
 * ```
 */
export function laneRanks(
  findings: readonly { readonly direction: Direction }[],
): number[] {
  const last = new Map<Direction, number>();
  return findings.map(({ direction }) => {
    const rank = (last.get(direction) ?? 0) + 1;
    last.set(direction, rank);
    return rank;
  });
}

/** Findings by lane, each in the given order; empty lanes are left out. */
export function byLane<T extends { readonly direction: Direction }>(
  findings: readonly T[],
): { lane: Direction; own: T[] }[] {
  return LANES.map((lane) => ({
    lane,
    own: findings.filter(({ direction }) => direction === lane),
  })).filter(({ own }) => own.length > 0);
}
