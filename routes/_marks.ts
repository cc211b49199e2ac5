import type {
  MarkChange,
  Marked,
  MarkRequest,
} from "../islands/_finding_api.ts";
import {
  analystLabels,
  type Mark,
  type RunSummary,
  type SessionStore,
  type Verdict,
} from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";
import { VERDICTS } from "./_verdicts.ts";

/** Findings that one request may mark. */
const MOST_IDS = 1000;
/** Characters of an owner, a tag or a note; tags of a finding. */
const MOST_TEXT = 2000;
const MOST_TAGS = 20;

const NOTHING: Mark = { verdict: null, regular: null, tags: [], owner: null };

/** @throws HttpError 400 naming the field. */
export function markRequest(body: Record<string, unknown>): MarkRequest {
  if (Array.isArray(body.restore)) {
    return { restore: some("restore", body.restore).map(markedOf) };
  }
  const ids = some("ids", body.ids).map(idOf);
  return { ids, set: changeOf(objectOf("set", body.set)) };
}

/** Who marks, and which run's connections become labels. */
export interface Marking {
  /** "" where nobody is named. */
  readonly who: string;
  /** Null where the findings' run is not known: nothing is labelled. */
  readonly run: RunSummary | null;
}

/**
 * Marks findings, and tells what stood before and stands now. What is said to
 * be a beacon or none labels its connections, which a net learns from.
 */
export async function applyMarks(
  store: SessionStore,
  request: MarkRequest,
  marking: Marking,
): Promise<{ before: Marked[]; after: Marked[] }> {
  const changes = "ids" in request
    ? request.ids.map((id) => ({ id, set: request.set }))
    : request.restore.map(({ id, mark }) => ({ id, set: mark }));
  const old = await store.marks();
  for (const { id, set } of changes) {
    await change(store, id, old.get(id) ?? NOTHING, set, marking);
  }
  const now = await store.marks();
  const marked = (marks: ReadonlyMap<string, Mark>) =>
    changes.map(({ id }) => ({ id, mark: marks.get(id) ?? NOTHING }));
  return { before: marked(old), after: marked(now) };
}

/** Writes only what differs: the history tells decisions, not clicks. */
async function change(
  store: SessionStore,
  id: string,
  old: Mark,
  { verdict, regular, owner, tags, note }: MarkChange,
  { who, run }: Marking,
): Promise<void> {
  if (verdict !== undefined && verdict !== old.verdict) {
    await store.setVerdict(id, verdict, { who });
  }
  if (regular !== undefined && regular !== old.regular) {
    await store.setRegular(id, regular, { who });
    if (run !== null) await label(store, run, id, regular);
  }
  if (owner !== undefined && owner !== old.owner) {
    await store.setOwner(id, owner, { who });
  }
  if (tags !== undefined && tags.join() !== old.tags.join()) {
    await store.setTags(id, tags);
  }
  if (note) await store.addNote(id, note);
}

async function label(
  store: SessionStore,
  run: RunSummary,
  id: string,
  regular: boolean | null,
): Promise<void> {
  const finding = await store.finding(run.id, id);
  const dataset = await store.findDataset(run.dataset);
  if (!finding || !dataset) return;
  await store.addLabels(dataset, analystLabels(finding.uids, regular));
}

function refuse(field: string, must: string): never {
  throw new HttpError(400, `Cannot mark: ${field} must be ${must}`);
}

function some(field: string, value: unknown): unknown[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MOST_IDS
    ? value
    : refuse(field, `a list of 1 to ${MOST_IDS}`);
}

function objectOf(field: string, value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : refuse(field, "an object");
}

function idOf(value: unknown): string {
  return typeof value === "string" && /^[0-9a-f]{16}$/.test(value)
    ? value
    : refuse("id", "16 hexadecimal digits");
}

function markedOf(value: unknown): Marked {
  const { id, mark } = objectOf("restore", value);
  return {
    id: idOf(id),
    mark: { ...NOTHING, ...changeOf(objectOf("mark", mark)) },
  };
}

function changeOf(set: Record<string, unknown>): MarkChange {
  const { verdict, regular, owner, tags, note } = set;
  return {
    ...(verdict === undefined ? {} : { verdict: verdictOf(verdict) }),
    ...(regular === undefined ? {} : { regular: regularOf(regular) }),
    ...(owner === undefined ? {} : { owner: ownerOf(owner) }),
    ...(tags === undefined ? {} : { tags: tagsOf(tags) }),
    ...(note === undefined ? {} : { note: textOf("note", note) }),
  };
}

function verdictOf(value: unknown): Verdict | null {
  if (value === null) return null;
  return VERDICTS.find((verdict) => verdict === value) ??
    refuse("verdict", `one of ${VERDICTS.join(", ")} or null`);
}

function regularOf(value: unknown): boolean | null {
  return value === null || typeof value === "boolean"
    ? value
    : refuse("regular", "true, false or null");
}

function ownerOf(value: unknown): string | null {
  return value === null || value === "" ? null : textOf("owner", value);
}

function tagsOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MOST_TAGS) {
    return refuse("tags", `a list of at most ${MOST_TAGS}`);
  }
  return value.map((tag) => textOf("tags", tag)).filter(Boolean);
}

function textOf(field: string, value: unknown): string {
  return typeof value === "string" && value.length <= MOST_TEXT
    ? value.trim()
    : refuse(field, `text of at most ${MOST_TEXT} characters`);
}
