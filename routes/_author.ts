import { preferencesOf } from "../islands/_preferences.ts";

/** Who asks, as this browser was told; "" where nobody has said. */
export function authorOf(request: Request): string {
  return preferencesOf(request.headers.get("cookie") ?? "").author;
}
