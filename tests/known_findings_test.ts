import assert from "node:assert/strict";
import { listed, NO_MARK } from "../pipeline/finding_view.ts";
import { KnownFindings } from "../pipeline/known_findings.ts";
import type { Mark, SafelistEntry } from "../pipeline/store/session_store.ts";
import { finding } from "./report/_findings.ts";

const ALL = [1, 2, 3].map((rank) =>
  listed(finding({ id: `f${rank}`, src: `10.0.0.${rank}`, rank }))
);
const ENTRY: SafelistEntry = {
  id: 1,
  kind: "address",
  value: "10.0.0.2",
  reason: "ours",
  author: "",
  createdAt: 10,
  expiresAt: 100,
};
const BENIGN: Mark = { ...NO_MARK, verdict: "benign" };

Deno.test("KnownFindings makes its list anew only where marks, entries or their time have changed", async () => {
  const known = new KnownFindings(ALL);
  let asked = 0;
  const list = (
    entries: SafelistEntry[],
    marks: Record<string, Mark>,
    now = 50,
  ) =>
    known.list({
      entries,
      marks: new Map(Object.entries(marks)),
      now,
      end: 7,
      scoresOf: () => Promise.resolve(() => (asked++, null)),
    });
  const plain = await list([], {});
  assert.equal(plain.now, 7);
  assert.equal(await list([], {}), plain);
  const hiding = await list([ENTRY], {});
  assert.deepEqual(hiding.findings.map((f) => f.hiddenBy), [null, 1, null]);
  const marked = await list([ENTRY], { f1: BENIGN, gone: BENIGN });
  assert.deepEqual(marked.findings.map((f) => f.mark.verdict), [
    "benign",
    null,
    null,
  ]);
  assert.equal(marked.findings[2], hiding.findings[2], "no copy is made");
  assert.equal(await list([ENTRY], { f1: BENIGN, gone: BENIGN }), marked);
  assert.equal(asked, 1);
  const over = await list([ENTRY], {}, 100);
  assert.deepEqual(over.findings.map((f) => f.hiddenBy), [null, null, null]);
  assert.deepEqual(over.hidden, []);
});

Deno.test("KnownFindings takes back what stood when it was read and stands no more", async () => {
  const known = new KnownFindings([{ ...ALL[0], mark: BENIGN }]);
  const { findings } = await known.list({
    entries: [],
    marks: new Map([["f1", NO_MARK]]),
    now: 0,
    end: 0,
    scoresOf: () => Promise.resolve(() => null),
  });
  assert.equal(findings[0].mark.verdict, null);
});
