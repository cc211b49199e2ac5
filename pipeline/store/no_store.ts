import { SkerryError } from "../errors.ts";

/** What a location names can be reached, but holds no store yet. */
export class NoStore extends SkerryError {}
