import { UsageError } from "../mod.ts";
import type { Call } from "./command.ts";

/**
 * What the first operand asks for, and the call without it; "list" where there
 * is none.
 *
 * @throws UsageError for a verb that there is not.
 */
export function verbOf<T>(
  call: Call,
  command: string,
  verbs: Readonly<Record<string, T>>,
): [T, Call] {
  const [verb = "list", ...operands] = call.flags.operands;
  if (Object.hasOwn(verbs, verb)) {
    return [verbs[verb], { ...call, flags: { ...call.flags, operands } }];
  }
  throw new UsageError(
    `Cannot run ${command}: there is no ${JSON.stringify(verb)}; there are ${
      Object.keys(verbs).join(", ")
    }`,
    { hint: `see   skerry ${command} --help` },
  );
}
