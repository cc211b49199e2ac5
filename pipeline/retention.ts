import type { RunOptions } from "./progress.ts";
import type {
  Dataset,
  ImportSummary,
  SessionStore,
} from "./store/session_store.ts";

/** What a dataset may keep. */
export interface Retention {
  /** Seconds before the dataset's newest record. */
  readonly olderThan?: number;
  /** Bytes that the whole store may take. */
  readonly maxSize?: number;
}

/** What is about to be removed. */
export interface RetentionPlan {
  /** Imports whose newest record is too old. */
  readonly byAge: readonly ImportSummary[];
  /** The oldest others, as many as their share of all records suggests. */
  readonly bySize: readonly ImportSummary[];
}

/** How much the store holds, to tell what removing an import may free. */
export interface StoreFill {
  readonly bytes: number;
  /** Records of all datasets. */
  readonly records: number;
}

/**
 * Whole imports only: a file is removed with all its records or not at all.
 * The newest import stays, whatever the size: something is left to look at.
 */
export function planRetention(
  imports: readonly ImportSummary[],
  retention: Retention,
  fill: StoreFill,
): RetentionPlan {
  const byAge = expired(imports, retention.olderThan);
  const each = fill.bytes / Math.max(1, fill.records);
  let left = fill.bytes - each * recordsOf(byAge);
  const bySize: ImportSummary[] = [];
  for (const candidate of removable(imports, byAge)) {
    if (!(left > (retention.maxSize ?? Infinity))) break;
    bySize.push(candidate);
    left -= each * recordsOf([candidate]);
  }
  return { byAge, bySize };
}

/**
 * Removes what is too old, then the oldest imports one by one until the store
 * is small enough; how much each frees is only known afterwards.
 *
 * @returns the imports that were removed.
 */
export async function prune(
  store: SessionStore,
  dataset: Dataset,
  retention: Retention,
  options: RunOptions = {},
): Promise<ImportSummary[]> {
  const imports = await store.imports(dataset);
  const old = expired(imports, retention.olderThan);
  const remove = (those: readonly ImportSummary[]) =>
    store.pruneImports(dataset, those.map(({ id }) => id), options);
  if (old.length > 0) await remove(old);
  const removed = [...old];
  for (const candidate of removable(imports, old)) {
    if (!(await store.size() > (retention.maxSize ?? Infinity))) break;
    await remove([candidate]);
    removed.push(candidate);
  }
  return removed;
}

export function recordsOf(imports: readonly ImportSummary[]): number {
  return imports.flatMap(({ records }) => Object.values(records))
    .reduce((sum, n) => sum + n, 0);
}

function expired(
  imports: readonly ImportSummary[],
  olderThan: number | undefined,
): ImportSummary[] {
  if (olderThan === undefined) return [];
  const newest = Math.max(...imports.map(({ lastTs }) => lastTs ?? -Infinity));
  return imports.filter(({ lastTs }) =>
    lastTs !== null && lastTs < newest - olderThan
  );
}

/** By their newest record, oldest first, without those and the newest of all. */
function removable(
  imports: readonly ImportSummary[],
  without: readonly ImportSummary[],
): ImportSummary[] {
  return imports.filter((each) =>
    each.lastTs !== null && !without.includes(each)
  ).sort((a, b) => a.lastTs! - b.lastTs! || a.id - b.id).slice(0, -1);
}
