// How a field is read; pipeline/parser_kernels.ts has the same list.
export const TIME: i32 = 0;
export const REAL: i32 = 1;
export const WHOLE: i32 = 2;
export const PORT: i32 = 3;
export const TEXT: i32 = 4;
export const ADDRESS: i32 = 5;
export const BOOL: i32 = 6;
export const LIST: i32 = 7;
export const REALS: i32 = 8;
/** Read by the host. */
export const FOREIGN: i32 = 9;
