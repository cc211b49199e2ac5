// Written by tools/manifest.ts; do not edit.
import type { ComponentType } from "preact";

// deno-lint-ignore no-explicit-any
type Load = () => Promise<{ default: ComponentType<any> }>;

export const islands: Readonly<Record<string, Load>> = {
  Clusters: () => import("./Clusters.tsx"),
};
