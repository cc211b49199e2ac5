// The whole suite: builds what the pages need, finds or installs what the
// tests need, runs them, and closes with a plain line that counts what ran.
import { build } from "./build.ts";
import { ensureDebianPackages } from "./debian.ts";

const root = new URL("../", import.meta.url);

await ensureDebianPackages([
  {
    package: "chromium",
    program: "/usr/bin/chromium",
    why: "the pages are tested in it",
  },
  {
    package: "mariadb-server",
    program: "/usr/sbin/mariadbd",
    why: "the store is tested on it",
  },
  {
    package: "openssl",
    program: "/usr/bin/openssl",
    why: "it makes the certificates of a server under test",
  },
]);
await build(root);

const child = new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    "-A",
    "--doc",
    "--frozen",
    "tests/",
    "pipeline/",
    "main.ts",
    ...Deno.args,
  ],
  cwd: root,
  env: {
    NO_COLOR: "1",
    DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "system",
  },
  stdout: "piped",
}).spawn();

let tail = "";
const text = new TextDecoder();
for await (const part of child.stdout) {
  await Deno.stdout.write(part);
  tail = (tail + text.decode(part, { stream: true })).slice(-4000);
}
const { code } = await child.status;

/** From the closing line "ok | 210 passed (12 steps) | 0 failed | 3 ignored". */
function counted(word: string): number {
  const closing = tail.match(/^(?:ok|FAILED) \| .*$/m)?.[0] ?? "";
  return Number(closing.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
}

const [passed, failed, skipped] = ["passed", "failed", "ignored"].map(counted);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
Deno.exit(code || (passed + failed === 0 ? 1 : 0));
