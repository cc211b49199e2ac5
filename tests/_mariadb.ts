/** A private MariaDB of Debian's: own data, own socket, a port of loopback. */
import { join } from "node:path";

/** Needed programs; tools/run_tests.ts installs them where it may. */
export const MARIADB = "/usr/sbin/mariadbd";
const INSTALL = "/usr/bin/mariadb-install-db";

/** Why the tests of a server are skipped; null where they can run. */
export const withoutMariadb: string | null = await Deno.stat(MARIADB).then(
  () => null,
  () => `${MARIADB} is not there (Debian: mariadb-server)`,
);

export interface MariadbOptions {
  /** More options of mariadbd. */
  readonly args?: readonly string[];
  /** Survives kill −9, as a real server does; slower. */
  readonly durable?: boolean;
  /** Where its data go; a new folder in the system's place for such. */
  readonly folder?: string;
}

export class Mariadb implements AsyncDisposable {
  readonly folder: string;
  readonly port: number;
  readonly socket: string;
  readonly #options: MariadbOptions;
  #process: Deno.ChildProcess | null = null;
  #output: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, options: MariadbOptions) {
    this.folder = folder;
    this.socket = join(folder, "s.sock");
    this.port = freePort();
    this.#options = options;
  }

  static async start(options: MariadbOptions = {}): Promise<Mariadb> {
    const folder = options.folder ??
      await Deno.makeTempDir({ prefix: "skerry-maria-" });
    const server = new Mariadb(folder, options);
    try {
      await run(INSTALL, [
        "--no-defaults",
        `--datadir=${folder}/data`,
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
        `--user=${await userName()}`,
      ]);
      await server.restart();
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  /** The address of a database as root, who has no password. */
  address(database: string, user = "root"): string {
    return `mysql://${user}@127.0.0.1:${this.port}/${database}`;
  }

  socketAddress(database: string): string {
    return `mysql://root@localhost/${database}?socket=${this.socket}`;
  }

  /** Runs SQL with the server's own client. */
  async sql(text: string, database = ""): Promise<string> {
    return await run("/usr/bin/mariadb", [
      "--no-defaults",
      "--batch",
      "--skip-column-names",
      "--local-infile=1",
      `--socket=${this.socket}`,
      "--user=root",
      ...(database ? [database] : []),
      "--execute",
      text,
    ]);
  }

  /** kill −9; its data stay. */
  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#ended();
  }

  async restart(): Promise<void> {
    const fast = this.#options.durable
      ? []
      : ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"];
    this.#process = new Deno.Command(MARIADB, {
      args: [
        "--no-defaults",
        `--user=${await userName()}`,
        `--datadir=${this.folder}/data`,
        `--tmpdir=${this.folder}`,
        `--socket=${this.socket}`,
        `--pid-file=${this.folder}/pid`,
        "--bind-address=127.0.0.1",
        `--port=${this.port}`,
        "--skip-name-resolve",
        "--local-infile=1",
        "--character-set-server=utf8mb4",
        "--innodb-buffer-pool-size=64M",
        "--performance-schema=OFF",
        ...fast,
        ...this.#options.args ?? [],
      ],
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const log = new Response(this.#process.stderr).text();
    this.#output = log;
    const process = this.#process;
    let ended = false;
    process.status.then(() => ended = true);
    const deadline = Date.now() + 60_000;
    while (!await this.#answers()) {
      if (ended || Date.now() > deadline) {
        throw new Error(`mariadbd does not start: ${await log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process?.kill("SIGTERM");
    } catch { // It has ended already.
    }
    await this.#ended();
    if (this.#options.folder) return;
    await Deno.remove(this.folder, { recursive: true });
  }

  async #ended(): Promise<void> {
    await this.#process?.status;
    await this.#output;
    this.#process = null;
  }

  async #answers(): Promise<boolean> {
    return await this.sql("SELECT 1").then(() => true, () => false);
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

async function userName(): Promise<string> {
  return (await run("/usr/bin/id", ["-un"])).trim();
}

async function run(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args })
    .output();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  throw new Error(
    `Cannot run ${command}: ${text.decode(stderr) || text.decode(stdout)}`,
  );
}
