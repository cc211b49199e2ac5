import { useEffect, useRef } from "preact/hooks";
import { preferencesOf } from "./_preferences.ts";

/** Fields in which no letter is typed. */
const NO_TEXT = /^(checkbox|range|radio)$/;

/**
 * Calls `press` for keys that nobody is writing with; it says whether the key
 * was one of its.
 */
export function useKeys(press: (key: string) => boolean): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { key, target, metaKey, ctrlKey, altKey } = event;
      const at = target as HTMLElement;
      if (metaKey || ctrlKey || altKey) return;
      if (document.querySelector("dialog[open]")) return;
      // A field of a dialog that has just closed keeps the focus for a moment.
      const shown = at.checkVisibility?.() ?? true;
      if (shown && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)) {
        if (key === "Escape") at.blur();
        if (!NO_TEXT.test((at as HTMLInputElement).type)) return;
      }
      // Links and buttons have their own Enter.
      if (key === "Enter" && at.closest("a, button, summary")) return;
      // Settings has a switch: speech input presses keys that nobody meant.
      if (key.length === 1 && !preferencesOf(document.cookie).keys) return;
      if (latest.current(key)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
