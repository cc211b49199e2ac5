import type { FeatureMatrix } from "./feature_matrix.ts";
import type { FeatureSet } from "./features/mod.ts";
import { Pacer, type RunOptions } from "./progress.ts";
import type { Records } from "./records.ts";

/**
 * As `featuresOf`, in short steps: row i is record i, in the units that the
 * feature set names.
 *
 * @throws the signal's reason when aborted.
 */
export async function collectFeatures(
  records: Records,
  set: FeatureSet,
  { signal, onProgress }: RunOptions = {},
): Promise<FeatureMatrix> {
  const pacer = new Pacer(signal);
  const collector = set.collect();
  const total = records.length;
  let done = 0;
  for (const batch of records.batches) {
    onProgress?.({ stage: "measuring", done, total, unit: "records" });
    collector.add(batch);
    done += batch.length;
    if (pacer.due) await pacer.rest();
  }
  if (!collector.steps) return collector.finish();
  const steps = collector.steps();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (pacer.due) await pacer.rest();
  }
}
