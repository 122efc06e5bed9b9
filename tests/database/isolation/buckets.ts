import { avatarCells } from './avatar_cells.ts';
import { bucketCells } from './bucket_cells.ts';
import type { Cell } from './cell.ts';
import { ANSWERERS, CANNED, FOLLOWERS } from './matrix.ts';

/**
 * Every storage bucket. Files of messages are read by whoever follows the conversation, those of canned
 * responses by whoever sees the response, uploads are their uploader's alone;
 * pictures of people are seen by those who see the members.
 */
export const BUCKETS: Record<string, (bucket: string) => Cell[]> = {
	media: (bucket) => bucketCells(bucket, { reads: FOLLOWERS, lends: CANNED, writes: ANSWERERS }),
	avatars: avatarCells
};
