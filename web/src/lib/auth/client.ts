import type { SupabaseClient } from '@supabase/supabase-js';
import type { Database } from '#lib/database.ts';

/**
 * What queries need of Supabase: rows, functions and channels. The server's supabase-js has it, and so does the
 * browser's own client, which leaves the rest of supabase-js out of the page.
 */
export type Client = Pick<SupabaseClient<Database>, 'from' | 'rpc' | 'channel' | 'removeChannel'>;
