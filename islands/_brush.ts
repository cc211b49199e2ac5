import { select, type Selection } from "d3-selection";

/** A box in pixels of the plot's inner area. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Pixels that an arrow key moves or sizes the box by. */
const STEP = 12;

/** A drag shorter than this is a click. */
const CLICK = 4;

/**
 * A box over a plot: dragged by the pointer, or set by the keyboard, where `b`
 * opens one, arrows move it, Shift and arrows size it, Enter takes it and Esc
 * takes it away.
 */
export class Brush {
  /** Called when a box is taken, or with null when it is taken away. */
  onTake: (box: Box | null) => void = () => {};
  /** Called with a point that was clicked, in pixels of the inner area. */
  onClick: (x: number, y: number) => void = () => {};

  readonly #rect: Selection<SVGRectElement, unknown, null, undefined>;
  #box: Box | null = null;
  #from: { readonly x: number; readonly y: number } | null = null;

  /** @param inner size of the plot's inner area and where it begins. */
  constructor(
    readonly svg: SVGSVGElement,
    readonly inner: () => { w: number; h: number; left: number; top: number },
  ) {
    this.#rect = select(svg).append("rect").attr("class", "brush")
      .attr("visibility", "hidden");
    svg.addEventListener("pointerdown", this.#down);
    svg.addEventListener("pointermove", this.#move);
    svg.addEventListener("pointerup", this.#up);
    svg.addEventListener("pointercancel", () => this.#from = null);
  }

  get box(): Box | null {
    return this.#box;
  }

  /** Whether a pointer draws one now. */
  get active(): boolean {
    return this.#from !== null;
  }

  clear(): void {
    if (this.#box === null) return;
    this.#set(null);
    this.onTake(null);
  }

  /** Takes it off the picture without a word: what it was of is gone. */
  forget(): void {
    this.#set(null);
  }

  /** @returns whether the key was for the box. */
  key(event: KeyboardEvent): boolean {
    const { w, h } = this.inner();
    if (event.key === "b") {
      this.#set({ x0: w * 0.4, y0: h * 0.4, x1: w * 0.6, y1: h * 0.6 });
      return true;
    }
    if (this.#box === null) return false;
    if (event.key === "Escape") this.clear();
    else if (event.key === "Enter") this.onTake(this.#box);
    else {
      const by = ARROWS[event.key];
      if (!by) return false;
      this.#set(moved(this.#box, by, event.shiftKey, w, h));
    }
    return true;
  }

  #set(box: Box | null): void {
    this.#box = box;
    const { left, top } = this.inner();
    this.#rect.raise().attr("visibility", box ? "visible" : "hidden");
    if (!box) return;
    this.#rect.attr("x", left + box.x0).attr("y", top + box.y0)
      .attr("width", box.x1 - box.x0).attr("height", box.y1 - box.y0);
  }

  /** Where a pointer is in the inner area, never outside it. */
  #at(event: PointerEvent): { x: number; y: number } {
    const bounds = this.svg.getBoundingClientRect();
    const { w, h, left, top } = this.inner();
    return {
      x: clamp(event.clientX - bounds.left - left, 0, w),
      y: clamp(event.clientY - bounds.top - top, 0, h),
    };
  }

  readonly #down = (event: PointerEvent): void => {
    const plain = event.button === 0 && !event.shiftKey && !event.ctrlKey;
    if (!plain || event.pointerType === "touch") return;
    this.#from = this.#at(event);
    this.svg.setPointerCapture(event.pointerId);
  };

  readonly #move = (event: PointerEvent): void => {
    if (!this.#from) return;
    const box = between(this.#from, this.#at(event));
    if (!isClick(box)) this.#set(box);
  };

  readonly #up = (event: PointerEvent): void => {
    if (!this.#from) return;
    const at = this.#at(event), box = between(this.#from, at);
    this.#from = null;
    if (isClick(box)) return this.onClick(at.x, at.y);
    this.#set(box);
    this.onTake(box);
  };
}

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** Moved, or with its far corner moved, inside an area of w × h. */
export function moved(
  box: Box,
  [dx, dy]: readonly [number, number],
  size: boolean,
  w: number,
  h: number,
): Box {
  if (size) {
    return {
      ...box,
      x1: clamp(box.x1 + dx, box.x0 + STEP, w),
      y1: clamp(box.y1 + dy, box.y0 + STEP, h),
    };
  }
  const x0 = clamp(box.x0 + dx, 0, w - (box.x1 - box.x0));
  const y0 = clamp(box.y0 + dy, 0, h - (box.y1 - box.y0));
  return { x0, y0, x1: x0 + box.x1 - box.x0, y1: y0 + box.y1 - box.y0 };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function between(a: Place, b: Place): Box {
  return {
    x0: Math.min(a.x, b.x),
    y0: Math.min(a.y, b.y),
    x1: Math.max(a.x, b.x),
    y1: Math.max(a.y, b.y),
  };
}

function isClick({ x0, y0, x1, y1 }: Box): boolean {
  return x1 - x0 < CLICK && y1 - y0 < CLICK;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
