import { chosenDataset } from "../_chosen.ts";
import { eventStream } from "../_events.ts";
import { HttpError, type RouteContext } from "../_page.ts";

/** Fits a dataset's sessions where that is not done, and tells how far it is. */
export const handler = {
  async GET({ store, url, clusters, signal }: RouteContext): Promise<Response> {
    const dataset = await chosenDataset(store, url);
    if (!dataset || !clusters) {
      throw new HttpError(404, "Cannot compute clusters: there is no dataset");
    }
    return eventStream(clusters.start(dataset).events(), signal);
  },
};
