import type { Engine } from "./engine.ts";
import { recordsOf } from "./sessions.ts";
import type {
  ClusterMembers,
  ClusterQuery,
  Dataset,
  SessionPage,
} from "./session_store.ts";
import { marks, type Sql, textOf } from "./sql.ts";

/** Rows per statement. */
const ROWS = 500;

/** See `SessionStore.saveClusterMembers`. */
export function saveClusterMembers(
  engine: Engine,
  modelId: number,
  clusters: readonly ClusterMembers[],
): Promise<void> {
  return engine.transaction(async (sql) => {
    await removeClusterMembers(sql, modelId);
    for (const { label, uids } of clusters) {
      for (let at = 0; at < uids.length; at += ROWS) {
        const some = uids.slice(at, at + ROWS);
        await sql.run(
          `INSERT INTO cluster_members (model_id, label, n, uid) VALUES ${
            some.map(() => marks(4)).join(", ")
          }`,
          ...some.flatMap((uid, i) => [modelId, label, at + i, uid]),
        );
      }
    }
  });
}

export async function removeClusterMembers(
  sql: Sql,
  modelId: number,
): Promise<void> {
  await sql.run("DELETE FROM cluster_members WHERE model_id = ?", modelId);
}

/** See `SessionStore.clusterSessions`. */
export async function clusterSessions(
  engine: Engine,
  dataset: Dataset,
  modelId: number,
  { label, logType = "conn", limit = 100, after = "-1" }: ClusterQuery,
): Promise<SessionPage> {
  const last = Number(after);
  if (!Number.isInteger(last)) {
    throw new RangeError(
      `Cannot list sessions: after must be the next of a page, got ${
        JSON.stringify(after)
      }`,
    );
  }
  const rows = await engine.all<{ n: number; uid: string | Uint8Array }>(
    `SELECT n, uid FROM cluster_members
      WHERE model_id = ? AND label = ? AND n > ? ORDER BY n LIMIT ?`,
    modelId,
    label,
    last,
    limit + 1,
  );
  const page = rows.slice(0, limit);
  const uids = page.map(({ uid }) => textOf(uid));
  const found = await recordsOf(engine, dataset, uids, undefined, {});
  return {
    sessions: found.filter((record) => record.logType === logType),
    next: rows.length > limit ? String(page[page.length - 1].n) : null,
  };
}
