/** How the vectors and the results of winograd.ts lie in memory. */

/** Products of a tile, 4 rows of 4. */
export const PRODUCTS = 16;
/** Tiles that are computed together. */
export const TILES = 36;
/** Rows of vectors and results for them: the last group of a product may reach past them. */
export const ROWS = 37;
/** Each product has its input channels 16 at a time, row by row: the rows of a group lie at fixed distances. */
export const CHANNELS_IN = 16;
export const BYTES_IN = 64;
/** And its results 8 at a time. */
export const CHANNELS_OUT = 8;
export const BYTES_OUT = 32;
