import { HttpError } from "./_page.ts";

/**
 * The JSON that a page has posted; its shape is the caller's to check.
 *
 * @throws HttpError 400 where it is larger than `most` bytes or no object.
 */
export async function jsonBody(
  request: Request,
  most = 256 * 1024,
): Promise<Record<string, unknown>> {
  const length = Number(request.headers.get("content-length") ?? NaN);
  if (!(length <= most)) {
    throw new HttpError(400, `Cannot read more than ${most} bytes`);
  }
  try {
    const value = JSON.parse(await request.text());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value;
    }
  } catch {
    // Falls through to the same answer.
  }
  throw new HttpError(400, "Cannot read the request: it is no JSON object");
}
