import type { Verdict } from "../../pipeline/mod.ts";
import { authorOf } from "../_author.ts";
import { formBody } from "../_body.ts";
import { type ApiDescription, HttpError, type RouteContext } from "../_page.ts";
import { VERDICTS } from "../_verdicts.ts";

export const api: ApiDescription = {
  summary: "Sets the verdict on a finding, or takes it back.",
  parameters: {
    finding: "form: id of the finding, 16 hexadecimal digits",
    verdict: `form: ${VERDICTS.join(", ")}, or nothing to take it back`,
    back: "form: the page of this server to go to afterwards",
  },
  answer: "303 to the page of `back`",
  errors: { 400: "a field is not what it must be" },
};

export const handler = {
  async POST({ request, store, url }: RouteContext): Promise<Response> {
    const form = await formBody(request);
    const id = form.get("finding") ?? "";
    const back = form.get("back") ?? "/";
    const verdict = form.get("verdict") ?? "";
    if (!/^[0-9a-f]{16}$/.test(id)) {
      throw new HttpError(400, "Cannot set a verdict: finding is not an id");
    }
    await store.setVerdict(id, parseVerdict(verdict), {
      who: authorOf(request),
    });
    const location = here(back, url).href;
    return new Response(null, { status: 303, headers: { location } });
  },
};

/** "" takes a verdict back. */
function parseVerdict(text: string): Verdict | null {
  if (text === "") return null;
  const verdict = VERDICTS.find((v) => v === text);
  if (verdict) return verdict;
  throw new HttpError(
    400,
    `Cannot set a verdict: it must be one of ${VERDICTS.join(", ")}`,
  );
}

/** Back to a page of this server, whatever the form says. */
function here(path: string, url: URL): URL {
  const target = URL.canParse(path, url) ? new URL(path, url) : url;
  return target.origin === url.origin ? target : new URL("/", url);
}
