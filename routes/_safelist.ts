import {
  messageOf,
  parseDuration,
  type RunSummary,
  SAFELIST_KINDS,
  type SafelistEntry,
  type SafelistKind,
  safelistPreview,
  safelistValue,
  type SessionStore,
  sharedSuffix,
  wording,
} from "../pipeline/mod.ts";
import { listOf } from "./_finding_lists.ts";
import { HttpError } from "./_page.ts";

type NewEntry = Omit<SafelistEntry, "id" | "createdAt">;

/** Characters of a reason or a name. */
const LONGEST = 500;

/** Fields of an entry, as a form or an address gives them. */
export type EntryFields = (
  name: "kind" | "value" | "reason" | "author" | "expires",
) => string;

/** @throws HttpError 400 for a field that cannot be read. */
export function subjectOf(
  field: EntryFields,
): { readonly kind: SafelistKind; readonly value: string } {
  const kind = field("kind");
  if (!Object.hasOwn(SAFELIST_KINDS, kind)) {
    throw new HttpError(
      400,
      `Cannot safelist: kind must be one of ${
        Object.keys(SAFELIST_KINDS).join(", ")
      }, got ${JSON.stringify(kind)}`,
    );
  }
  const known = kind as SafelistKind;
  return {
    kind: known,
    value: read(() => safelistValue(known, field("value"))),
  };
}

/** @throws HttpError 400 for a field that cannot be read, or without a reason. */
export function entryOf(field: EntryFields): NewEntry {
  const reason = field("reason").slice(0, LONGEST);
  const expires = field("expires");
  if (reason === "") {
    throw new HttpError(
      400,
      "Cannot safelist without a reason: say why it is harmless",
    );
  }
  const lasts = expires === "" ? null : read(() => parseDuration(expires));
  return {
    ...subjectOf(field),
    reason,
    author: field("author").slice(0, LONGEST),
    expiresAt: lasts === null ? null : Date.now() / 1000 + lasts,
  };
}

function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new HttpError(400, messageOf(error));
  }
}

/** What an entry would do to the findings of a run. */
export interface Effect {
  /** A sentence: how much it would hide. */
  readonly text: string;
  /** A sentence of care; null where there is nothing to beware of. */
  readonly warning: string | null;
}

/** @param run whose findings are counted; null where nothing was hunted yet. */
export async function effectOf(
  store: SessionStore,
  run: RunSummary | null,
  kind: SafelistKind,
  value: string,
): Promise<Effect> {
  const shared = sharedSuffix(kind, value);
  return {
    text: run === null
      ? "Nothing has been hunted yet that it could hide."
      : await hiddenText(store, run, kind, value),
    warning: shared &&
      `Anybody can have a name under ${shared}, attackers too. Better name the host.`,
  };
}

async function hiddenText(
  store: SessionStore,
  run: RunSummary,
  kind: SafelistKind,
  value: string,
): Promise<string> {
  const list = await listOf(store, run);
  const { findings, severe } = safelistPreview(list, kind, value);
  if (findings === null) {
    return `Findings do not say their ${kind}: it hides nothing yet.`;
  }
  const all = wording.plural(list.findings.length, "finding");
  return `Hides ${findings} of the ${all} of run ${run.id}, ${severe} of them high or critical.`;
}
