import {
  atLeast,
  hides,
  messageOf,
  parseDuration,
  SAFELIST_KINDS,
  type SafelistEntry,
  type SafelistKind,
  safelistValue,
  type SessionStore,
  sharedSuffix,
  wording,
} from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

type NewEntry = Omit<SafelistEntry, "id" | "createdAt">;

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
  const reason = field("reason"), expires = field("expires");
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
    author: field("author"),
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

/** How much of the last run an entry would hide, and what to beware of. */
export async function effectOf(
  store: SessionStore,
  kind: SafelistKind,
  value: string,
): Promise<string[]> {
  const shared = sharedSuffix(kind, value);
  const careful = shared
    ? [`Careful: anybody can have a name under ${shared}, attackers too.`]
    : [];
  const run = await store.lastRun();
  if (!run) {
    return ["Nothing has been hunted yet that it could hide.", ...careful];
  }
  const findings = await store.findings(run.id, { withSeries: false });
  const answers = findings.map((finding) => hides(kind, value, finding));
  if (answers.includes(null)) {
    return [
      `What it would hide cannot be told: findings do not say their ${kind}.`,
      ...careful,
    ];
  }
  const hidden = findings.filter((_, i) => answers[i]);
  const severe = hidden.filter(({ severity }) => atLeast(severity, "high"));
  return [
    `It would hide ${hidden.length} of the ${
      wording.plural(findings.length, "finding")
    } of run ${run.id}, ${severe.length} of them high or critical.`,
    ...careful,
  ];
}
