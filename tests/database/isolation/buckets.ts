import { ANSWERERS, FOLLOWERS, type BucketRow } from './matrix.ts';

/** Every storage bucket. Files of messages are read by whoever follows the conversation; uploads are their uploader's alone. */
export const BUCKETS: Record<string, BucketRow> = {
	media: { reads: FOLLOWERS, writes: ANSWERERS }
};
