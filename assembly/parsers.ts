// Everything the host may call of the log parsers, a module of its own;
// pipeline/parser_kernels.ts types it.

export { alloc, mark, reset } from "./memory";
export {
  countOfLines, endOfLine, indexText, reserveIndex,
} from "./lines";
export {
  clearDictionary, dictionaryBytes, dictionaryEnds, dictionaryIsWide,
  dictionarySize, intern, newDictionary, seedHash,
} from "./dictionary";
export {
  firstTs, lastTs, nextLine, nextStart, rowsMade, stoppedAt,
} from "./results";
export { parseTsv, planCell, planTsv } from "./tsv";
export { reserveScratch } from "./tsv_texts";
export { parseJson, planField, planJson, planKey } from "./json";
