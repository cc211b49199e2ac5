/**
 * So much of MySQL 8's protocol that a client can log in by
 * caching_sha2_password and make its tables: no MySQL server can be installed
 * where the tests run. (MySQL Internals: Connection Phase, caching_sha2.)
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

const PLUGIN = "caching_sha2_password";

/** PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, CONNECT_WITH_DB, LOCAL_FILES, … */
const CAPABILITIES = 0x0008_82ff;

export class FakeMysql implements AsyncDisposable {
  readonly address: string;
  /** What it was asked, in order. */
  readonly statements: string[] = [];
  readonly #listener: Deno.TcpListener;
  readonly #password: string;
  readonly #sessions: Promise<void>[] = [];
  readonly #serving: Promise<void>;

  constructor(password: string) {
    this.#password = password;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = this.#listener.addr as Deno.NetAddr;
    this.address = `mysql://ann@127.0.0.1:${port}/skerry`;
    this.#serving = this.#serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
    await Promise.all(this.#sessions);
  }

  async #serve(): Promise<void> {
    try {
      for await (const socket of this.#listener) {
        this.#sessions.push(this.#session(new Packets(socket)));
      }
    } catch { // The listener was closed.
    }
  }

  async #session(packets: Packets): Promise<void> {
    try {
      const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(20)))
        .map((byte) => 1 + byte % 127);
      await packets.send(greeting(nonce));
      const login = (await packets.receive())!;
      if (!scrambleOf(login).equals(scramble(this.#password, nonce))) {
        return await packets.send(accessDenied());
      }
      await packets.send(Buffer.from([1, 3])); // Fast authentication is done.
      await packets.send(OK);
      for (;;) {
        const command = await packets.receive();
        if (!command || command[0] === 1) return; // COM_QUIT.
        packets.begin();
        if (command[0] !== 3) await packets.send(OK);
        else await this.#answer(packets, command.subarray(1).toString());
      }
    } finally {
      packets.close();
    }
  }

  async #answer(packets: Packets, sql: string): Promise<void> {
    this.statements.push(sql);
    const [, column] = /^SELECT .* AS (\w+)/s.exec(sql) ?? [];
    if (!column) return await packets.send(OK);
    const value = sql.includes("VERSION()") ? "8.0.36" : "1";
    const rows = sql.includes("FROM") ? [] : [value];
    await packets.send(Buffer.from([1]));
    await packets.send(definition(column));
    await packets.send(EOF);
    for (const row of rows) await packets.send(counted(row));
    await packets.send(EOF);
  }
}

const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const EOF = Buffer.from([0xfe, 0, 0, 2, 0]);

/** Protocol::HandshakeV10. */
function greeting(nonce: Uint8Array): Buffer {
  const low = Buffer.alloc(2), rest = Buffer.alloc(6);
  low.writeUInt16LE(CAPABILITIES & 0xffff);
  rest.writeUInt8(45); // utf8mb4_general_ci
  rest.writeUInt16LE(2, 1);
  rest.writeUInt16LE(CAPABILITIES >>> 16, 3);
  rest.writeUInt8(21, 5);
  return Buffer.concat([
    Buffer.from("\x0a8.0.36\0"),
    Buffer.from([1, 0, 0, 0]),
    nonce.subarray(0, 8),
    Buffer.from([0]),
    low,
    rest,
    Buffer.alloc(10),
    nonce.subarray(8),
    Buffer.from(`\0${PLUGIN}\0`),
  ]);
}

/** Out of Protocol::HandshakeResponse41: behind the user's name. */
function scrambleOf(login: Buffer): Buffer {
  const user = 32, end = login.indexOf(0, user);
  const length = login[end + 1];
  return login.subarray(end + 2, end + 2 + length);
}

/** SHA256(password) XOR SHA256(SHA256(SHA256(password)) nonce). */
function scramble(password: string, nonce: Uint8Array): Buffer {
  const sha = (...parts: Uint8Array[]) =>
    createHash("sha256").update(Buffer.concat(parts)).digest();
  const once = sha(Buffer.from(password));
  const mask = sha(sha(once), nonce);
  return Buffer.from(once.map((byte, i) => byte ^ mask[i]));
}

function accessDenied(): Buffer {
  return Buffer.from("\xff\x15\x04#28000Access denied", "latin1");
}

/** Column definition of a text. */
function definition(name: string): Buffer {
  const end = Buffer.from([0x0c, 45, 0, 255, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0]);
  const names = ["def", "", "", "", name, name].map(counted);
  return Buffer.concat([...names, end]);
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** Packets of a connection: three bytes of length, one that counts them. */
class Packets {
  readonly #socket: Deno.TcpConn;
  #received = Buffer.alloc(0);
  #sequence = 0;

  constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
  }

  /** A new command: the count begins anew. */
  begin(): void {
    this.#sequence = 1;
  }

  async send(payload: Uint8Array): Promise<void> {
    const head = Buffer.alloc(4);
    head.writeUIntLE(payload.length, 0, 3);
    head.writeUInt8(this.#sequence++ & 255, 3);
    const packet = Buffer.concat([head, payload]);
    for (let at = 0; at < packet.length;) {
      at += await this.#socket.write(packet.subarray(at));
    }
  }

  /** null where the other side has gone. */
  async receive(): Promise<Buffer | null> {
    const head = await this.#take(4);
    if (!head) return null;
    this.#sequence = head[3] + 1;
    return await this.#take(head.readUIntLE(0, 3));
  }

  close(): void {
    try {
      this.#socket.close();
    } catch { // Closed already.
    }
  }

  async #take(n: number): Promise<Buffer | null> {
    const bytes = new Uint8Array(1 << 16);
    while (this.#received.length < n) {
      const read = await this.#socket.read(bytes).catch(() => null);
      if (read === null) return null;
      this.#received = Buffer.concat([
        this.#received,
        bytes.slice(0, read),
      ]);
    }
    const taken = this.#received.subarray(0, n);
    this.#received = this.#received.subarray(n);
    return taken;
  }
}
