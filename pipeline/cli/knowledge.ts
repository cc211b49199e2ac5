import {
  type BenignFile,
  type HostEntry,
  messageOf,
  type Organisations,
  parseBenign,
  parseHosts,
  readOrganisations,
  SkerryError,
} from "../mod.ts";
import type { Call } from "./command.ts";

/** What --hosts, --asn and --benign say, read before any log is. */
export async function knowledgeOf(call: Call): Promise<{
  readonly hosts?: readonly HostEntry[];
  readonly organisations?: Organisations;
  readonly benignFile?: BenignFile;
}> {
  const hosts = call.flags.text("hosts"), asn = call.flags.text("asn");
  return {
    hosts: hosts === undefined
      ? undefined
      : parseHosts(await textOf(hosts), hosts),
    organisations: asn === undefined ? undefined : await readOrganisations(asn),
    benignFile: await readBenign(call),
  };
}

/** The user's kinds of benign traffic; undefined without the flag. */
export async function readBenign(
  { flags }: Call,
): Promise<BenignFile | undefined> {
  const path = flags.text("benign");
  if (path === undefined) return undefined;
  return { path, edits: parseBenign(await textOf(path), path) };
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    throw new SkerryError(
      `Cannot read ${path}: ${
        missing ? "there is no such file" : messageOf(cause)
      }`,
      { cause },
    );
  }
}
