// Written by tools/manifest.ts; do not edit.
import { island } from "../islands/_json_props.ts";
import type { RouteModule } from "./_page.ts";
import * as r0 from "./api/clusters.ts";
import * as r1 from "./api/points.ts";
import * as r2 from "./api/verdict.ts";
import * as r3 from "./clusters.tsx";
import * as r4 from "./findings/[id].tsx";
import * as r5 from "./index.tsx";
import i0 from "../islands/Clusters.tsx";

export const routes: readonly (readonly [string, RouteModule])[] = [
  ["/api/clusters", r0],
  ["/api/points", r1],
  ["/api/verdict", r2],
  ["/clusters", r3],
  ["/findings/:id", r4],
  ["/", r5],
];

export const islands = {
  Clusters: island(i0),
};
