import {
  type BenignFile,
  type HostEntry,
  type Organisations,
  parseBenign,
  parseHosts,
  readOrganisations,
} from "../mod.ts";
import type { Call } from "./command.ts";
import { readText } from "./files.ts";

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
      : parseHosts(await readText(hosts), hosts),
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
  return { path, edits: parseBenign(await readText(path), path) };
}
