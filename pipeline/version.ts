/** The release; the same in `--version`, reports and pages. */
export const VERSION = "0.1.0";
