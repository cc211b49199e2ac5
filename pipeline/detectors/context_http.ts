import { clamp } from "../features/distributions.ts";
import { isBrowser, type Part, percent, reason } from "./context_part.ts";

const userAgent: Part = (measured, { around, flows }) => {
  const { pair, facts } = measured;
  if (facts.requests === 0 || pair.group) return null;
  if (facts.blankAgents > 0.5) {
    return reason(
      "user-agent",
      0.7,
      "the user agent is blank",
      facts.blankAgents,
      "share",
    );
  }
  const uses = facts.agents.map((agent) => around.agent(pair.src, agent));
  if (uses.length === 0) return null;
  if (uses.every((u) => u.sources === 1 && u.names === 1)) {
    return reason(
      "user-agent",
      1,
      "its user agent is used by nobody else and for nothing else",
    );
  }
  const sources = Math.max(...uses.map((u) => u.sources));
  const widest = Math.max(...uses.map((u) => u.names));
  if (sources >= 3) {
    // Everybody has a browser, and implants call themselves one.
    return reason(
      "user-agent",
      isBrowser(measured, flows) ? -0.3 : -Math.min(2.5, Math.log2(sources)),
      `${sources} hosts use this user agent`,
      sources,
      "hosts",
    );
  }
  return widest >= 4
    ? reason(
      "user-agent",
      -0.3,
      `the source uses this user agent for ${widest} destinations`,
      widest,
      "destinations",
    )
    : null;
};

const posts: Part = ({ facts }) =>
  facts.posts > 0.5
    ? reason(
      "method",
      0.6,
      `${percent(facts.posts)} of the requests are POST`,
      facts.posts,
      "share",
    )
    : null;

const browsing: Part = ({ facts }) => {
  if (facts.requests === 0) return null;
  if (facts.referrers > 0.3) {
    return reason(
      "referrer",
      -1,
      `${percent(facts.referrers)} of the requests follow a link`,
      facts.referrers,
      "share",
    );
  }
  return reason(
    "referrer",
    0.2,
    "the requests follow no link",
    facts.referrers,
    "share",
  );
};

const images: Part = ({ facts }) =>
  facts.images > 0.3
    ? reason(
      "content",
      -0.8,
      `${percent(facts.images)} of the answers are images`,
      facts.images,
      "share",
    )
    : null;

/** A channel that stays open brings tools: what it receives weighs less. */
const asymmetry: Part = ({ facts }) => {
  if (facts.up + facts.down === 0 || !facts.answered) return null;
  const ratio = (facts.up + 100) / (facts.down + 100);
  const least = facts.longest >= 300 ? -0.4 : -1;
  const effect = clamp(0.6 * Math.log10(ratio), least, 0.6);
  if (Math.abs(effect) < 0.05) return null;
  return reason(
    "asymmetry",
    effect,
    effect > 0 ? "more is sent than received" : "more is received than sent",
    ratio,
    "sent/received",
  );
};

export const HTTP_PARTS: readonly Part[] = [
  userAgent,
  posts,
  browsing,
  images,
  asymmetry,
];
