import type { FormValues } from "../islands/_param_field.tsx";
import {
  answersOf,
  type BeaconNet,
  type Dataset,
  FEATURE_SETS,
  type Judged,
  type NetMetrics,
  netMetrics,
  type PairHit,
  pairHits,
  predictWith,
  readModel,
  readRecords,
  type Records,
  type Review,
  reviewOf,
  type RunOptions,
  type SessionStore,
  SkerryError,
  trainNet,
} from "../pipeline/mod.ts";
import { plural } from "../islands/_format.ts";
import { visible } from "../islands/_visible.ts";
import type { Job, Jobs, JobSpec } from "./_jobs.ts";
import type { TrainRequest } from "./_net_form.ts";
import { metricsIn } from "./_net_models.ts";

/** A net and what it says of a dataset, without the records. */
export interface HeldNet {
  readonly origin: "trained" | "loaded";
  /** The name that it is kept under; null while it is not. */
  name: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly net: BeaconNet;
  /** How it did when it was trained; null where a file does not say. */
  readonly metrics: NetMetrics | null;
  /** On the rows of the dataset that it was asked about. */
  readonly asked: Review;
  /** By their ids. */
  readonly pairs: ReadonlyMap<string, PairHit>;
  readonly totalPairs: number;
  /** uid → 1 beacon or 0 not: what analysts had said when it was made. */
  readonly answers: ReadonlyMap<string, number>;
  /** The form that it was trained with. */
  readonly texts: FormValues | null;
}

/** What one row that a feature set measures is. */
export function unitOf(featureSet: string): "request" | "connection" {
  const set = FEATURE_SETS.find(({ name }) => name === featureSet);
  return set?.logType === "conn" ? "connection" : "request";
}

/** Datasets whose net is held; each holds the uids of a few hundred pairs. */
const KEPT = 4;

/** Pairs listed by either order. */
const LISTED = 200;

/** The nets of a server, the last one of each dataset. */
export class NetLab {
  readonly #held = new Map<number, HeldNet>();

  constructor(readonly jobs: Jobs) {}

  held(dataset: Dataset): HeldNet | null {
    return this.#held.get(dataset.id) ?? null;
  }

  keep(dataset: Dataset, held: HeldNet): void {
    this.#held.delete(dataset.id);
    this.#held.set(dataset.id, held);
    for (const old of this.#held.keys()) {
      if (this.#held.size > KEPT) this.#held.delete(old);
    }
  }

  /** Starts a training or a load, or joins the one under way. */
  start(spec: NetJob): Job<HeldNet["origin"]> {
    return this.jobs.start(spec);
  }

  /** The training or load of a dataset that is under way. */
  running(dataset: Dataset): Job<unknown> | null {
    for (const { id, state } of this.jobs.list()) {
      const job = state === "running" ? this.jobs.get(id) : null;
      if (job?.key === keyOf(dataset)) return job;
    }
    return null;
  }
}

const labs = new WeakMap<Jobs, NetLab>();

/** The lab of the server that does these jobs. */
export function netLab(jobs: Jobs): NetLab {
  const known = labs.get(jobs);
  if (known) return known;
  const lab = new NetLab(jobs);
  labs.set(jobs, lab);
  return lab;
}

function keyOf(dataset: Dataset): string {
  return `net ${dataset.id}`;
}

/** A training or a load as a job, with the losses as they come. */
export abstract class NetJob implements JobSpec<HeldNet["origin"]> {
  abstract readonly kind: string;
  abstract readonly title: string;
  readonly key: string;
  readonly losses: number[] = [];
  /** Of what is held out; empty where nothing is. */
  readonly heldOutLosses: number[] = [];

  constructor(
    readonly lab: NetLab,
    readonly store: SessionStore,
    readonly dataset: Dataset,
  ) {
    this.key = keyOf(dataset);
  }

  abstract make(options: RunOptions): Promise<HeldNet>;

  async run(options: RunOptions): Promise<HeldNet["origin"]> {
    const held = await this.make(options);
    options.signal?.throwIfAborted();
    this.lab.keep(this.dataset, held);
    return held.origin;
  }

  outcome(origin: HeldNet["origin"]) {
    const held = this.lab.held(this.dataset);
    const called =
      held?.asked.cuts.findLast(({ threshold }) => threshold <= 0.5)?.called ??
        0;
    return {
      text: `${origin === "trained" ? "Trained" : "Loaded"}; ${
        plural(called, held ? unitOf(held.net.featureSet) : "request")
      } called beacons.`,
      href: `/neural-net?${new URLSearchParams({
        dataset: this.dataset.name,
      })}`,
    };
  }

  protected async records(
    featureSet: string,
    options: RunOptions,
  ): Promise<Records> {
    const { store, dataset } = this;
    const set = FEATURE_SETS.find(({ name }) => name === featureSet);
    if (!set) {
      throw new SkerryError(
        `Cannot use the model: its features ${
          visible(featureSet)
        } are not known`,
      );
    }
    return await readRecords({ store, dataset }, set.logType, options);
  }
}

export class Training extends NetJob {
  readonly kind = "train";
  readonly title: string;

  constructor(
    lab: NetLab,
    store: SessionStore,
    dataset: Dataset,
    readonly request: TrainRequest,
  ) {
    super(lab, store, dataset);
    const { hiddenLayerSizes } = request.params;
    this.title = `Train a net of ${hiddenLayerSizes!.join(" and ")} on ${
      visible(dataset.name)
    }, ${request.lab.features}`;
  }

  async make(options: RunOptions): Promise<HeldNet> {
    const { lab, params, labelColumn, texts } = this.request;
    const records = await this.records(lab.features, options);
    const labels = await this.store.labels(this.dataset);
    const training = await trainNet(records, lab.features, params, {
      ...options,
      train: lab.train,
      classify: lab.classify,
      scaler: lab.scaler,
      labelColumn,
      answers: answersOf(labels, [
        ...(lab.useAnswers ? ["analyst" as const] : []),
        ...(lab.useIntel ? ["intel" as const] : []),
      ]),
      onLoss: (loss, heldOut) => {
        this.losses.push(loss);
        if (heldOut !== null) this.heldOutLosses.push(heldOut);
      },
    });
    const metrics = netMetrics(training, this.heldOutLosses);
    return {
      origin: "trained",
      name: null,
      at: Date.now(),
      net: training.net,
      metrics,
      asked: metrics.review,
      ...await listed(records, training, options),
      answers: answersOf(labels, ["analyst"]),
      texts,
    };
  }
}

export class Loading extends NetJob {
  readonly kind = "predict";
  readonly title: string;

  constructor(
    lab: NetLab,
    store: SessionStore,
    dataset: Dataset,
    readonly name: string,
  ) {
    super(lab, store, dataset);
    this.title = `Ask ${visible(name)} about ${visible(dataset.name)}`;
  }

  async make(options: RunOptions): Promise<HeldNet> {
    const { store, dataset, name } = this;
    const kept = await store.model(name, "mlp");
    if (!kept) {
      throw new SkerryError(`Cannot find a net called ${visible(name)}`);
    }
    const net = readModel(kept.model, "mlp", visible(name));
    const records = await this.records(net.featureSet, options);
    options.signal?.throwIfAborted();
    const prediction = await predictWith(net, records, undefined, options);
    return {
      origin: "loaded",
      name,
      at: Date.now(),
      net,
      metrics: metricsIn(kept.model),
      asked: reviewOf(prediction.judged),
      ...await listed(records, prediction, options),
      answers: answersOf(await store.labels(dataset), ["analyst"]),
      texts: null,
    };
  }
}

async function listed(
  records: Records,
  { judged }: { readonly judged: Judged },
  options: RunOptions,
): Promise<Pick<HeldNet, "pairs" | "totalPairs">> {
  const { pairs, total } = await pairHits(records, judged, LISTED, options);
  return {
    pairs: new Map(pairs.map((pair) => [pair.id, pair])),
    totalPairs: total,
  };
}
