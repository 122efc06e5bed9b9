import type { BucketRow } from './matrix.ts';

/** Every storage bucket. Media arrives with a later subject; until then there is none, and no policy that opens one. */
export const BUCKETS: Record<string, BucketRow> = {};
