/** Most rows of a block: their cells fit the first cache. */
export const MOST_BLOCK: i32 = 256;
