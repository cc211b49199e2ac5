// Written by tools/manifest.ts; do not edit.
import { island } from "../islands/_json_props.ts";
import type { RouteModule } from "./_page.ts";
import * as r0 from "./api.tsx";
import * as r1 from "./api/benign/import.ts";
import * as r2 from "./api/benign/index.ts";
import * as r3 from "./api/clusters.ts";
import * as r4 from "./api/clusters/compare.ts";
import * as r5 from "./api/clusters/distances.ts";
import * as r6 from "./api/clusters/fit.ts";
import * as r7 from "./api/clusters/save.ts";
import * as r8 from "./api/datasets/index.ts";
import * as r9 from "./api/datasets/[id]/copy.ts";
import * as r10 from "./api/datasets/[id]/delete.ts";
import * as r11 from "./api/datasets/[id]/export.ts";
import * as r12 from "./api/datasets/[id]/index.ts";
import * as r13 from "./api/datasets/[id]/merge.ts";
import * as r14 from "./api/datasets/[id]/prune.ts";
import * as r15 from "./api/datasets/[id]/rename.ts";
import * as r16 from "./api/findings/download.ts";
import * as r17 from "./api/findings/index.ts";
import * as r18 from "./api/findings/marks.ts";
import * as r19 from "./api/findings/[id]/index.ts";
import * as r20 from "./api/findings/[id]/records.ts";
import * as r21 from "./api/folders.ts";
import * as r22 from "./api/hosts.ts";
import * as r23 from "./api/hosts/note.ts";
import * as r24 from "./api/hosts/notes/[id].ts";
import * as r25 from "./api/hosts/tags.ts";
import * as r26 from "./api/hunts/index.ts";
import * as r27 from "./api/hunts/preview.ts";
import * as r28 from "./api/imports/index.ts";
import * as r29 from "./api/imports/[id]/events.ts";
import * as r30 from "./api/jobs/events.ts";
import * as r31 from "./api/jobs/index.ts";
import * as r32 from "./api/jobs/[id]/cancel.ts";
import * as r33 from "./api/jobs/[id]/events.ts";
import * as r34 from "./api/net/decide.ts";
import * as r35 from "./api/net/events.ts";
import * as r36 from "./api/net/export.ts";
import * as r37 from "./api/net/import.ts";
import * as r38 from "./api/net/load.ts";
import * as r39 from "./api/net/pair.ts";
import * as r40 from "./api/net/save.ts";
import * as r41 from "./api/net/train.ts";
import * as r42 from "./api/net/view.ts";
import * as r43 from "./api/points.ts";
import * as r44 from "./api/rescore.ts";
import * as r45 from "./api/safelist/add.ts";
import * as r46 from "./api/safelist/import.ts";
import * as r47 from "./api/safelist/index.ts";
import * as r48 from "./api/safelist/preview.ts";
import * as r49 from "./api/safelist/[id]/remove.ts";
import * as r50 from "./api/sessions/index.ts";
import * as r51 from "./api/sessions/[uid].ts";
import * as r52 from "./api/store/copy.ts";
import * as r53 from "./api/store/test.ts";
import * as r54 from "./api/store/use.ts";
import * as r55 from "./api/uploads/index.ts";
import * as r56 from "./api/uploads/[id].ts";
import * as r57 from "./api/verdict.ts";
import * as r58 from "./clusters.tsx";
import * as r59 from "./datasets/index.tsx";
import * as r60 from "./datasets/[id].tsx";
import * as r61 from "./findings/[id].tsx";
import * as r62 from "./hosts/index.tsx";
import * as r63 from "./hosts/[address].tsx";
import * as r64 from "./index.tsx";
import * as r65 from "./neural-net.tsx";
import * as r66 from "./sessions/index.tsx";
import * as r67 from "./sessions/[uid].tsx";
import * as r68 from "./settings.tsx";
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
  ["/api/benign/import", r1],
  ["/api/benign", r2],
  ["/api/clusters", r3],
  ["/api/clusters/compare", r4],
  ["/api/clusters/distances", r5],
  ["/api/clusters/fit", r6],
  ["/api/clusters/save", r7],
  ["/api/datasets", r8],
  ["/api/datasets/:id/copy", r9],
  ["/api/datasets/:id/delete", r10],
  ["/api/datasets/:id/export", r11],
  ["/api/datasets/:id", r12],
  ["/api/datasets/:id/merge", r13],
  ["/api/datasets/:id/prune", r14],
  ["/api/datasets/:id/rename", r15],
  ["/api/findings/download", r16],
  ["/api/findings", r17],
  ["/api/findings/marks", r18],
  ["/api/findings/:id", r19],
  ["/api/findings/:id/records", r20],
  ["/api/folders", r21],
  ["/api/hosts", r22],
  ["/api/hosts/note", r23],
  ["/api/hosts/notes/:id", r24],
  ["/api/hosts/tags", r25],
  ["/api/hunts", r26],
  ["/api/hunts/preview", r27],
  ["/api/imports", r28],
  ["/api/imports/:id/events", r29],
  ["/api/jobs/events", r30],
  ["/api/jobs", r31],
  ["/api/jobs/:id/cancel", r32],
  ["/api/jobs/:id/events", r33],
  ["/api/net/decide", r34],
  ["/api/net/events", r35],
  ["/api/net/export", r36],
  ["/api/net/import", r37],
  ["/api/net/load", r38],
  ["/api/net/pair", r39],
  ["/api/net/save", r40],
  ["/api/net/train", r41],
  ["/api/net/view", r42],
  ["/api/points", r43],
  ["/api/rescore", r44],
  ["/api/safelist/add", r45],
  ["/api/safelist/import", r46],
  ["/api/safelist", r47],
  ["/api/safelist/preview", r48],
  ["/api/safelist/:id/remove", r49],
  ["/api/sessions", r50],
  ["/api/sessions/:uid", r51],
  ["/api/store/copy", r52],
  ["/api/store/test", r53],
  ["/api/store/use", r54],
  ["/api/uploads", r55],
  ["/api/uploads/:id", r56],
  ["/api/verdict", r57],
  ["/clusters", r58],
  ["/datasets", r59],
  ["/datasets/:id", r60],
  ["/findings/:id", r61],
  ["/hosts", r62],
  ["/hosts/:address", r63],
  ["/", r64],
  ["/neural-net", r65],
  ["/sessions", r66],
  ["/sessions/:uid", r67],
  ["/settings", r68],
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
