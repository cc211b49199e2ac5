// Written by tools/manifest.ts; do not edit.
import { island } from "../islands/_json_props.ts";
import type { RouteModule } from "./_page.ts";
import * as r0 from "./api/clusters.ts";
import * as r1 from "./api/clusters/compare.ts";
import * as r2 from "./api/clusters/distances.ts";
import * as r3 from "./api/clusters/save.ts";
import * as r4 from "./api/jobs/events.ts";
import * as r5 from "./api/jobs/index.ts";
import * as r6 from "./api/jobs/[id]/cancel.ts";
import * as r7 from "./api/jobs/[id]/events.ts";
import * as r8 from "./api/points.ts";
import * as r9 from "./api/verdict.ts";
import * as r10 from "./clusters.tsx";
import * as r11 from "./findings/[id].tsx";
import * as r12 from "./index.tsx";
import i0 from "../islands/Clusters.tsx";

export const routes: readonly (readonly [string, RouteModule])[] = [
  ["/api/clusters", r0],
  ["/api/clusters/compare", r1],
  ["/api/clusters/distances", r2],
  ["/api/clusters/save", r3],
  ["/api/jobs/events", r4],
  ["/api/jobs", r5],
  ["/api/jobs/:id/cancel", r6],
  ["/api/jobs/:id/events", r7],
  ["/api/points", r8],
  ["/api/verdict", r9],
  ["/clusters", r10],
  ["/findings/:id", r11],
  ["/", r12],
];

export const islands = {
  Clusters: island(i0),
};
