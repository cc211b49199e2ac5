/**
 * How each part of a score is computed, in words; log-odds throughout. The
 * detectors hold the formulas (pipeline/detectors), under the same names.
 */
export const REASON_WORDS: Readonly<Record<string, string>> = {
  timing:
    "up to 4: how little the waits scatter around the period (0 to 1), times a gate that opens as chance falls from 1 in 10 to 1 in 100",
  persistence:
    "1.5 × share of fifty parts of the window with a contact; a quarter of it where another repetition is stronger",
  strobe:
    "2.2 × how far the contacts exceed 200 in all, or 100 at more than one in three seconds, on a log scale",
  failing:
    "2.8 × log of the failed attempts × log of the minutes they go on, less where the source fails at many places",
  unanswered: "−1.2; −3 where it comes in from outside",
  size:
    "2 × (share of contacts of one size within 5 % − 0.4) × how steady the rhythm is",
  duration: "by how long the longest connection lasted, on a log scale",
  prior: "the same for every pair: most repeated traffic is benign",
  plain:
    "what rhythm and rarity alone add beyond medium, taken off where nothing else is strange",
  prevalence:
    "by the share of the internal hosts that contact it: rare speaks for, common against; 0 with too few hosts",
  fleet:
    "−log₂ of half the hosts that contact it at the same pace, or of half the domains that the source does, down to −3; less what prevalence takes off already",
  "first-seen":
    "0.4 where it is new after 7 days of history, −0.3 where it was there from the start",
  breadth:
    "−0.7 × log₂ of how many names or addresses of the same owner are contacted, down to −2.5; 0.3 where it is the only one",
  scanner: "−2 where the source tries many ports of the host; −3 from outside",
  crowd: "less with each outside source that contacts the service as regularly",
  name:
    "1.3 for an address in place of a name; −0.6 where a name is known; up to 0.9 without any, by the share of traffic that has names",
  "hidden-name":
    "1.2 where certificate or Host and the TLS name disagree; 0.4 for ECH; up to 0.6 where nobody looked the name up",
  "missing-host": "1.2 where most requests have no Host header",
  certificate:
    "1.2 self-signed, 1.6 without a server name too; 0.8 for TLS without a name; −0.3 where it bears the name",
  ja3:
    "0.6 where the source shows the fingerprint nowhere else and fewer than three sources have it, −0.5 where widely",
  "user-agent":
    "1 where nobody else uses it, 0.7 blank; less with the log₂ of the hosts that use it, down to −2.5",
  method: "0.6 where most requests are POST",
  referrer: "0.2 where no request follows a link, −1 where many do",
  content: "−0.8 where most answers are images",
  asymmetry: "by the log of sent ÷ received",
  chatter:
    "−4 for UDP ports that announce and poll by themselves, −1 towards outside",
  resolver:
    "−4 for name resolution on port 53, −2.5 over TLS, −0.5 over HTTPS; 0.7 for port 53 without DNS; −1 over TCP where no dns log can tell",
  empty: "−2 where four of five connections carry no data",
  direction:
    "−1.5 where it comes in from outside, −0.5 where it stays, −3 where both ends are outside",
  internal:
    "−4 for directory and file services inside, −2 between neighbours, ±0.3 between networks",
  port:
    "1.2 for a port of no common service, 0.5 for HTTP or TLS on an unusual one, up to 0.7 for a web port without either",
  class:
    "what a known benign kind of traffic takes off, no further than its cap allows",
  related: "added where a strange finding has the same ends",
  volume: "3.5 × log of the bytes that the names can carry out, from 0 to 1",
  "label-length": "1.4 × (mean characters before the domain − 15) ÷ 35, 0 to 1",
  "fresh-names": "(share of look-ups with a new name − 0.3) ÷ 0.5, 0 to 1",
  "query-type": "1.6 × share of types that carry data (TXT, NULL, …)",
  answers: "(bytes of an answer that are no address − 30) ÷ 100, 0 to 1",
  contacted:
    "−3 × share of the answered addresses that are then contacted; up to 0.5 where none is",
  refused: "−1.5 × how far the names that do not exist exceed 80 %",
  verdicts: "−1.2 × share of answers in 127.0.0.0/8",
  forwards: "−0.5 where the source resolves names for others",
};
