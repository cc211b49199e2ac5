/** Servers and disks that get in the way: the outcome is exact, or is told. */
import assert from "node:assert/strict";
import { importLogs } from "../../pipeline/import_logs.ts";
import type { SkerryError } from "../../pipeline/errors.ts";
import { schemas } from "../../pipeline/ingest/mod.ts";
import {
  openStore,
  PasswordNeeded,
  storeSql,
} from "../../pipeline/store/mod.ts";
import { TABLES } from "../../pipeline/store/mysql/schema.ts";
import { Mariadb, withoutMariadb } from "../_mariadb.ts";
import { FakeMysql } from "./_fake_mysql.ts";
import { contents, makeLogs } from "./_kill.ts";
import { batchOf, connRow, importBatches, rowsOf } from "./_records.ts";

const conn = schemas.get("conn")!;

async function withFolder(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "skerry-hostile-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function serverTest(
  name: string,
  body: (server: Mariadb) => Promise<void>,
  args: readonly string[] = [],
): void {
  Deno.test({
    name,
    ignore: withoutMariadb !== null,
    fn: async () => {
      await using server = await Mariadb.start({ args });
      await body(server);
    },
  });
}

serverTest(
  "a server that takes no local file gets the same rows by INSERT",
  async (server) => {
    await server.sql("SET GLOBAL local_infile = 0");
    await withFolder(async (folder) => {
      await makeLogs(folder);
      const hashes: string[] = [];
      for (const location of [`${folder}/a.db`, server.address("slow")]) {
        await using store = await openStore(location);
        const dataset = await store.openDataset("d");
        await importLogs(store, dataset, folder);
        const hostile = connRow({ uid: "🦀\0\t\n\\N", duration: Infinity });
        await importBatches(store, dataset, batchOf(conn, [hostile]));
        const { records, hash } = await contents(location);
        assert.equal(records, 3201);
        hashes.push(hash);
      }
      assert.equal(hashes[0], hashes[1]);
    });
  },
);

serverTest(
  "what storeSql prints makes a store for a user who may not create",
  async (server) => {
    await server.sql("CREATE USER bound@'127.0.0.1' IDENTIFIED BY 'pw'");
    const location = server.address("case8", "bound");
    const sql = await storeSql(location);
    assert.doesNotMatch(sql, /GRANT [^;]*CREATE/);
    await server.sql(sql.replace("'%'", "'127.0.0.1'"));
    await using store = await openStore(location, { password: "pw" });
    const dataset = await store.openDataset("d");
    await importBatches(store, dataset, batchOf(conn, [connRow()]));
    assert.equal((await rowsOf(store, dataset, "conn")).length, 1);
  },
);

serverTest(
  "a user without rights gets the SQL for an administrator, and it works",
  async (server) => {
    await server.sql("CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'pw'");
    const location = server.address("case7", "reader");
    await assert.rejects(openStore(location), (error) => {
      assert.ok(error instanceof PasswordNeeded, String(error));
      assert.match(error.hint!, /SKERRY_DB_PASSWORD/);
      return true;
    });
    const options = { password: "pw" };
    const denied = await openStore(location, options).then(
      () => assert.fail("the store opens"),
      (error: SkerryError) => error,
    );
    assert.match(
      denied.message,
      /: reader may not make its database or tables$/,
    );
    const [create, grant] = denied.hint!.split("\n").map((line) => line.trim())
      .filter((line) => line.endsWith(";"));
    assert.match(create, /^CREATE DATABASE IF NOT EXISTS `case7` /);
    assert.match(grant, /^GRANT .* ON `case7`\.\* TO 'reader'@'%';$/);
    await server.sql(create + grant.replace("'%'", "'127.0.0.1'"));
    {
      await using store = await openStore(location, options);
      const dataset = await store.openDataset("d");
      await importBatches(store, dataset, batchOf(conn, [connRow()]));
      assert.equal((await rowsOf(store, dataset, "conn")).length, 1);
    }
    await server.sql(
      "REVOKE ALL ON case7.* FROM reader@'127.0.0.1'; GRANT SELECT ON case7.* TO reader@'127.0.0.1'",
    );
    await using store = await openStore(location, options);
    const dataset = (await store.findDataset("d"))!;
    assert.equal((await rowsOf(store, dataset, "conn")).length, 1);
    await assert.rejects(store.setVerdict("f", "benign"), {
      name: "SkerryError",
      message: /^Cannot write the store .*denied/,
      hint: "Ask an administrator for the rights on this database.",
    });
  },
);

serverTest("a password comes from a file, and never shows", async (server) => {
  await server.sql(
    "CREATE USER ann@'127.0.0.1' IDENTIFIED BY 'se cret'; GRANT ALL ON *.* TO ann@'127.0.0.1'",
  );
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/pw`, "se cret\n");
    const address = server.address("p", "ann");
    await using store = await openStore(
      `${address}?password-file=${folder}/pw`,
    );
    assert.equal(store.location, address);
    await assert.rejects(openStore(`${address}?password-file=${folder}/none`), {
      message: /^Cannot read the password file /,
    });
  });
  await assert.rejects(
    openStore(`mysql://ann:se%20cret@127.0.0.1:${server.port}/p`),
    (error: SkerryError) =>
      /does not belong there/.test(error.message) &&
      !/se.*cret/.test(`${error.message} ${error.hint}`),
  );
});

Deno.test({
  name: "a server is reached by TLS, and only where its certificate is trusted",
  ignore: withoutMariadb !== null,
  fn: () =>
    withFolder(async (folder) => {
      const [ca, other] = [`${folder}/ca`, `${folder}/other`];
      await certificates(ca);
      await certificates(other);
      await using server = await Mariadb.start({
        args: [`--ssl-cert=${ca}/server.pem`, `--ssl-key=${ca}/server.key`],
      });
      await server.sql(
        "CREATE USER ann@'127.0.0.1' REQUIRE SSL; GRANT ALL ON *.* TO ann@'127.0.0.1'",
      );
      const address = server.address("tls", "ann");
      {
        await using store = await openStore(`${address}?tls=${ca}/ca.pem`);
        await store.openDataset("d");
      }
      await assert.rejects(openStore(address), PasswordNeeded);
      for (const tls of ["on", `${other}/ca.pem`]) {
        await assert.rejects(openStore(`${address}?tls=${tls}`), {
          name: "SkerryError",
          message: /: its certificate cannot be trusted$/,
        });
      }
      await assert.rejects(openStore(`${address}?tls=${ca}/none.pem`), {
        message: /^Cannot read the certificate /,
      });
    }),
});

serverTest(
  "a server without TLS is refused where TLS is asked for",
  async (server) => {
    await assert.rejects(openStore(`${server.address("x")}?tls=on`), {
      name: "SkerryError",
      message: /: the server offers no encrypted connection \(TLS\)$/,
    });
  },
  ["--skip-ssl"],
);

/** An authority and a certificate of it for 127.0.0.1, made by openssl. */
async function certificates(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  const openssl = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("/usr/bin/openssl", {
      args,
      cwd: folder,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  const key = ["-newkey", "rsa:2048", "-nodes", "-subj"];
  await openssl(
    ...["req", "-x509", ...key, "/CN=authority", "-days", "2"],
    ...["-keyout", "ca.key", "-out", "ca.pem"],
  );
  await openssl(
    ...["req", ...key, "/CN=server", "-keyout", "server.key"],
    ...["-out", "server.csr"],
  );
  await Deno.writeTextFile(`${folder}/san`, "subjectAltName = IP:127.0.0.1\n");
  await openssl(
    ...["x509", "-req", "-in", "server.csr", "-CA", "ca.pem"],
    ...["-CAkey", "ca.key", "-CAcreateserial", "-days", "2"],
    ...["-extfile", "san", "-out", "server.pem"],
  );
}

serverTest(
  "what belongs to another program, or to a newer Skerry, is left alone",
  async (server) => {
    await server.sql(
      "CREATE DATABASE theirs; CREATE TABLE theirs.runs (x INT)",
    );
    await assert.rejects(openStore(server.address("theirs")), {
      message: /: another program's table runs is in that database$/,
    });
    assert.equal(await server.sql("SHOW TABLES", "theirs"), "runs\n");
    await (await openStore(server.address("later")))[Symbol.asyncDispose]();
    await server.sql("UPDATE skerry_schema SET version = 999", "later");
    await assert.rejects(openStore(server.address("later")), {
      message: /: a newer Skerry wrote it \(schema 999, this one knows \d+\)$/,
    });
  },
);

serverTest(
  "a schema that was half made is completed, also by many at once",
  async (server) => {
    const location = server.address("half");
    await (await openStore(location))[Symbol.asyncDispose]();
    await server.sql(
      "DROP TABLE models; DROP TABLE safelist; UPDATE skerry_schema SET version = 5",
      "half",
    );
    const stores = await Promise.all([1, 2, 3].map(() => openStore(location)));
    for (const store of stores) {
      await store.saveModel("m", "mlp", {});
      await store[Symbol.asyncDispose]();
    }
    await assert.rejects(
      openStore(server.address("absent"), { readOnly: true }),
      { message: /: there is no such database$/ },
    );
    await using store = await openStore(location, { readOnly: true });
    await assert.rejects(store.openDataset("new"), {
      message: /: it may only be read$/,
    });
  },
);

Deno.test("a server that is not there is told as such", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await assert.rejects(openStore(`mysql://root@127.0.0.1:${port}/x`), {
    name: "SkerryError",
    message:
      `Cannot open the store mysql://root@127.0.0.1:${port}/x: no server listens there`,
  });
  await assert.rejects(openStore("mysql://root@localhost/x?socket=/nope"), {
    message: /: no server listens there$/,
  });
});

Deno.test("a server of MySQL 8 is spoken to as its protocol says", async () => {
  await using server = new FakeMysql("pass wörd");
  {
    await using store = await openStore(server.address, {
      password: "pass wörd",
    });
    assert.equal(store.location, server.address);
  }
  assert.ok(server.statements.includes("SET NAMES utf8mb4"));
  const made = server.statements.filter((sql) =>
    sql.startsWith("CREATE TABLE")
  );
  assert.equal(made.length, 1 + TABLES.length);
  await assert.rejects(openStore(server.address, { password: "wrong" }), {
    name: "SkerryError",
    message: /: the server refuses this user or password$/,
  });
});

/** A file system of a few megabytes; null where none can be mounted. */
async function smallDisk(folder: string, size: string) {
  const run = (command: string, ...args: string[]) =>
    new Deno.Command(command, { args, stderr: "null" }).output().then(
      ({ success }) => success,
      () => false,
    );
  await Deno.mkdir(folder);
  if (
    !await run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder)
  ) {
    console.log("  skipped: this user may not mount a small disk");
    return null;
  }
  return {
    [Symbol.asyncDispose]: async () => void await run("umount", folder),
  };
}

Deno.test("a file on a full disk keeps what it had, and goes on when there is room", () =>
  withFolder(async (folder) => {
    await using disk = await smallDisk(`${folder}/disk`, "2m");
    if (!disk) return;
    await makeLogs(`${folder}/logs`);
    const location = `${folder}/disk/s.db`;
    await Deno.writeFile(`${folder}/disk/ballast`, new Uint8Array(1_200_000));
    {
      await using store = await openStore(location, { partRows: 300 });
      const dataset = await store.openDataset("d");
      await assert.rejects(importLogs(store, dataset, `${folder}/logs`), {
        name: "SkerryError",
        message: `Cannot write the store ${location}: the disk is full`,
      });
    }
    assert.equal((await contents(location)).records, 0);
    await Deno.remove(`${folder}/disk/ballast`);
    await using store = await openStore(location);
    const dataset = await store.openDataset("d");
    await importLogs(store, dataset, `${folder}/logs`);
    assert.equal((await contents(location)).records, 3200);
  }));

Deno.test({
  name:
    "a server on a full disk says so, and the import goes on when there is room",
  ignore: withoutMariadb !== null,
  fn: () =>
    withFolder(async (folder) => {
      await using disk = await smallDisk(`${folder}/disk`, "400m");
      if (!disk) return;
      await makeLogs(`${folder}/logs`);
      await using server = await Mariadb.start({ folder: `${folder}/disk` });
      const location = server.address("small");
      await using store = await openStore(location, { partRows: 300 });
      const dataset = await store.openDataset("d");
      const room = await Deno.open(`${folder}/disk/ballast`, {
        write: true,
        create: true,
      });
      const block = new Uint8Array(1 << 16);
      await assert.rejects(async () => {
        while (true) await room.write(block);
      });
      room.close();
      const error = await importLogs(store, dataset, `${folder}/logs`).then(
        () => null,
        (error: SkerryError) => error,
      );
      assert.match(error?.message ?? "", /: the server's disk is full$/);
      await Deno.remove(`${folder}/disk/ballast`);
      await importLogs(store, dataset, `${folder}/logs`);
      const { records } = await contents(location);
      assert.equal(records, 3200);
    }),
});
