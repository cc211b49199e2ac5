import { useEffect, useState } from "preact/hooks";
import { bytes, number, percent, plural } from "./_format.ts";
import type { ImportView } from "./_import_view.ts";
import { cancelJob } from "./_follow_job.ts";
import { progressText } from "./_job_text.ts";
import { Meter } from "./_meter.tsx";
import { cut, visible } from "./_visible.ts";

/** One import, live: bytes, records and each file, until it ends. */
export default function ImportProgress({ view }: { view: ImportView }) {
  const [now, setNow] = useState(view);
  const [lost, setLost] = useState(false);
  const { job } = now;
  useEffect(() => {
    if (view.job.state !== "running") return;
    return follow(view.job.id, setNow, setLost);
  }, [view.job.id]);

  const { counts } = now;
  const files = counts.read + counts.reading + counts.waiting;
  return (
    <section
      class="panel"
      aria-labelledby="importing"
      data-state={job.state}
      aria-busy={job.state === "running"}
    >
      <header>
        <h2 id="importing">{titleOf(now)}</h2>
        <span class="small soft">
          {number(counts.read)} of {plural(files, "file")}
          {counts.unchanged > 0
            ? `, ${number(counts.unchanged)} known already`
            : ""}
        </span>
      </header>
      {job.state === "running" ? <Running view={now} /> : <Ended view={now} />}
      {lost
        ? (
          <p class="wrong" role="alert">
            Lost the connection to Skerry; trying again.
          </p>
        )
        : null}
      {job.state === "running" ? <Files view={now} /> : null}
    </section>
  );
}

/** Reloads the page at the end: what the store holds has changed. */
function follow(
  id: number,
  tell: (view: ImportView) => void,
  lost: (yes: boolean) => void,
): () => void {
  const events = new EventSource(`/api/imports/${id}/events`);
  events.addEventListener("import", (event) => {
    const view: ImportView = JSON.parse(event.data);
    lost(false);
    tell(view);
    if (view.job.state === "running") return;
    events.close();
    location.replace(`/datasets?import=${id}`);
  });
  events.onerror = () => lost(true);
  return () => events.close();
}

function titleOf({ job, dataset }: ImportView): string {
  const name = cut(visible(dataset), 120);
  return {
    running: `Importing ${name}`,
    done: `Imported ${name}`,
    failed: `Cannot import ${name}`,
    cancelled: `Cancelled: ${name}`,
  }[job.state];
}

function Running({ view }: { view: ImportView }) {
  const { job, bytes: { done, total }, records, skipped } = view;
  const reading = job.progress === null || total === 0 || done < total;
  const seconds = Math.max(0.1, (Date.now() - job.startedAt) / 1000);
  const [stopping, setStopping] = useState(false);
  const cancel = async () => {
    setStopping(true);
    await cancelJob(job.id).catch(() => {
      setStopping(false);
    });
  };
  return (
    <>
      <Meter share={total === 0 ? 0 : done / total} live />
      <div class="row">
        <span role="status">
          <b>{percent(total === 0 ? 0 : done / total)}</b> of {bytes(total)}
        </span>
        <span>{plural(records, "record")}</span>
        {skipped > 0 ? <span>{plural(skipped, "line")} skipped</span> : null}
        <span class="soft">
          {reading
            ? `${number(records / seconds)} records/s`
            : progressText(view.job.progress)}
        </span>
        <button type="button" disabled={stopping} onClick={cancel}>
          {stopping ? "Stopping" : "Cancel"}
        </button>
      </div>
      <p class="note">
        You can leave or reload this page; the import goes on. {view.stored
          ? "The records are stored; Cancel ends the hunt in them."
          : "After Cancel nothing of it shows, and the next import goes on from here."}
      </p>
    </>
  );
}

function Ended({ view: { job, stored } }: { view: ImportView }) {
  const outcome = visible(job.outcome ?? "");
  if (job.state === "failed") {
    return <p class="wrong" role="alert">{outcome}</p>;
  }
  if (job.state === "cancelled") {
    return (
      <p class="note" role="status">
        {stored
          ? "The records are stored, but nothing was hunted in them yet."
          : "Nothing of it shows. The next import of the same files goes on from here."}
      </p>
    );
  }
  return (
    <p class="good" role="status">
      {outcome}. {job.href ? <a href={job.href}>See the findings</a> : null}
    </p>
  );
}

/** A file's path in the folder that is imported. */
function below({ source }: ImportView, path: string): string {
  return path.startsWith(source + "/") ? path.slice(source.length + 1) : path;
}

const STATES = {
  waiting: "waiting",
  reading: "reading",
  read: "read",
  unchanged: "known already",
} as const;

function Files({ view }: { view: ImportView }) {
  const { files, counts } = view;
  const all = counts.read + counts.reading + counts.waiting + counts.unchanged;
  if (files.length === 0) return null;
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Files">
        <table class="blocks">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">State</th>
              <th scope="col">
                <span class="sr">Progress</span>
              </th>
              <th scope="col" class="num">Records</th>
              <th scope="col" class="num">Lines skipped</th>
              <th scope="col" class="num">Size</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.path} data-file={file.state}>
                <td class="path">
                  {cut(visible(below(view, file.path)), 160)}
                </td>
                <td class="nowrap">{STATES[file.state]}</td>
                <td>
                  <Meter
                    share={file.state === "unchanged"
                      ? 1
                      : file.bytes / Math.max(1, file.size)}
                    live={file.state === "reading"}
                  />
                </td>
                <td class="num" data-k="records">{number(file.records)}</td>
                <td class="num" data-k="skipped">{number(file.skipped)}</td>
                <td class="num">{bytes(file.size)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all > files.length
        ? (
          <p class="note">
            {number(files.length)} of{" "}
            {plural(all, "file")}: those around what is being read.
          </p>
        )
        : null}
    </>
  );
}
