/** Draws surrogates off the main thread (see surrogate_helpers.ts). */
import { doNext, type SurrogatePlan } from "./surrogates.ts";

const scope = self as unknown as {
  postMessage(message: "done"): void;
  onmessage: (event: MessageEvent<SurrogatePlan>) => void;
};

if (typeof Window === "undefined") {
  scope.onmessage = ({ data }) => {
    while (doNext(data));
    scope.postMessage("done");
  };
}
