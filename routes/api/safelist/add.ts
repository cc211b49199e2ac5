import { jsonBody } from "../../_json_body.ts";
import {
  type ApiDescription,
  HttpError,
  type RouteContext,
} from "../../_page.ts";
import { safelistSubject } from "../../_safelist_entry.ts";

/** Days of the longest time that an entry may last. */
const MOST_DAYS = 3650;

export const api: ApiDescription = {
  summary: "Adds an entry to the safelist.",
  parameters: {
    kind:
      "JSON: address, network, name, pair, source-name, organisation, ja3, ja4 or port",
    value: "JSON: as skerry safelist add takes it",
    reason: "JSON: why it is harmless",
    author: "JSON: who says so; may be absent",
    days: `JSON: after so many it counts no more, at most ${MOST_DAYS}`,
  },
  answer: "JSON: SafelistEntry",
  errors: { 400: "a field is not what it must be" },
};

export const handler = {
  async POST({ request, store }: RouteContext): Promise<Response> {
    const body = await jsonBody(request);
    const subject = safelistSubject(body.kind, body.value);
    const reason = textOf(body.reason);
    if (reason === "") {
      throw new HttpError(400, "Cannot safelist without a reason");
    }
    const days = daysOf(body.days);
    const entry = await store.addSafelistEntry({
      ...subject,
      reason,
      author: textOf(body.author),
      expiresAt: days === null ? null : Date.now() / 1000 + days * 86_400,
    });
    return Response.json(entry);
  },
};

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim().slice(0, 500) : "";
}

function daysOf(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && value > 0 && value <= MOST_DAYS) {
    return value;
  }
  throw new HttpError(
    400,
    `Cannot safelist: days must be a number in (0, ${MOST_DAYS}]`,
  );
}
