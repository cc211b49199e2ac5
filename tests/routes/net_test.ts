import assert from "node:assert/strict";
import type { JobView } from "../../islands/_job_view.ts";
import type {
  Decided,
  FormRefusal,
  NetView,
  PairDetail,
} from "../../islands/_net.ts";
import { thresholdAt as onPage } from "../../islands/_net_cuts.ts";
import { thresholdAt } from "../../pipeline/classify_review.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { createApp } from "../../routes/_app.tsx";
import { build } from "../../tools/build.ts";
import { HOST, ROOT, withLab } from "./_lab.ts";
import { EACH, seedConnections, seedNameless } from "./seed_net.ts";

Deno.test("GET /neural-net offers every parameter with range and meaning", () =>
  withLab(async ({ fetch }) => {
    const html = await (await fetch("/neural-net")).text();
    for (const name of ["alpha", "beta1", "hiddenLayerSizes", "train"]) {
      assert.match(html, new RegExp(`name="${name}"`));
    }
    assert.match(
      html,
      /strength of the penalty on squared weights, \[0, 10⁶\]/,
    );
    assert.match(html, /No net is saved yet/);
    assert.match(html, /816\u00a0requests from http/);
    assert.doesNotMatch(html, /style=|onclick=/i);
  }));

Deno.test("GET /neural-net says what is missing without requests", async () => {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const app = await createApp(ROOT, { store, hosts: [HOST] });
  const get = async () =>
    await (await app.request(`http://${HOST}/neural-net`)).text();
  assert.match(await get(), /No logs have been read yet/);
  await store.openDataset("empty");
  assert.match(await get(), /No requests or connections in empty/);
});

Deno.test("POST /api/net/train tells the losses so far, and the view has them", () =>
  withLab(async (lab) => {
    const job = await lab.sent<JobView>("/api/net/train", { maxIter: "60" });
    const events = await lab.events(job);
    const { losses, iterations } = events.at(-1)!;
    for (const event of events) {
      assert.equal(event.losses.length, event.iterations);
      assert.deepEqual(event.losses, losses.slice(0, event.iterations));
    }
    const view = await lab.json<NetView>("/api/net/view");
    assert.equal(iterations, view.metrics!.nIter);
    assert.deepEqual(view.lossCurve.slice(0, -1), losses.slice(0, -1));
    assert.equal(view.lossCurve.at(-1), view.loss);
    assert.match(
      events.at(-1)!.job.outcome!,
      /^Trained; \d+\u00a0requests called/,
    );
  }));

Deno.test("the view lists held-out and unlabelled pairs, hostile names harmlessly", () =>
  withLab(async (lab) => {
    const view = await lab.train();
    const { metrics, pairs } = view;
    assert.equal(metrics!.split, "by pair");
    assert.equal(metrics!.sharedPairs, 0);
    assert.equal(metrics!.unlabelled, 4 * EACH);
    assert.equal(view.asked, metrics!.test.rows + 4 * EACH);
    assert.equal(pairs.length, view.totalPairs);
    assert.equal(pairs.filter(({ label }) => label === null).length, 4);
    assert.doesNotMatch(JSON.stringify(pairs), /[\u202e\u200b]/);
    const html = await (await lab.fetch("/neural-net")).text();
    assert.doesNotMatch(html, /<script>alert/);
    const { requests, history } = await lab.json<PairDetail>(
      `/api/net/pair?pair=${pairs[0].id}`,
    );
    assert.deepEqual([requests.length, history.length], [10, 0]);
    assert.equal(requests[0].uid, pairs[0].uid);
    assert.equal(requests[0].probability, pairs[0].probability);
  }));

Deno.test("POST /api/net/train refuses wrong values by field, and trains nothing", () =>
  withLab(async (lab) => {
    const response = await lab.post("/api/net/train", {
      alpha: "-1",
      hiddenLayerSizes: "5,x",
      activation: "<b>",
      maxIter: "",
    });
    assert.equal(response.status, 400);
    const { fields }: FormRefusal = await response.json();
    assert.deepEqual(fields, {
      alpha: "must be a number in [0, 1000000], got -1",
      hiddenLayerSizes: "must be 1 to 8 integers in [1, 1024], got 5,NaN",
      activation: 'must be one of logistic, tanh, relu, identity, got "<b>"',
      maxIter: 'must be an integer in [1, 1000000], got ""',
    });
    assert.deepEqual(await lab.json("/api/jobs"), []);
    const far = await lab.sent<JobView>("/api/net/train", { train: "5000" });
    const last = (await lab.events(far)).at(-1)!;
    assert.equal(last.job.state, "failed");
    assert.match(last.job.outcome!, /there are only 720 labelled rows/);
  }));

Deno.test("a decision labels all sessions of a pair, is kept with its reason, and can be undone", () =>
  withLab(async (lab) => {
    const view = await lab.train();
    const pair = view.pairs.find(({ label }) => label === null)!;
    const decide = (answer: string) =>
      lab.sent<Decided>("/api/net/decide", { pair: pair.id, answer });
    assert.deepEqual(await decide("beacon"), {
      answer: "beacon",
      sessions: EACH,
    });
    const dataset = (await lab.store.findDataset("lab"))!;
    const labels = await lab.store.labels(dataset);
    assert.equal(labels.length, EACH);
    assert.ok(
      labels.every(({ value, source }) => value === 1 && source === "analyst"),
    );
    const opinion = await lab.store.opinion(pair.id);
    assert.equal(opinion.regular, true);
    assert.match(
      opinion.history[0].why,
      /^neural-net lab, a net trained 20.+: P [01]\.\d{3}$/,
    );
    const row = async () =>
      (await lab.json<NetView>("/api/net/view")).pairs
        .find(({ id }) => id === pair.id)!;
    assert.deepEqual(
      [(await row()).answer, (await row()).learned],
      ["beacon", null],
    );
    await decide("none");
    assert.equal((await row()).answer, null);
    const { history } = await lab.json<PairDetail>(
      `/api/net/pair?pair=${pair.id}`,
    );
    assert.deepEqual(history.map(({ answer }) => answer), ["beacon", null]);
    assert.equal(
      (await lab.post("/api/net/decide", {
        pair: "nobody",
        answer: "beacon",
      })).status,
      404,
    );
    assert.equal(
      (await lab.post("/api/net/decide", {
        pair: pair.id,
        answer: "maybe",
      })).status,
      400,
    );
  }));

Deno.test("the next training learns from decisions, unless it is told not to", () =>
  withLab(async (lab) => {
    const before = await lab.train();
    const open = before.pairs.filter(({ label }) => label === null);
    for (const { id } of open.slice(0, 2)) {
      await lab.sent("/api/net/decide", { pair: id, answer: "benign" });
    }
    const after = await lab.train();
    assert.equal(after.metrics!.analystRows, 2 * EACH);
    assert.equal(
      after.metrics!.train.rows + after.metrics!.test.rows,
      before.metrics!.train.rows + before.metrics!.test.rows + 2 * EACH,
    );
    assert.equal(after.metrics!.unlabelled, 2 * EACH);
    const without = await lab.train({ useAnswers: "false" });
    assert.equal(without.metrics!.analystRows, 0);
    const none = await lab.sent<JobView>("/api/net/train", {
      labelColumn: "none",
      useAnswers: "false",
    });
    const { job } = (await lab.events(none)).at(-1)!;
    assert.match(job.outcome!, /nobody has said of a record/);
  }));

Deno.test("a net learns from labelled connections, too", () =>
  withLab(async (lab) => {
    await seedConnections(lab.store);
    const html = await (await lab.fetch("/neural-net?dataset=conns")).text();
    assert.match(html, /360\u00a0connections from conn/);
    assert.match(html, /<option selected>session-rich/);
    const job = await lab.sent<JobView>("/api/net/train?dataset=conns", {
      features: "session-rich",
    });
    const { outcome } = (await lab.events(job)).at(-1)!.job;
    assert.match(outcome!, /^Trained; \d+\u00a0connections? called beacons/);
    const view = await lab.json<NetView>("/api/net/view?dataset=conns");
    assert.equal(view.unit, "connection");
    assert.equal(view.metrics!.labelColumn, "label");
    assert.deepEqual(view.metrics!.train.pairs + view.metrics!.test.pairs, 15);
    assert.match(view.pairs[0].dst, /^192\.0\.2\.\d+:443$/);
    const { requests } = await lab.json<PairDetail>(
      `/api/net/pair?dataset=conns&pair=${view.pairs[0].id}`,
    );
    assert.equal(requests[0].fields.conn_state, "SF");
  }));

Deno.test("a pair whose requests have no uid cannot be decided on", () =>
  withLab(async (lab) => {
    await seedNameless(lab.store);
    const job = await lab.sent<JobView>("/api/net/train?dataset=nameless", {});
    await lab.events(job);
    const view = await lab.json<NetView>("/api/net/view?dataset=nameless");
    const refused = await lab.post("/api/net/decide?dataset=nameless", {
      pair: view.pairs[0].id,
      answer: "beacon",
    });
    assert.equal(refused.status, 409);
    assert.match((await refused.json()).error, /have no uid to label/);
  }));

Deno.test("a training is joined while it runs, and cancelled", () =>
  withLab(async (lab) => {
    const long = {
      solver: "adam",
      maxIter: "1000000",
      nIterNoChange: "1000000",
    };
    const job = await lab.sent<JobView>("/api/net/train", long);
    const same = await lab.sent<JobView>("/api/net/train", { maxIter: "5" });
    assert.equal(same.id, job.id);
    const html = await (await lab.fetch("/neural-net")).text();
    assert.match(html, /id="cancel"/);
    const ended = await lab.sent<JobView>(`/api/jobs/${job.id}/cancel`, {});
    assert.equal(ended.state, "cancelled");
    assert.equal((await lab.fetch("/api/net/view")).status, 404);
  }));

Deno.test("without a script, forms lead back to the page", () =>
  withLab(async (lab) => {
    const body = "maxIter=20";
    const response = await lab.fetch("/api/net/train", {
      method: "POST",
      body,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(body.length),
        origin: `http://${HOST}`,
      },
    });
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "/neural-net?dataset=lab");
  }));

Deno.test("the page's thresholds are those of the pipeline, to the last bit", () => {
  for (let step = -240; step <= 240; step++) {
    assert.equal(onPage(step), thresholdAt(step));
  }
});
