import type { ComponentType, FunctionComponent } from "preact";

type Plain = string | number | boolean | null | undefined;
type Lost =
  | ((...args: never[]) => unknown)
  | ArrayBufferView
  | Map<unknown, unknown>
  | Set<unknown>
  | Date;

/**
 * The props that survive the way to the browser: a function, a typed array, a
 * Map or a Date in them becomes `never`.
 */
export type JsonProps<T> = T extends Plain ? T
  : T extends Lost ? never
  : { [K in keyof T]: JsonProps<T[K]> };

/** Does not compile for a component whose props are not JSON. */
export function island<P>(
  component:
    & FunctionComponent<P>
    & (P extends JsonProps<P> ? unknown : never),
): ComponentType<P> {
  return component;
}
