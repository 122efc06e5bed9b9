import type { TableRow } from './matrix.ts';

/** Every view of `public` and `reporting`. */
export const VIEWS: Record<string, TableRow> = {};
