// The server's half of islands. A component that a file in islands/ exports as
// its default is wrapped in <skerry-island> while a page renders, so a page
// uses it like any other component.
import {
  type ComponentType,
  createContext,
  type FunctionComponent,
  h,
  options,
  type VNode,
} from "preact";
import { useContext } from "preact/hooks";

// Each island has its own props; what they share is that they are JSON.
// deno-lint-ignore no-explicit-any
type AnyComponent = ComponentType<any>;
type Props = Record<string, unknown>;

const names = new Map<unknown, string>();
const InsideIsland = createContext(false);

/** The islands that the page being rendered has used. */
export const Used = createContext<Set<string> | null>(null);

export function registerIslands(
  components: Readonly<Record<string, AnyComponent>>,
): void {
  for (const [name, component] of Object.entries(components)) {
    names.set(component, name);
  }
}

let plain = false;

/** Makes a vnode of the component itself, not of its island. */
function plainly(type: AnyComponent, props: Props): VNode {
  plain = true;
  try {
    return h(type, props);
  } finally {
    plain = false;
  }
}

interface IslandProps {
  readonly name: string;
  readonly of: AnyComponent;
  readonly with: Props;
}

/** An island inside another is part of the outer one: one hydration. */
const Island: FunctionComponent<IslandProps> = (p) => {
  const used = useContext(Used);
  if (useContext(InsideIsland)) return plainly(p.of, p.with);
  if ("children" in p.with) {
    throw new TypeError(
      `Cannot render island ${p.name}: children cannot cross to the browser`,
    );
  }
  used?.add(p.name);
  return h(
    "skerry-island",
    { name: p.name, props: asciiJson(p.with) },
    h(InsideIsland.Provider, { value: true, children: plainly(p.of, p.with) }),
  );
};

/** JSON without a character that could hide or turn the page's source. */
function asciiJson(props: Props): string {
  return JSON.stringify(props).replace(
    /[^ -~]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

const previous = options.vnode;
options.vnode = (vnode) => {
  const name = plain ? undefined : names.get(vnode.type);
  if (name !== undefined) {
    const open = vnode as unknown as { type: unknown; props: unknown };
    open.props = { name, of: open.type, with: open.props };
    open.type = Island;
  }
  previous?.(vnode);
};
