import {
  type HostEntry,
  messageOf,
  type Organisations,
  parseHosts,
  readOrganisations,
  SkerryError,
} from "../mod.ts";
import type { Call } from "./command.ts";

/** What --hosts and --asn say, read before any log is. */
export async function knowledgeOf({ flags }: Call): Promise<{
  readonly hosts?: readonly HostEntry[];
  readonly organisations?: Organisations;
}> {
  const hosts = flags.text("hosts"), asn = flags.text("asn");
  return {
    hosts: hosts === undefined ? undefined : await readHosts(hosts),
    organisations: asn === undefined ? undefined : await readOrganisations(asn),
  };
}

async function readHosts(path: string): Promise<HostEntry[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    throw new SkerryError(
      `Cannot read ${path}: ${
        missing ? "there is no such file" : messageOf(cause)
      }`,
      { cause },
    );
  }
  return parseHosts(text, path);
}
