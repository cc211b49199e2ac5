import type { Flows } from "../features/flows.ts";
import type { Reason } from "../finding.ts";
import type { MeasuredPair, Scene } from "./detector.ts";

/**
 * Context: what speaks for or against a pair beside its own rhythm. Each part
 * is one measured fact turned into log-odds; a part that does not apply says
 * nothing.
 */
export type Part = (measured: MeasuredPair, scene: Scene) => Reason | null;

export function reason(
  name: string,
  effect: number,
  text: string,
  value: number | string | null = null,
  unit = "",
): Reason {
  return { name, value, unit, effect, text };
}

/** Whether it calls itself a browser, as everybody's does and implants do. */
export const isBrowser = ({ facts }: MeasuredPair, flows: Flows) =>
  facts.agents.every((agent) =>
    flows.agents.values[agent].startsWith("Mozilla/")
  );

export const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Share of the connections that nobody answered. */
export const failedShare = ({ facts }: MeasuredPair) =>
  facts.failed / Math.max(1, facts.connections);

/** What nobody answered could not tell a name or speak a protocol. */
export const isUnanswered = (measured: MeasuredPair) =>
  measured.facts.failed > 0 &&
  (!measured.facts.answered || failedShare(measured) >= 0.9);

/** The sensor saw no connection begin: what it did not see is not absent. */
export const isMidStream = ({ facts }: MeasuredPair) =>
  facts.midStream >= facts.connections;
