import type { NetField } from "../islands/_net.ts";
import type { FormValues } from "../islands/_param_field.tsx";
import { visible } from "../islands/_visible.ts";
import {
  checkParams,
  FEATURE_SETS,
  LABEL_COLUMNS,
  messageOf,
  MLP_PARAMS,
  type MLPClassifierParams,
  type Params,
  parseParam,
  SCALING_PARAMS,
  SPLIT_PARAMS,
  type ValuesOf,
} from "../pipeline/mod.ts";
import { defaultTexts, paramFields } from "./_param_fields.ts";

const FIRST = "first filled";

/** Where labels and features come from, and who is held out. */
const LAB_PARAMS = {
  features: {
    kind: "choice",
    default: "http-rich",
    values: FEATURE_SETS.map(({ name }) => name),
    doc: "the numbers made of a request, or with session of a connection",
  },
  labelColumn: {
    kind: "choice",
    default: FIRST,
    values: [FIRST, ...LABEL_COLUMNS, "none"],
    doc: "column of the log with the label",
  },
  useAnswers: {
    kind: "boolean",
    default: true,
    doc: "learn from what was confirmed or rejected",
  },
  useIntel: {
    kind: "boolean",
    default: true,
    doc: "learn from labels that came from intel",
  },
  ...SPLIT_PARAMS,
  // Rows of one pair are near copies: parted by pair unless told.
  train: { ...SPLIT_PARAMS.train, default: 0.8 },
  ...SCALING_PARAMS,
} as const satisfies Params;

const FORM: Params = { ...LAB_PARAMS, ...MLP_PARAMS };

/** The fields that are shown at once. */
const MAIN = new Set([
  ...["features", "labelColumn", "useAnswers", "train"],
  ...["hiddenLayerSizes", "activation", "solver", "alpha", "classWeight"],
  ...["maxIter", "randomState"],
]);

export const NET_FIELDS: readonly NetField[] = paramFields(FORM)
  .map((field) => ({ ...field, main: MAIN.has(field.name) }));

const DEFAULTS = defaultTexts(FORM);

/** Three features, 20,000 requests to learn from and 2,000 to classify. */
export const ORIGINAL: FormValues = {
  ...DEFAULTS,
  features: "http",
  train: "20000",
  classify: "2000",
};

/** The form at first: connections where a dataset has no requests. */
export function firstValues(
  records: Readonly<Record<string, number>>,
): FormValues {
  return (records.http ?? 0) > 0
    ? DEFAULTS
    : { ...DEFAULTS, features: "session-rich" };
}

/** What a training is asked to do. */
export interface TrainRequest {
  readonly lab: ValuesOf<typeof LAB_PARAMS>;
  readonly params: MLPClassifierParams;
  /** Null leaves columns unread; undefined takes the first that is filled. */
  readonly labelColumn: string | null | undefined;
  /** As they were given, defaults filled in. */
  readonly texts: FormValues;
}

/**
 * The request of a form, or by field what is wrong with it. A field that is
 * absent has its default.
 */
export function parseTraining(
  form: URLSearchParams,
): { readonly request: TrainRequest } | { readonly fields: FormValues } {
  const values: Record<string, unknown> = {},
    wrong: Record<string, string> = {};
  const texts = { ...DEFAULTS };
  for (const [name, param] of Object.entries(FORM)) {
    // A box that is not ticked sends only the hidden "false" before it.
    const text = form.getAll(name).at(-1);
    if (text === undefined) continue;
    texts[name] = text;
    values[name] = parseParam(param, text);
    try {
      checkParams("train", { [name]: param }, { [name]: values[name] });
    } catch (error) {
      wrong[name] = visible(
        messageOf(error).replace(/^Cannot train: \w+ /, ""),
      );
    }
  }
  if (Object.keys(wrong).length > 0) return { fields: wrong };
  const lab = checkParams("train", LAB_PARAMS, pick(values, LAB_PARAMS));
  return {
    request: {
      lab,
      params: checkParams("train", MLP_PARAMS, pick(values, MLP_PARAMS)),
      labelColumn: lab.labelColumn === FIRST
        ? undefined
        : lab.labelColumn === "none"
        ? null
        : lab.labelColumn,
      texts,
    },
  };
}

function pick<P extends Params>(
  values: Record<string, unknown>,
  params: P,
): { [K in keyof P]?: unknown } {
  return Object.fromEntries(
    Object.keys(params).map((name) => [name, values[name]]),
  ) as { [K in keyof P]?: unknown };
}

/** A script asks for JSON; a form is led back to the page. */
export function answer(
  request: Request,
  dataset: string,
  json: unknown,
): Response {
  if (request.headers.get("accept") === "application/json") {
    return Response.json(json);
  }
  const location = `/neural-net?${new URLSearchParams({ dataset })}`;
  return new Response(null, { status: 303, headers: { location } });
}
