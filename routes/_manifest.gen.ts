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
import * as r8 from "./api/datasets/[id]/export.ts";
import * as r9 from "./api/datasets/[id]/index.ts";
import * as r10 from "./api/datasets/[id]/merge.ts";
import * as r11 from "./api/datasets/[id]/prune.ts";
import * as r12 from "./api/datasets/[id]/rename.ts";
import * as r13 from "./api/findings/download.ts";
import * as r14 from "./api/findings/index.ts";
import * as r15 from "./api/findings/marks.ts";
import * as r16 from "./api/findings/[id]/index.ts";
import * as r17 from "./api/findings/[id]/records.ts";
import * as r18 from "./api/folders.ts";
import * as r19 from "./api/hosts.ts";
import * as r20 from "./api/hosts/note.ts";
import * as r21 from "./api/hosts/notes/[id].ts";
import * as r22 from "./api/hosts/tags.ts";
import * as r23 from "./api/hunts.ts";
import * as r24 from "./api/imports/index.ts";
import * as r25 from "./api/imports/[id]/events.ts";
import * as r26 from "./api/jobs/events.ts";
import * as r27 from "./api/jobs/index.ts";
import * as r28 from "./api/jobs/[id]/cancel.ts";
import * as r29 from "./api/jobs/[id]/events.ts";
import * as r30 from "./api/net/decide.ts";
import * as r31 from "./api/net/events.ts";
import * as r32 from "./api/net/export.ts";
import * as r33 from "./api/net/import.ts";
import * as r34 from "./api/net/load.ts";
import * as r35 from "./api/net/pair.ts";
import * as r36 from "./api/net/save.ts";
import * as r37 from "./api/net/train.ts";
import * as r38 from "./api/net/view.ts";
import * as r39 from "./api/points.ts";
import * as r40 from "./api/rescore.ts";
import * as r41 from "./api/safelist/add.ts";
import * as r42 from "./api/safelist/import.ts";
import * as r43 from "./api/safelist/index.ts";
import * as r44 from "./api/safelist/preview.ts";
import * as r45 from "./api/safelist/[id]/remove.ts";
import * as r46 from "./api/sessions/index.ts";
import * as r47 from "./api/sessions/[uid].ts";
import * as r48 from "./api/store/copy.ts";
import * as r49 from "./api/store/test.ts";
import * as r50 from "./api/store/use.ts";
import * as r51 from "./api/uploads/index.ts";
import * as r52 from "./api/uploads/[id].ts";
import * as r53 from "./api/verdict.ts";
import * as r54 from "./clusters.tsx";
import * as r55 from "./datasets/index.tsx";
import * as r56 from "./datasets/[id].tsx";
import * as r57 from "./findings/[id].tsx";
import * as r58 from "./hosts/index.tsx";
import * as r59 from "./hosts/[address].tsx";
import * as r60 from "./index.tsx";
import * as r61 from "./neural-net.tsx";
import * as r62 from "./sessions/index.tsx";
import * as r63 from "./sessions/[uid].tsx";
import * as r64 from "./settings.tsx";
import i0 from "../islands/Clusters.tsx";
import i1 from "../islands/FindingAnswers.tsx";
import i2 from "../islands/Findings.tsx";
import i3 from "../islands/ImportForm.tsx";
import i4 from "../islands/ImportProgress.tsx";
import i5 from "../islands/JobLine.tsx";
import i6 from "../islands/NeuralNet.tsx";
import i7 from "../islands/Preferences.tsx";
import i8 from "../islands/StoreForm.tsx";

export const routes: readonly (readonly [string, RouteModule])[] = [
  ["/api", r0],
  ["/api/clusters", r1],
  ["/api/clusters/compare", r2],
  ["/api/clusters/distances", r3],
  ["/api/clusters/fit", r4],
  ["/api/clusters/save", r5],
  ["/api/datasets", r6],
  ["/api/datasets/:id/delete", r7],
  ["/api/datasets/:id/export", r8],
  ["/api/datasets/:id", r9],
  ["/api/datasets/:id/merge", r10],
  ["/api/datasets/:id/prune", r11],
  ["/api/datasets/:id/rename", r12],
  ["/api/findings/download", r13],
  ["/api/findings", r14],
  ["/api/findings/marks", r15],
  ["/api/findings/:id", r16],
  ["/api/findings/:id/records", r17],
  ["/api/folders", r18],
  ["/api/hosts", r19],
  ["/api/hosts/note", r20],
  ["/api/hosts/notes/:id", r21],
  ["/api/hosts/tags", r22],
  ["/api/hunts", r23],
  ["/api/imports", r24],
  ["/api/imports/:id/events", r25],
  ["/api/jobs/events", r26],
  ["/api/jobs", r27],
  ["/api/jobs/:id/cancel", r28],
  ["/api/jobs/:id/events", r29],
  ["/api/net/decide", r30],
  ["/api/net/events", r31],
  ["/api/net/export", r32],
  ["/api/net/import", r33],
  ["/api/net/load", r34],
  ["/api/net/pair", r35],
  ["/api/net/save", r36],
  ["/api/net/train", r37],
  ["/api/net/view", r38],
  ["/api/points", r39],
  ["/api/rescore", r40],
  ["/api/safelist/add", r41],
  ["/api/safelist/import", r42],
  ["/api/safelist", r43],
  ["/api/safelist/preview", r44],
  ["/api/safelist/:id/remove", r45],
  ["/api/sessions", r46],
  ["/api/sessions/:uid", r47],
  ["/api/store/copy", r48],
  ["/api/store/test", r49],
  ["/api/store/use", r50],
  ["/api/uploads", r51],
  ["/api/uploads/:id", r52],
  ["/api/verdict", r53],
  ["/clusters", r54],
  ["/datasets", r55],
  ["/datasets/:id", r56],
  ["/findings/:id", r57],
  ["/hosts", r58],
  ["/hosts/:address", r59],
  ["/", r60],
  ["/neural-net", r61],
  ["/sessions", r62],
  ["/sessions/:uid", r63],
  ["/settings", r64],
];

export const islands = {
  Clusters: island(i0),
  FindingAnswers: island(i1),
  Findings: island(i2),
  ImportForm: island(i3),
  ImportProgress: island(i4),
  JobLine: island(i5),
  NeuralNet: island(i6),
  Preferences: island(i7),
  StoreForm: island(i8),
};
