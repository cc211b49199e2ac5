/** The command line as people run it: a process with its permissions. */
const root = new URL("../", import.meta.url);
/** A made-up office day. */
export const demo = new URL("fixtures/demo/", root).pathname;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The permissions of `deno task run`, so that the tests run with exactly them. */
export const PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-env=SKERRY_STORE,SKERRY_DB_PASSWORD,HOME,XDG_DATA_HOME,LOCALAPPDATA,USER,USERNAME,NO_COLOR,TERM,LANG,LC_ALL",
  "--allow-net=127.0.0.1",
];

export function command(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--cached-only",
      ...PERMISSIONS,
      "main.ts",
      ...args,
    ],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

export async function skerry(...args: string[]): Promise<Outcome> {
  return decoded(await command(args).output());
}

export function decoded({ code, stdout, stderr }: Deno.CommandOutput): Outcome {
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** A folder for one test, gone afterwards. */
export async function withFolder(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a command that must end well, and reads the JSON on its stdout. */
// deno-lint-ignore no-explicit-any -- documents of any command
export async function json(...args: string[]): Promise<any> {
  const { code, stdout, stderr } = await skerry(...args, "--json", "-");
  if (code !== 0) throw new Error(`skerry ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}
