// Keeps the status log at the foot of every page up to date. Not an island: a
// page without islands needs no more than this, about 2 kB.
import type { JobView } from "./_job_view.ts";
import { type JobText, jobText, statusLine } from "./_job_text.ts";
import { knock, watchServer } from "./_gone.ts";
import { visible } from "./_visible.ts";

watchServer();

const drawer = document.querySelector<HTMLDetailsElement>("#status");
const list = drawer?.querySelector("ol");
const template = drawer?.querySelector("template");

/** Open only while there is something to tell: browsers allow six per server. */
let events: EventSource | null = null;

function follow(): void {
  if (events) return;
  events = new EventSource("/api/jobs/events");
  // It may only be its end: the next answer tells.
  events.onerror = () => void knock();
  events.addEventListener("jobs", (event) => {
    const jobs: JobView[] = JSON.parse(event.data);
    show(jobs);
    const busy = jobs.some(({ state }) => state === "running");
    if (!busy && !drawer?.open) leave();
  });
}

function leave(): void {
  events?.close();
  events = null;
}

function show(jobs: readonly JobView[]): void {
  if (!drawer || !list || !template) return;
  const line = drawer.querySelector("summary span");
  if (line) line.textContent = visible(statusLine(jobs));
  const busy = jobs.some(({ state }) => state === "running");
  drawer.classList.toggle("busy", busy);
  drawer.querySelector<HTMLElement>(".none")!.hidden = jobs.length > 0;
  // Rows are kept: one that has the focus must not be made anew.
  const known = new Map(
    Array.from(list.children, (row) => [(row as HTMLElement).dataset.id, row]),
  );
  jobs.forEach((job, i) => {
    const row = known.get(String(job.id)) ??
      template.content.firstElementChild!.cloneNode(true) as Element;
    known.delete(String(job.id));
    fill(row as HTMLElement, job);
    if (list.children[i] !== row) list.insertBefore(row, list.children[i]);
  });
  for (const old of known.values()) old.remove();
}

function fill(row: HTMLElement, job: JobView): void {
  row.dataset.id = String(job.id);
  row.className = job.state;
  for (const [name, text] of Object.entries(jobText(job))) {
    const slot = row.querySelector(`[data-slot="${name as keyof JobText}"]`)!;
    if (slot.textContent !== visible(text)) slot.textContent = visible(text);
  }
  const link = row.querySelector("a")!;
  link.hidden = job.href === null;
  if (job.href !== null) link.href = job.href;
  const bar = row.querySelector("progress")!, form = row.querySelector("form")!;
  bar.hidden = form.hidden = job.state !== "running";
  const { done, total } = job.progress ?? {};
  if (total === undefined) bar.removeAttribute("value");
  else [bar.max, bar.value] = [total, done ?? 0];
  form.action = `/api/jobs/${job.id}/cancel`;
  form.querySelector(".sr")!.textContent = visible(job.title);
}

/** Without leaving the page, which the form alone would do. */
function cancel(event: SubmitEvent): void {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const button = form.querySelector("button")!;
  button.disabled = true;
  fetch(form.action, { method: "POST" })
    .catch(() => {}).finally(() => button.disabled = false);
  // The button goes with the job; the focus stays in the drawer.
  drawer?.querySelector("summary")?.focus();
}

list?.addEventListener("submit", cancel);
drawer?.addEventListener("toggle", () => {
  if (drawer.open) follow();
});
if (drawer?.classList.contains("busy")) follow();

// Any part of a page may have started a job: what it has asked of the API is
// seen here, so that none needs to know of the drawer.
new PerformanceObserver((seen) => {
  const asked = seen.getEntries().some(({ name }) =>
    /\/api\/(?!jobs)/.test(new URL(name).pathname)
  );
  if (asked) follow();
}).observe({ type: "resource" });
