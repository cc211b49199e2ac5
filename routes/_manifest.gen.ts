// Written by tools/manifest.ts; do not edit.
import { island } from "../islands/_json_props.ts";
import type { RouteModule } from "./_page.ts";
import * as r0 from "./api/clusters.ts";
import * as r1 from "./api/jobs/events.ts";
import * as r2 from "./api/jobs/index.ts";
import * as r3 from "./api/jobs/[id]/cancel.ts";
import * as r4 from "./api/jobs/[id]/events.ts";
import * as r5 from "./api/points.ts";
import * as r6 from "./api/verdict.ts";
import * as r7 from "./clusters.tsx";
import * as r8 from "./findings/[id].tsx";
import * as r9 from "./index.tsx";
import i0 from "../islands/Clusters.tsx";

export const routes: readonly (readonly [string, RouteModule])[] = [
  ["/api/clusters", r0],
  ["/api/jobs/events", r1],
  ["/api/jobs", r2],
  ["/api/jobs/:id/cancel", r3],
  ["/api/jobs/:id/events", r4],
  ["/api/points", r5],
  ["/api/verdict", r6],
  ["/clusters", r7],
  ["/findings/:id", r8],
  ["/", r9],
];

export const islands = {
  Clusters: island(i0),
};
