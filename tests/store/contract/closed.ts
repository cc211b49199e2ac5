import assert from "node:assert/strict";
import type { SessionStore } from "../../../pipeline/store/session_store.ts";
import { batchOf, connRow, fileOf, rowsOf } from "../_records.ts";
import { runReport } from "../_runs.ts";
import { conn, type Test } from "./shared.ts";

/** Whoever adds a method is asked what it does when the store is closed. */
type Method = Extract<
  {
    [M in keyof SessionStore]: SessionStore[M] extends
      (...args: never[]) => unknown ? M : never;
  }[keyof SessionStore],
  string
>;

export function closedTests(test: Test): void {
  test("every method of a closed store throws", async (store) => {
    const dataset = await store.openDataset("d");
    const writer = await store.beginImport(dataset);
    await store[Symbol.asyncDispose]();
    const calls: Record<
      Exclude<Method, "batches" | "listed">,
      () => Promise<unknown>
    > = {
      openDataset: () => store.openDataset("d"),
      findDataset: () => store.findDataset("d"),
      datasets: () => store.datasets(),
      clearDataset: () => store.clearDataset(dataset),
      deleteDataset: () => store.deleteDataset(dataset),
      renameDataset: () => store.renameDataset(dataset, "x"),
      mergeDatasets: () => store.mergeDatasets(dataset, { ...dataset, id: 9 }),
      beginImport: () => store.beginImport(dataset),
      imports: () => store.imports(dataset),
      pruneImports: () => store.pruneImports(dataset, []),
      size: () => store.size(),
      session: () => store.session(dataset, "C1"),
      records: () => store.records(dataset, { logType: "notice" }),
      sessions: () => store.sessions(dataset, { src: "10.0.0.1" }),
      pairs: () => store.pairs(dataset, {}),
      hosts: () => store.hosts(dataset),
      host: () => store.host(dataset, "10.0.0.1"),
      search: () => store.search(dataset, "example"),
      histogram: () => store.histogram(dataset),
      firstSeen: () =>
        store.firstSeen(dataset, { src: "10.0.0.1", dst: "", name: null }),
      importedFiles: () => store.importedFiles(dataset),
      recordsOf: () => store.recordsOf(dataset, ["C1"]),
      saveRun: () => store.saveRun(dataset, runReport("d", [])),
      runs: () => store.runs(),
      lastRun: () => store.lastRun(dataset),
      findings: () => store.findings(1),
      finding: () => store.finding(1, "f"),
      findingCounts: () => store.findingCounts(1, "src"),
      scores: () => store.scores(1),
      opinion: () => store.opinion("f"),
      setVerdict: () => store.setVerdict("f", null),
      setRegular: () => store.setRegular("f", true),
      setOwner: () => store.setOwner("f", "me"),
      addNote: () => store.addNote("f", "x"),
      setTags: () => store.setTags("f", []),
      verdicts: () => store.verdicts(),
      marks: () => store.marks(),
      saveModel: () => store.saveModel("m", "mlp", {}),
      models: () => store.models(),
      model: () => store.model("m", "mlp"),
      deleteModel: () => store.deleteModel("m", "mlp"),
      saveClusterMembers: () => store.saveClusterMembers(1, []),
      clusterSessions: () => store.clusterSessions(dataset, 1, { label: 0 }),
      hostMarks: () => store.hostMarks(dataset),
      hostMark: () => store.hostMark(dataset, "10.0.0.1"),
      addHostNote: () => store.addHostNote(dataset, "10.0.0.1", "x"),
      removeHostNote: () => store.removeHostNote(dataset, 1),
      setHostTags: () => store.setHostTags(dataset, "10.0.0.1", []),
      addSafelistEntry: () =>
        store.addSafelistEntry({
          kind: "port",
          value: "53",
          reason: "",
          author: "",
          expiresAt: null,
        }),
      safelist: () => store.safelist(),
      removeSafelistEntry: () => store.removeSafelistEntry(1),
      addLabels: () => store.addLabels(dataset, []),
      labels: () => store.labels(dataset),
    };
    const closed = { name: "SkerryError", message: /it is closed$/ };
    for (const call of Object.values(calls)) await assert.rejects(call, closed);
    await assert.rejects(rowsOf(store, dataset, "conn"), closed);
    await assert.rejects(rowsOf(store, dataset, "weird"), closed);
    await assert.rejects(writer.add(batchOf(conn, [connRow()])), closed);
    await assert.rejects(writer.addFile(fileOf("aa")), closed);
    await assert.rejects(writer.finish(), closed);
    await assert.rejects(writer.abort(), closed);
    await store[Symbol.asyncDispose]();
  });
}
