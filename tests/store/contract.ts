import { datasetTests } from "./contract/datasets.ts";
import { roundTripTests } from "./contract/round_trip.ts";
import { queryTests } from "./contract/queries.ts";
import { importTests } from "./contract/imports.ts";
import { recordTests } from "./contract/records.ts";
import { sessionTests } from "./contract/sessions.ts";
import { overviewTests } from "./contract/overview.ts";
import { runTests } from "./contract/runs.ts";
import { opinionTests } from "./contract/opinions.ts";
import { modelAndLabelTests } from "./contract/models.ts";
import { hostMarkTests } from "./contract/host_marks.ts";
import { closedTests } from "./contract/closed.ts";
import type { Body, StoreFixture } from "./contract/shared.ts";

export type { StoreFixture };

/** What every store must do, whichever database lies below. */
export function storeContract(
  name: string,
  open: () => Promise<StoreFixture>,
): void {
  const test = (sentence: string, body: Body) =>
    Deno.test(`${name}: ${sentence}`, async () => {
      await using fixture = await open();
      await body(fixture.store);
    });
  datasetTests(test);
  roundTripTests(test);
  queryTests(test);
  importTests(test);
  sessionTests(test);
  recordTests(test);
  overviewTests(test);
  runTests(test);
  opinionTests(test);
  modelAndLabelTests(test);
  hostMarkTests(test);
  closedTests(test);
}
