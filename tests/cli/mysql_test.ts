import assert from "node:assert/strict";
import { Mariadb, withoutMariadb } from "../_mariadb.ts";
import { command, decoded, demo, json, withFolder } from "../_skerry.ts";

if (withoutMariadb) console.log(`Skipped: ${withoutMariadb}`);

Deno.test({
  name:
    "a server's store takes SKERRY_DB_PASSWORD, finds the same, and store copy fills it",
  ignore: withoutMariadb !== null,
  fn: () =>
    withFolder(async (folder) => {
      await using server = await Mariadb.start();
      await server.sql(
        "CREATE USER ann IDENTIFIED BY 'sesame'; GRANT ALL ON *.* TO ann",
      );
      const store = ["--store", server.address("skerry", "ann")];
      const skerry = async (args: string[], password?: string) =>
        decoded(
          await command(
            args,
            password === undefined ? {} : { SKERRY_DB_PASSWORD: password },
          ).output(),
        );
      for (const password of [undefined, "wrong"]) {
        const refused = await skerry(["run", demo, ...store], password);
        assert.equal(refused.code, 1, refused.stderr);
        assert.match(refused.stderr, /refuses this user or password/);
        assert.match(refused.stderr, /Set SKERRY_DB_PASSWORD/);
        assert.ok(!refused.stderr.includes("wrong"));
      }
      const ran = await skerry(
        ["run", demo, "--json", "-", ...store],
        "sesame",
      );
      assert.equal(ran.code, 0, ran.stderr);
      const file = `${folder}/a.db`;
      const local = await json("run", demo, "--store", file);
      assert.deepEqual(JSON.parse(ran.stdout).findings, local.findings);

      const to = server.address("copied", "ann");
      const nowhere = server.address("nowhere", "ann");
      const absent = await skerry(["store", "copy", nowhere, to], "sesame");
      assert.equal(absent.code, 1, absent.stderr);
      assert.match(absent.stderr, /nowhere: there is no such database/);
      const copied = await skerry(["store", "copy", file, to], "sesame");
      assert.equal(copied.code, 0, copied.stderr);
      const found = await skerry(
        ["findings", "--json", "-", "--store", to],
        "sesame",
      );
      assert.deepEqual(
        JSON.parse(found.stdout),
        await json("findings", "--store", file),
      );
    }),
});
