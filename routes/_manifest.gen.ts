// Written by tools/manifest.ts; do not edit.
import { island } from "../islands/_json_props.ts";
import type { RouteModule } from "./_page.ts";
import * as r0 from "./api.tsx";
import * as r1 from "./api/clusters.ts";
import * as r2 from "./api/clusters/compare.ts";
import * as r3 from "./api/clusters/distances.ts";
import * as r4 from "./api/clusters/fit.ts";
import * as r5 from "./api/clusters/save.ts";
import * as r6 from "./api/jobs/events.ts";
import * as r7 from "./api/jobs/index.ts";
import * as r8 from "./api/jobs/[id]/cancel.ts";
import * as r9 from "./api/jobs/[id]/events.ts";
import * as r10 from "./api/points.ts";
import * as r11 from "./api/verdict.ts";
import * as r12 from "./clusters.tsx";
import * as r13 from "./findings/[id].tsx";
import * as r14 from "./index.tsx";
import i0 from "../islands/Clusters.tsx";

export const routes: readonly (readonly [string, RouteModule])[] = [
  ["/api", r0],
  ["/api/clusters", r1],
  ["/api/clusters/compare", r2],
  ["/api/clusters/distances", r3],
  ["/api/clusters/fit", r4],
  ["/api/clusters/save", r5],
  ["/api/jobs/events", r6],
  ["/api/jobs", r7],
  ["/api/jobs/:id/cancel", r8],
  ["/api/jobs/:id/events", r9],
  ["/api/points", r10],
  ["/api/verdict", r11],
  ["/clusters", r12],
  ["/findings/:id", r13],
  ["/", r14],
];

export const islands = {
  Clusters: island(i0),
};
