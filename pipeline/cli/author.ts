import type { Flag } from "../mod.ts";
import type { Call } from "./command.ts";

export const BY: Flag = {
  name: "by",
  value: "NAME",
  doc: "who says so (default: USER or USERNAME of the environment)",
};

/** Who speaks; "" where nobody is named. */
export function authorOf({ flags, environment }: Call): string {
  return flags.text("by") || environment.USER || environment.USERNAME || "";
}
