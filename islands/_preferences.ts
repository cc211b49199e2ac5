// What a browser keeps of its user's wishes: cookies, so that the server's
// pages know them, too.

export interface Preferences {
  /** Whether single keys do something. */
  readonly keys: boolean;
  /** IANA name of the zone of times; null as the server has it. */
  readonly zone: string | null;
  /** Who gives answers here; "" where nobody has said. */
  readonly author: string;
}

/** Characters of a name. */
export const LONGEST_AUTHOR = 80;

/** @param cookie of a request, or of the document. */
export function preferencesOf(cookie: string): Preferences {
  const zone = valueOf(cookie, "zone");
  return {
    keys: valueOf(cookie, "keys") !== "off",
    zone: isZone(zone) ? zone : null,
    author: valueOf(cookie, "author").trim().slice(0, LONGEST_AUTHOR),
  };
}

const YEAR = 31_536_000;

/** Keeps a wish in this browser; "" forgets it. */
export function keep(name: "keys" | "zone" | "author", value: string): void {
  document.cookie = `skerry-${name}=${
    encodeURIComponent(value)
  }; Path=/; SameSite=Strict; Max-Age=${value === "" ? 0 : YEAR}`;
}

function valueOf(cookie: string, name: string): string {
  const [, value = ""] =
    cookie.match(new RegExp(`(?:^|;\\s*)skerry-${name}=([^;]*)`)) ?? [];
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

function isZone(name: string): boolean {
  if (!/^[\w+/-]{1,64}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
