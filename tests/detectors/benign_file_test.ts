import assert from "node:assert/strict";
import { parseBenign } from "../../pipeline/detectors/benign_file.ts";
import {
  benignJson,
  mergedBenign,
  SHIPPED,
} from "../../pipeline/detectors/benign_list.ts";
import { SkerryError } from "../../pipeline/errors.ts";
import { hunt, importLogs, openStore } from "../../pipeline/mod.ts";

const demo = new URL("../../fixtures/demo/", import.meta.url).pathname;

const OWN = {
  name: "our backup",
  doc: "nightly copies",
  ports: ["tcp/8400"],
  behaviours: ["inside"],
  must: ["port", "inside"],
  needs: 2,
  effect: -2,
  cap: "low",
};
const LOOKUP = {
  name: "our mail gateway",
  doc: "it asks our own blocklist",
  names: ["rbl.example"],
  must: ["name"],
  oneOf: ["reversed"],
  effect: -2,
  cap: "low",
};
const read = (document: unknown) =>
  parseBenign(JSON.stringify(document), "own.json");

Deno.test("the shipped list is read back as benignJson prints it", () => {
  const edits = parseBenign(benignJson(SHIPPED), "own.json");
  const { list, changes } = mergedBenign(SHIPPED, edits);
  assert.equal(benignJson(list), benignJson(SHIPPED));
  assert.deepEqual([changes.added, changes.removed], [[], []]);
  const own = list.pairs.find(({ name }) => name === "OS update")!;
  assert.ok(own.agents!.test("debian apt-http/1.3"), "whatever the case");
});

Deno.test("mergedBenign adds, replaces in its place and removes", () => {
  const edits = read({
    pairs: [OWN, { ...OWN, name: "analytics" }, {
      name: "proxy",
      remove: true,
    }],
    lookups: [LOOKUP],
  });
  const { list, changes } = mergedBenign(SHIPPED, edits);
  assert.deepEqual(changes, {
    added: ["our backup", "our mail gateway"],
    replaced: ["analytics"],
    removed: ["proxy"],
  });
  const before = SHIPPED.pairs.map(({ name }) => name);
  const after = list.pairs.map(({ name }) => name);
  assert.deepEqual(
    after,
    [...before.filter((name) => name !== "proxy"), "our backup"],
  );
  assert.deepEqual(
    list.pairs.find(({ name }) => name === "analytics")!.ports,
    ["tcp/8400"],
  );
});

Deno.test("parseBenign names file, entry, field and value of what it cannot use", () => {
  const wrong: [document: unknown, message: RegExp][] = [
    [{ pairs: [OWN, { ...OWN, name: "" }] }, /pairs\[1\].* name: "": it must/],
    [{ pairs: [{ ...OWN, cap: "mild" }] }, /\(our backup\) cap: "mild": it/],
    [{ pairs: [{ ...OWN, needs: 1 }] }, /needs: 1: .* from 2 to 2/],
    [{ pairs: [{ ...OWN, needs: 3 }] }, /needs: 3: .* from 2 to 2/],
    [{ pairs: [{ ...OWN, effect: 1 }] }, /effect: 1: .* -10 to 0/],
    [{ pairs: [{ ...OWN, doc: undefined }] }, /doc: missing: /],
    [{ pairs: [{ ...OWN, must: [] }] }, /must: \[\]: one signal/],
    [{ pairs: [{ ...OWN, must: ["name"] }] }, /must: .*"name" is wrong/],
    [{ pairs: [{ ...OWN, ports: ["tcp/0"] }] }, /ports: .*"tcp\/0" is wrong/],
    [{ pairs: [{ ...OWN, ports: ["tcp/65536"] }] }, /"tcp\/65536" is wrong/],
    [{ pairs: [{ ...OWN, names: ["*.a.example"] }] }, /"\*\.a\.example" is/],
    [{ pairs: [{ ...OWN, agents: "(" }] }, /agents: "\(": Invalid regular/],
    [{ pairs: [{ ...OWN, behaviours: ["big"] }] }, /behaviours: .*"big" is/],
    [{ pairs: [{ ...OWN, colour: "red" }] }, /colour: "red": the fields are/],
    [{ pairs: [OWN, OWN] }, /pairs\[1\] name: "our backup": another entry/],
    [{ pairs: [{ name: "no", remove: true }] }, /name: "no": there is no such/],
    [{ pairs: [{ ...OWN, remove: true }] }, /remove: true: .*not doc/],
    [{ pairs: [7] }, /pairs\[0\]: 7: it must be an object/],
    [{ pairs: {} }, /pairs: \{\}: it must be a list/],
    [{ pair: [] }, /pair: \[\]: there is only pairs and lookups/],
    [{ lookups: [{ ...LOOKUP, must: [] }] }, /oneOf: .*must has to name/],
    [{ lookups: [{ ...LOOKUP, oneOf: ["name"] }] }, /oneOf: .*one alone/],
    [[], /own\.json: \[\]: it must hold/],
  ];
  for (const [document, message] of wrong) {
    assert.throws(() => read(document), (error) => {
      assert.ok(error instanceof SkerryError);
      assert.match(error.message, /^Cannot read own\.json: /);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.throws(
    () => parseBenign("{", "own.json"),
    /Cannot read own\.json: .*JSON/,
  );
});

Deno.test("hunt clears what the user's list says, but no name alone and no self-signed certificate, and reports the list", async () => {
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  const before = await hunt(store, dataset);
  const named = (name: string) => before.findings.find((f) => f.name === name)!;
  const updates = named("updates.basalt.example");
  const selfSigned = named("cdn.lanternfish.example");
  const scoreWith = async (ports: string[], about: typeof updates) => {
    const entry = { ...OWN, names: [about.name], ports, must: ["name"] };
    const edits = read({ pairs: [entry] });
    const report = await hunt(store, dataset, {
      benignFile: { path: "own.json", edits },
    });
    assert.deepEqual(report.benignFile?.added, ["our backup"]);
    return report.findings.find(({ id }) => id === about.id)?.score ?? 0;
  };
  assert.ok(await scoreWith(["tcp/443"], updates) < updates.score - 0.05);
  assert.equal(await scoreWith(["tcp/1"], updates), updates.score, "a name");
  assert.equal(
    await scoreWith(["tcp/8443"], selfSigned),
    selfSigned.score,
    "a self-signed certificate lifts it",
  );
});
