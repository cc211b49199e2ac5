// Written by tools/manifest.ts; do not edit.
import { island } from "../islands/_json_props.ts";
import type { RouteModule } from "./_page.ts";
import * as r0 from "./api.tsx";
import * as r1 from "./api/clusters.ts";
import * as r2 from "./api/clusters/compare.ts";
import * as r3 from "./api/clusters/distances.ts";
import * as r4 from "./api/clusters/fit.ts";
import * as r5 from "./api/clusters/save.ts";
import * as r6 from "./api/datasets/index.ts";
import * as r7 from "./api/datasets/[id]/delete.ts";
import * as r8 from "./api/datasets/[id]/index.ts";
import * as r9 from "./api/datasets/[id]/prune.ts";
import * as r10 from "./api/datasets/[id]/rename.ts";
import * as r11 from "./api/folders.ts";
import * as r12 from "./api/hosts.ts";
import * as r13 from "./api/hunts.ts";
import * as r14 from "./api/imports/index.ts";
import * as r15 from "./api/imports/[id]/events.ts";
import * as r16 from "./api/jobs/events.ts";
import * as r17 from "./api/jobs/index.ts";
import * as r18 from "./api/jobs/[id]/cancel.ts";
import * as r19 from "./api/jobs/[id]/events.ts";
import * as r20 from "./api/net/decide.ts";
import * as r21 from "./api/net/events.ts";
import * as r22 from "./api/net/export.ts";
import * as r23 from "./api/net/import.ts";
import * as r24 from "./api/net/load.ts";
import * as r25 from "./api/net/pair.ts";
import * as r26 from "./api/net/save.ts";
import * as r27 from "./api/net/train.ts";
import * as r28 from "./api/net/view.ts";
import * as r29 from "./api/points.ts";
import * as r30 from "./api/sessions/index.ts";
import * as r31 from "./api/sessions/[uid].ts";
import * as r32 from "./api/settings/safelist/add.ts";
import * as r33 from "./api/settings/safelist/index.ts";
import * as r34 from "./api/settings/safelist/[id]/remove.ts";
import * as r35 from "./api/store/copy.ts";
import * as r36 from "./api/store/test.ts";
import * as r37 from "./api/store/use.ts";
import * as r38 from "./api/uploads/index.ts";
import * as r39 from "./api/uploads/[id].ts";
import * as r40 from "./api/verdict.ts";
import * as r41 from "./clusters.tsx";
import * as r42 from "./datasets/index.tsx";
import * as r43 from "./datasets/[id].tsx";
import * as r44 from "./findings/[id].tsx";
import * as r45 from "./hosts/index.tsx";
import * as r46 from "./hosts/[address].tsx";
import * as r47 from "./index.tsx";
import * as r48 from "./neural-net.tsx";
import * as r49 from "./sessions/index.tsx";
import * as r50 from "./sessions/[uid].tsx";
import * as r51 from "./settings.tsx";
import i0 from "../islands/Clusters.tsx";
import i1 from "../islands/ImportForm.tsx";
import i2 from "../islands/ImportProgress.tsx";
import i3 from "../islands/JobLine.tsx";
import i4 from "../islands/NeuralNet.tsx";
import i5 from "../islands/Preferences.tsx";
import i6 from "../islands/StoreForm.tsx";

export const routes: readonly (readonly [string, RouteModule])[] = [
  ["/api", r0],
  ["/api/clusters", r1],
  ["/api/clusters/compare", r2],
  ["/api/clusters/distances", r3],
  ["/api/clusters/fit", r4],
  ["/api/clusters/save", r5],
  ["/api/datasets", r6],
  ["/api/datasets/:id/delete", r7],
  ["/api/datasets/:id", r8],
  ["/api/datasets/:id/prune", r9],
  ["/api/datasets/:id/rename", r10],
  ["/api/folders", r11],
  ["/api/hosts", r12],
  ["/api/hunts", r13],
  ["/api/imports", r14],
  ["/api/imports/:id/events", r15],
  ["/api/jobs/events", r16],
  ["/api/jobs", r17],
  ["/api/jobs/:id/cancel", r18],
  ["/api/jobs/:id/events", r19],
  ["/api/net/decide", r20],
  ["/api/net/events", r21],
  ["/api/net/export", r22],
  ["/api/net/import", r23],
  ["/api/net/load", r24],
  ["/api/net/pair", r25],
  ["/api/net/save", r26],
  ["/api/net/train", r27],
  ["/api/net/view", r28],
  ["/api/points", r29],
  ["/api/sessions", r30],
  ["/api/sessions/:uid", r31],
  ["/api/settings/safelist/add", r32],
  ["/api/settings/safelist", r33],
  ["/api/settings/safelist/:id/remove", r34],
  ["/api/store/copy", r35],
  ["/api/store/test", r36],
  ["/api/store/use", r37],
  ["/api/uploads", r38],
  ["/api/uploads/:id", r39],
  ["/api/verdict", r40],
  ["/clusters", r41],
  ["/datasets", r42],
  ["/datasets/:id", r43],
  ["/findings/:id", r44],
  ["/hosts", r45],
  ["/hosts/:address", r46],
  ["/", r47],
  ["/neural-net", r48],
  ["/sessions", r49],
  ["/sessions/:uid", r50],
  ["/settings", r51],
];

export const islands = {
  Clusters: island(i0),
  ImportForm: island(i1),
  ImportProgress: island(i2),
  JobLine: island(i3),
  NeuralNet: island(i4),
  Preferences: island(i5),
  StoreForm: island(i6),
};
