import { SkerryError } from "../errors.ts";

/** The server wants another password, or one at all. */
export class PasswordNeeded extends SkerryError {}
