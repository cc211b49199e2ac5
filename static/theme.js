// Switches between light and dark, by the button or the key t. The choice is a
// cookie, so that the server's next page comes in the right colours at once.
const button = document.getElementById("theme");

function toggle() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : system;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie =
    `skerry-theme=${root.dataset.theme}; Path=/; SameSite=Strict; Max-Age=31536000`;
}

function typing(target) {
  return target.closest?.("input, select, textarea, [contenteditable]");
}

button?.addEventListener("click", toggle);
document.addEventListener("keydown", (event) => {
  if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  // Settings has a switch: speech input presses keys that nobody meant.
  if (document.cookie.includes("skerry-keys=off")) return;
  if (!typing(event.target)) toggle();
});
