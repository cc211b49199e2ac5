/** Programs of Debian's that the tests run for real. */
export interface Needed {
  /** Debian's name for the package. */
  readonly package: string;
  /** Where its program lies. */
  readonly program: string;
  /** A clause: what it is for. */
  readonly why: string;
}

/**
 * Installs what is missing when this may be done (Debian, root); else says
 * exactly what to install and ends the process with 1.
 */
export async function ensureDebianPackages(
  needed: readonly Needed[],
): Promise<void> {
  const missing: Needed[] = [];
  for (const need of needed) {
    if (!await isFile(need.program)) missing.push(need);
  }
  if (missing.length === 0) return;
  const names = missing.map((need) => need.package);
  const command = `apt-get install --yes ${names.join(" ")}`;
  if (Deno.uid() !== 0 || !await isFile("/usr/bin/apt-get")) {
    for (const need of missing) {
      console.error(`Cannot test without ${need.program}: ${need.why}`);
    }
    console.error(`  install it as root:   apt-get update && ${command}`);
    Deno.exit(1);
  }
  console.log(`Installing ${names.join(", ")} from Debian's packages`);
  await apt(["update", "--quiet=2"]);
  await apt([
    "install",
    "--yes",
    "--quiet=2",
    "--no-install-recommends",
    ...names,
  ]);
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}

async function apt(args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("apt-get", {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive" },
  }).output();
  if (success) return;
  console.error(new TextDecoder().decode(stderr));
  console.error(`Cannot run apt-get ${args.join(" ")}`);
  Deno.exit(1);
}
