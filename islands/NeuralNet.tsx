import { useRef, useState } from "preact/hooks";
import { plural } from "./_format.ts";
import type { JobView } from "./_job_view.ts";
import type {
  Answer,
  Decided,
  NetField,
  NetView,
  PairRow,
  Saved,
  SavedNet,
} from "./_net.ts";
import type { FormValues } from "./_param_field.tsx";
import { messageOf, postForm, Refusal } from "./_request.ts";
import { CurvePanel, LossPanel } from "./_net_charts.tsx";
import { thresholdAt } from "./_net_cuts.ts";
import { ModelPanel } from "./_net_form.tsx";
import { PairsPanel } from "./_net_pairs.tsx";
import { SavedPanel } from "./_net_saved.tsx";
import { ConfusionPanel, ThresholdPanel } from "./_net_threshold.tsx";
import { useNetJob } from "./_net_job.ts";

interface Props {
  readonly dataset: string;
  readonly fields: readonly NetField[];
  readonly values: FormValues;
  /** The settings of the original tool. */
  readonly original: FormValues;
  readonly saved: readonly SavedNet[];
  readonly freeName: string;
  /** Null while no net is trained or loaded. */
  readonly view: NetView | null;
  /** The training or load that is under way. */
  readonly job: JobView | null;
}

/** What was decided last, to say it and to undo it. */
interface Done {
  readonly text: string;
  readonly pair: PairRow;
  readonly before: Answer | null;
}

/** Train or load a net, judge it, decide on what it calls beacons, retrain. */
export default function NeuralNet(p: Props) {
  const { dataset } = p;
  const [view, setView] = useState(p.view);
  const [saved, setSaved] = useState({ nets: p.saved, free: p.freeName });
  const [step, setStep] = useState(0);
  const threshold = thresholdAt(step);
  const [compared, setCompared] = useState<ReadonlySet<string>>(new Set());
  const [wrong, setWrong] = useState<FormValues>({});
  const [savedError, setSavedError] = useState<string | null>(null);
  const [decided, setDecided] = useState<readonly Done[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  // What this page has said: a view that was under way meanwhile misses it.
  const said = useRef(new Map<string, Answer | null>());
  const net = useNetJob(p.job, dataset, (next) => {
    setView([...said.current].reduce(withAnswer, next));
    setDecided([]);
  });
  const busy = net.state.at === "running";

  const of = new URLSearchParams({ dataset });
  const train = (form: HTMLFormElement) => {
    const fields = new URLSearchParams();
    new FormData(form).forEach((value, name) =>
      fields.append(name, String(value))
    );
    setWrong({});
    postForm<JobView>(`/api/net/train?${of}`, fields).then(
      net.follow,
      (e) => {
        if (e instanceof Refusal) setWrong(e.fields);
        net.fail(messageOf(e));
      },
    );
  };
  const load = (name: string) => {
    postForm<JobView>(`/api/net/load?${of}`, new URLSearchParams({ name }))
      .then(net.follow, (e) => net.fail(messageOf(e)));
  };
  const keep = (path: string, body: URLSearchParams | FormData) => {
    setSavedError(null);
    postForm<Saved>(`${path}?${of}`, body).then(({ name, saved, free }) => {
      setSaved({ nets: saved, free });
      if (path === "/api/net/save") setView((v) => v && { ...v, name });
    }, (e) => setSavedError(messageOf(e)));
  };

  const decide = async (pair: PairRow, answer: Answer | null) => {
    const fields = { pair: pair.id, answer: answer ?? "none" };
    const { sessions } = await postForm<Decided>(
      `/api/net/decide?${of}`,
      new URLSearchParams(fields),
    );
    said.current.set(pair.id, answer);
    setView((v) => v && withAnswer(v, [pair.id, answer]));
    setFailure(null);
    return sessions;
  };
  const fail = (e: unknown) => setFailure(messageOf(e));
  const onDecide = (pair: PairRow, answer: Answer | null) =>
    void decide(pair, answer).then((sessions) => {
      const text = `${VERBS[answer ?? "none"]} ${pair.src} → ${pair.dst}: ${
        plural(sessions, "session")
      }.`;
      setDecided((all) => [...all, { text, pair, before: pair.answer }]);
    }, fail);
  const undo = () => {
    const last = decided.at(-1);
    if (!last) return;
    // The net may have forgotten it since; then nothing is undone.
    void decide(last.pair, last.before).then(
      () => setDecided((all) => all.slice(0, -1)),
      fail,
    );
  };

  const savedPanel = (
    <SavedPanel
      dataset={dataset}
      saved={saved.nets}
      view={view}
      freeName={saved.free}
      compared={compared}
      error={savedError}
      busy={busy}
      onCompare={(name, on) =>
        setCompared((all) => {
          const next = new Set(all);
          if (on) next.add(name);
          else next.delete(name);
          return next;
        })}
      onSave={(name) => keep("/api/net/save", new URLSearchParams({ name }))}
      onLoad={load}
      onImport={(of) => keep("/api/net/import", new FormData(of))}
    />
  );

  return (
    <>
      <div class="grid net">
        <ModelPanel
          dataset={dataset}
          fields={p.fields}
          values={p.values}
          original={p.original}
          saved={saved.nets}
          state={net.state}
          wrong={wrong}
          form={form}
          onTrain={train}
          onLoad={load}
          onCancel={net.cancel}
          onWrong={(name, error) =>
            setWrong(({ [name]: _, ...rest }) =>
              error === undefined ? rest : { ...rest, [name]: error }
            )}
        />
        <LossPanel
          values={busy ? net.curve.losses : view?.lossCurve ?? []}
          heldOut={busy ? net.curve.heldOutLosses : view?.heldOutCurve ?? []}
          nIter={busy
            ? net.curve.iterations
            : view?.metrics?.nIter ?? view?.lossCurve.length ?? 0}
          live={busy}
          compared={saved.nets.filter(({ name }) => compared.has(name))}
        />
        <CurvePanel
          heldOut={view?.heldOut ?? null}
          unit={view?.unit ?? "request"}
          threshold={threshold}
          averagePrecision={view?.metrics?.scores?.averagePrecision ?? null}
        />
        {view
          ? (
            <>
              <ThresholdPanel
                view={view}
                step={step}
                onChange={setStep}
              />
              <ConfusionPanel view={view} threshold={threshold} />
              {savedPanel}
              <PairsPanel
                dataset={dataset}
                view={view}
                threshold={threshold}
                busy={busy}
                onDecide={onDecide}
                onUndo={undo}
                onRetrain={() => form.current && train(form.current)}
              />
            </>
          )
          : (
            <>
              <NoNet />
              {savedPanel}
            </>
          )}
      </div>
      <Toast done={decided.at(-1)} failure={failure} onUndo={undo} />
    </>
  );
}

const VERBS = {
  beacon: "Confirmed",
  benign: "Rejected",
  none: "Took back what was said of",
} as const;

function withAnswer(
  view: NetView,
  [id, answer]: readonly [pair: string, answer: Answer | null],
): NetView {
  return {
    ...view,
    pairs: view.pairs.map((pair) =>
      pair.id === id ? { ...pair, answer } : pair
    ),
  };
}

function NoNet() {
  return (
    <section class="panel w9">
      <h2>No net yet</h2>
      <p class="read">
        Train one on what the labels of this dataset say, or load a saved one.
        It then lists the pairs that it calls beacons, for you to confirm or
        reject; the next training learns from that.
      </p>
    </section>
  );
}

function Toast(
  { done, failure, onUndo }: {
    done: Done | undefined;
    failure: string | null;
    onUndo: () => void;
  },
) {
  return (
    <div class={done || failure ? "toast" : "toast none"} role="status">
      {failure !== null ? <span>{failure}</span> : done
        ? (
          <>
            <span>{done.text}</span>
            <button type="button" id="undo" onClick={onUndo}>Undo</button>
            <kbd>u</kbd>
          </>
        )
        : null}
    </div>
  );
}
