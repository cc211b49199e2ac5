import { SkerryError } from "./errors.ts";

/** First bytes of pcap (micro- and nanoseconds, both byte orders) and pcapng. */
const MAGIC = new Set([
  ...["d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d"],
  "0a0d0d0a",
]);

/** Whether a path is a file of packets; false where it cannot be read. */
export async function isCapture(path: string): Promise<boolean> {
  try {
    if (!(await Deno.stat(path)).isFile) return false;
    using file = await Deno.open(path);
    const head = new Uint8Array(4);
    return await file.read(head) === 4 && MAGIC.has(head.toHex());
  } catch {
    return false;
  }
}

/** Where programs are kept besides the PATH, which may not be known. */
const FOLDERS = [
  ...["/usr/local/zeek/bin", "/opt/zeek/bin", "/usr/local/bin", "/usr/bin"],
  ...["/opt/homebrew/bin", "/opt/local/bin"],
];

/** The full path of the first of some programs that is there; else null. */
export async function findProgram(
  names: readonly string[],
  path = "",
): Promise<string | null> {
  const folders = [...path.split(":").filter(Boolean), ...FOLDERS];
  for (const name of names) {
    for (const folder of folders) {
      const info = await Deno.stat(`${folder}/${name}`).catch(() => null);
      if (info?.isFile) return `${folder}/${name}`;
    }
  }
  return null;
}

/**
 * What makes logs of a capture: -C takes packets whose checksums the network
 * card was to fill in, mac-logging adds who had which address.
 */
export function zeekArguments(capture: string): string[] {
  return ["-C", "-r", capture, "policy/protocols/conn/mac-logging"];
}

/** As a shell takes it. */
export function shellText(words: readonly string[]): string {
  return words.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word)
      ? word
      : `'${word.replaceAll("'", String.raw`'\''`)}'`
  ).join(" ");
}

/**
 * Lets Zeek make logs of a capture, in a folder that it makes.
 *
 * @param capture absolute.
 * @throws SkerryError when the folder is there, or Zeek fails.
 */
export async function makeLogs(
  zeek: string,
  capture: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await Deno.mkdir(folder);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
    throw new SkerryError(
      `Cannot make logs of ${capture}: ${folder} is there already`,
      { hint: `skerry run ${shellText([folder])}, or remove it`, cause },
    );
  }
  const { success, code, stderr } = await new Deno.Command(zeek, {
    args: zeekArguments(capture),
    cwd: folder,
    stdin: "null",
    signal,
  }).output();
  signal.throwIfAborted();
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim().slice(0, 500);
  throw new SkerryError(
    `Cannot make logs of ${capture}: ${zeek} ended with ${code}: ${said}`,
    { hint: `what it wrote is in ${folder}` },
  );
}
