import {
  findProgram,
  type Flag,
  isCapture,
  makeLogs,
  shellText,
  SkerryError,
  zeekArguments,
} from "../mod.ts";
import { absolute } from "./arguments.ts";
import type { Call } from "./command.ts";
import { note } from "./output.ts";

export const ZEEK: Flag = {
  name: "zeek",
  doc:
    "let Zeek make logs of a capture (pcap), in FILE.logs beside it; needs --allow-run of it",
};

/**
 * The folder to read: the path itself, or where it is a capture the logs that
 * Zeek makes of it. Zeek runs only where --zeek says so.
 *
 * @throws SkerryError that says how to make logs of a capture.
 */
export async function logsOf(path: string, call: Call): Promise<string> {
  if (!await isCapture(path)) return path;
  const capture = absolute(path), folder = `${capture}.logs`;
  const zeek = await findProgram(["zeek", "bro"], call.environment.PATH);
  if (zeek === null) throw await withoutZeek(path, capture, folder, call);
  if (!call.flags.on("zeek")) {
    throw packets(path, [
      "give --zeek to let it make logs, or do so yourself:",
      byHand(folder, [zeek, ...zeekArguments(capture)]),
    ]);
  }
  await mayRun(path, zeek);
  note(`  ${shellText([zeek, ...zeekArguments(capture)])}   in ${folder}\n`);
  await makeLogs(zeek, capture, folder, call.signal);
  return folder;
}

function packets(path: string, hint: readonly string[]): SkerryError {
  return new SkerryError(
    `Cannot read ${path}: it holds packets, and Skerry reads logs`,
    { hint: hint.join(" ") },
  );
}

function byHand(folder: string, words: readonly string[]): string {
  const at = shellText([folder]);
  return `mkdir ${at} && (cd ${at} && ${shellText(words)}) && skerry run ${at}`;
}

/** Suricata's eve.json is read as well; tshark has no log of connections. */
async function withoutZeek(
  path: string,
  capture: string,
  folder: string,
  { environment: { PATH } }: Call,
): Promise<SkerryError> {
  const suricata = await findProgram(["suricata"], PATH);
  if (suricata !== null) {
    const words = [suricata, "-k", "none", "-r", capture, "-l", "."];
    return packets(path, ["let Suricata make logs:", byHand(folder, words)]);
  }
  const tshark = await findProgram(["tshark"], PATH);
  return packets(path, [
    tshark === null
      ? "there is no zeek here; where there is one:"
      : `there is no zeek here, and ${tshark} makes no log of connections; where there is a zeek:`,
    byHand(folder, ["zeek", ...zeekArguments(capture)]),
  ]);
}

/** Asks for nothing: a program is started only by who was allowed to. */
async function mayRun(path: string, zeek: string): Promise<void> {
  const { state } = await Deno.permissions.query({
    name: "run",
    command: zeek,
  });
  if (state === "granted") return;
  throw new SkerryError(
    `Cannot run ${zeek}: Skerry was started without the permission to`,
    {
      hint:
        `in a checkout: deno run --allow-read --allow-write --allow-env --allow-run=${zeek} main.ts run --zeek ${
          shellText([path])
        }`,
    },
  );
}
