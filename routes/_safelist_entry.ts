import {
  messageOf,
  SAFELIST_KINDS,
  type SafelistKind,
  safelistValue,
} from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

/** An entry's kind and value. @throws HttpError 400 with the reason. */
export function safelistSubject(
  kind: unknown,
  value: unknown,
): { kind: SafelistKind; value: string } {
  if (typeof kind !== "string" || !Object.hasOwn(SAFELIST_KINDS, kind)) {
    throw new HttpError(
      400,
      `Cannot safelist: kind must be one of ${
        Object.keys(SAFELIST_KINDS).join(", ")
      }`,
    );
  }
  try {
    const known = kind as SafelistKind;
    return { kind: known, value: safelistValue(known, String(value ?? "")) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new HttpError(400, messageOf(error));
  }
}
