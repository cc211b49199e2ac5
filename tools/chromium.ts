// Finds the Chromium that the browser tests drive.
import process from "node:process";

const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Without a window, without a GPU, and without calls of its own. */
export const CHROMIUM_ARGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const HOW_TO_INSTALL =
  "install Chromium (Debian: apt-get install chromium) or set CHROMIUM to its path";

/** The path of a Chromium, CHROMIUM first; null where there is none. */
export function findChromium(): string | null {
  const given = process.env.CHROMIUM;
  const paths = given ? [given, ...PATHS] : PATHS;
  return paths.find(isFile) ?? null;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const path = findChromium();
  console.log(path ?? `no Chromium: ${HOW_TO_INSTALL}`);
  if (path === null) Deno.exit(1);
}
