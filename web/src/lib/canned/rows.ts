import type { Variant } from '@prosa/core/canned/choose.ts';
import type { StoredFile } from '../composer/files/lent.svelte.ts';
import type { Database } from '../database.ts';

type Row = Database['public']['Tables']['canned_responses']['Row'];

export type Scope = 'shared' | 'team' | 'private';

/** A canned response with the texts and files that are published. */
export interface CannedResponse extends Omit<Row, 'scope'> {
	scope: Scope;
	variants: Variant[];
	files: StoredFile[];
}

/** How often somebody used a response, and when last. */
export interface Use {
	uses: number;
	last_used_at: string;
}
