// Written by tools/manifest.ts; do not edit.
import type { ComponentType } from "preact";

// deno-lint-ignore no-explicit-any
type Load = () => Promise<{ default: ComponentType<any> }>;

export const islands: Readonly<Record<string, Load>> = {
  Clusters: () => import("./Clusters.tsx"),
  FindingAnswers: () => import("./FindingAnswers.tsx"),
  Findings: () => import("./Findings.tsx"),
  ImportForm: () => import("./ImportForm.tsx"),
  ImportProgress: () => import("./ImportProgress.tsx"),
  JobLine: () => import("./JobLine.tsx"),
  NeuralNet: () => import("./NeuralNet.tsx"),
  Preferences: () => import("./Preferences.tsx"),
  StoreForm: () => import("./StoreForm.tsx"),
};
