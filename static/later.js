// The only script that a page names: the others are fetched when the server's
// markup has been shown, so that none of them holds the first paint up.
const script = document.querySelector("script[data-later]");

function painted() {
  // No frame comes in a tab that is not looked at.
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

await painted();
for (const src of script.dataset.later.split(" ")) import(src);
