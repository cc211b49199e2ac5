import type { Verdict } from "../../pipeline/mod.ts";
import { authorOf } from "../_author.ts";
import { type ApiDescription, HttpError, type RouteContext } from "../_page.ts";
import { VERDICTS } from "../_verdicts.ts";

/** A form of four short fields. */
const MOST_BYTES = 4096;

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
    const form = await readForm(request);
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

async function readForm(request: Request): Promise<URLSearchParams> {
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (!(length <= MOST_BYTES)) {
    throw new HttpError(
      400,
      `Cannot set a verdict: the form must be at most ${MOST_BYTES} bytes`,
    );
  }
  return new URLSearchParams(await request.text());
}

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
