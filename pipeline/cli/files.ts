import { fileProblem, SkerryError } from "../mod.ts";

/** The text of a file that a flag or an operand names. @throws SkerryError. */
export async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new SkerryError(`Cannot read ${path}: ${fileProblem(cause)}`, {
      cause,
    });
  }
}
