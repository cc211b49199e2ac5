import { HttpError } from "./_page.ts";

/** Bytes of what a page sends; files go to `api/uploads`. */
const MOST_BYTES = 1 << 16;

/** Bytes where the request names many findings. */
const MOST_JSON = 1 << 18;

/** What a page has sent, as JSON or as a form. */
export class Body {
  readonly #fields: Readonly<Record<string, unknown>>;

  private constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  /** @throws HttpError 400 for what is too long, or no JSON object. */
  static async of(request: Request): Promise<Body> {
    const text = await textOf(request, MOST_BYTES);
    const type = request.headers.get("content-type") ?? "";
    return new Body(type.includes("json") ? objectOf(text) : formOf(text));
  }

  /** Without the blanks around it; "" where absent. */
  text(name: string): string {
    const value = this.#fields[name];
    const one = Array.isArray(value) ? value[0] : value;
    return one === undefined || one === null ? "" : String(one).trim();
  }

  /** As it was sent, blanks too: a password may begin with one. */
  raw(name: string): string {
    const value = this.#fields[name];
    return String((Array.isArray(value) ? value[0] : value) ?? "");
  }

  on(name: string): boolean {
    return !["", "false", "0"].includes(this.text(name));
  }

  all(name: string): string[] {
    const value = this.#fields[name];
    if (Array.isArray(value)) return value.map(String);
    return value === undefined ? [] : [String(value)];
  }
}

/**
 * The JSON that a script has posted; its shape is the caller's to check.
 *
 * @throws HttpError 400 for what is too long, or no JSON object.
 */
export async function jsonBody(
  request: Request,
): Promise<Record<string, unknown>> {
  return objectOf(await textOf(request, MOST_JSON));
}

/** The fields of a form, in their order. @throws HttpError 400 if too long. */
export async function formBody(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(await textOf(request, MOST_BYTES));
}

/** Nothing is read of what does not say how long it is. */
async function textOf(request: Request, most: number): Promise<string> {
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (length <= most) return await request.text();
  throw new HttpError(
    400,
    `Cannot read the request: it must be at most ${most} bytes`,
  );
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text || "{}");
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch { // Told below.
  }
  throw new HttpError(400, "Cannot read the request: it is no JSON object");
}

function formOf(text: string): Record<string, string[]> {
  const form = new URLSearchParams(text);
  return Object.fromEntries(
    [...form.keys()].map((name) => [name, form.getAll(name)]),
  );
}

/** A script gets the answer as JSON, a form the page that shows it. */
export function answer(
  request: Request,
  json: unknown,
  page: string,
  status = 200,
): Response {
  return request.headers.get("accept")?.includes("text/html")
    ? new Response(null, { status: 303, headers: { location: page } })
    : Response.json(json, { status });
}
