// Says on any page that the server does not answer, and tries again until it
// does. Not an island: status.js brings it along.

/** Milliseconds between two tries. */
const PACE = 4000;

let banner: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Whoever asks the server tells the page how that went. */
export function tellReached(reached: boolean): void {
  dispatchEvent(new CustomEvent("skerry-reached", { detail: reached }));
}

/** Shows the banner when the server is gone, takes it away when it is back. */
export function watchServer(): void {
  addEventListener("skerry-reached", (event) => {
    if ((event as CustomEvent<boolean>).detail) back();
    else gone();
  });
}

function gone(): void {
  clearTimeout(timer);
  timer = setTimeout(knock, PACE);
  if (banner) return;
  banner = document.createElement("div");
  banner.id = "gone";
  banner.setAttribute("role", "alert");
  const text = document.createElement("p");
  const bold = document.createElement("b");
  bold.textContent = "Skerry does not answer.";
  text.append(
    bold,
    " Is its terminal still open? What is shown stays; what was saved is in the store.",
  );
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", () => void knock());
  banner.append(text, button);
  document.querySelector("main")?.before(banner);
}

function back(): void {
  clearTimeout(timer);
  banner?.remove();
  banner = null;
}

/** Asks for little, to see whether the server answers. */
export async function knock(): Promise<void> {
  const answer = await fetch("/api/jobs").catch(() => null);
  tellReached(answer !== null);
}
