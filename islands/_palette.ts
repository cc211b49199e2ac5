import type { Rgb } from "./_raster.ts";

/** Categories with a colour of their own; later ones are neutral + number. */
export const COLOURS = 8;

/** The class that colours cluster k; the largest is 0. */
export function colourClass(k: number): string {
  return k < COLOURS ? `k${k}` : "kn";
}

/** The palette index of cluster k. */
export function colourOf(k: number): number {
  return Math.min(k, COLOURS);
}

/** The colours of the theme as it is now: COLOURS categories, then neutral. */
export function paletteOf(parent: Element): Rgb[] {
  return Array.from({ length: COLOURS + 1 }, (_, k) => {
    const probe = document.createElement("i");
    probe.className = colourClass(k);
    parent.append(probe);
    const colour = parseRgb(getComputedStyle(probe).backgroundColor);
    probe.remove();
    return colour;
  });
}

/** "rgb(1, 2, 3)" → [1, 2, 3]. */
export function parseRgb(css: string): Rgb {
  const [r = 0, g = 0, b = 0] = (css.match(/[\d.]+/g) ?? []).map(Number);
  return [r, g, b];
}

/** Calls back when the theme changes, by the system or by the button. */
export function onTheme(changed: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  const root = new MutationObserver(changed);
  root.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme"],
  });
  return () => {
    dark.removeEventListener("change", changed);
    root.disconnect();
  };
}
