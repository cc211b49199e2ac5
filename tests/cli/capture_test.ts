import assert from "node:assert/strict";
import { connLog } from "../ingest/_logs.ts";
import { decoded, PERMISSIONS, skerry, withFolder } from "../_skerry.ts";

const root = new URL("../../", import.meta.url);
const PCAP = Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0);

/** As `skerry`, with a PATH that may be read and a program that may be run. */
async function withZeek(folder: string, run: boolean, ...args: string[]) {
  return decoded(
    await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--cached-only"],
        ...PERMISSIONS.map((one) =>
          one.startsWith("--allow-env=") ? `${one},PATH` : one
        ),
        ...(run ? [`--allow-run=${folder}/zeek`] : []),
        ...["main.ts", ...args],
      ],
      cwd: root,
      env: { NO_COLOR: "1", PATH: `${folder}:${Deno.env.get("PATH")}` },
      stdin: "null",
    }).output(),
  );
}

/** A capture, and what stands for Zeek: it logs what it was told. */
async function withCapture(
  script: string,
  use: (folder: string, capture: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a b.pcap`, PCAP);
    await Deno.writeTextFile(`${folder}/conn.txt`, connLog(10));
    await Deno.writeTextFile(`${folder}/zeek`, `#!/bin/sh\n${script}\n`);
    await Deno.chmod(`${folder}/zeek`, 0o755);
    await use(folder, `${folder}/a b.pcap`);
  });
}

Deno.test("run says how to make logs of a capture, and starts nothing", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/x.pcap`, PCAP);
    const { code, stderr } = await skerry(
      ...["run", `${folder}/x.pcap`, "--store", `${folder}/a.db`],
    );
    assert.equal(code, 1);
    assert.match(stderr, /x\.pcap: it holds packets, and Skerry reads logs/);
    assert.match(
      stderr,
      /mkdir \S+x\.pcap\.logs && .*-r \S+x\.pcap .*skerry run/,
    );
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assert.deepEqual(left, ["x.pcap"]);
  }));

Deno.test("run offers --zeek where there is a zeek, and quotes for the shell", () =>
  withCapture("exit 9", async (folder, capture) => {
    const { code, stderr } = await withZeek(folder, true, "run", capture);
    assert.equal(code, 1);
    assert.match(stderr, /give --zeek/);
    assert.ok(stderr.includes(`${folder}/zeek -C -r '${capture}'`), stderr);
  }));

Deno.test("run --zeek needs the permission to, and says which", () =>
  withCapture("exit 9", async (folder, capture) => {
    const { code, stderr } = await withZeek(
      ...[folder, false, "run", capture, "--zeek"] as const,
    );
    assert.equal(code, 1);
    assert.match(stderr, /without the permission to/);
    assert.ok(stderr.includes(`--allow-run=${folder}/zeek main.ts run --zeek`));
  }));

Deno.test("run --zeek reads the logs that Zeek makes, and says what it started", () =>
  withCapture(
    'echo "$@" > told.txt; cp ../conn.txt conn.log',
    async (folder, capture) => {
      const { code, stdout, stderr } = await withZeek(
        ...[folder, true, "run", capture, "--zeek"] as const,
        ...["--store", `${folder}/a.db`],
      );
      assert.equal(code, 0, stderr);
      assert.match(stdout, /records: conn 10/);
      assert.match(stderr, /zeek -C -r .* in .*a b\.pcap\.logs/);
      const told = await Deno.readTextFile(`${capture}.logs/told.txt`);
      assert.ok(told.startsWith(`-C -r ${capture} policy/`), told);
      const again = await withZeek(folder, true, "run", capture, "--zeek");
      assert.match(again.stderr, /a b\.pcap\.logs is there already/);
    },
  ));

Deno.test("run --zeek says what a Zeek that fails says", () =>
  withCapture("echo no such policy >&2; exit 3", async (folder, capture) => {
    const { code, stderr } = await withZeek(
      ...[folder, true, "run", capture, "--zeek"] as const,
    );
    assert.equal(code, 1);
    assert.match(stderr, /zeek ended with 3: no such policy/);
  }));
