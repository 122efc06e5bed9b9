import { error, json } from '@sveltejs/kit';
import { kindOf } from '#lib/avatar/kind.ts';
import { maxBytes } from '#lib/avatar/square.ts';
import type { Client } from '#lib/auth/server.ts';
import type { RequestHandler } from './$types';

/** Every file of one's own but the one that is shown: the one before, and what a page that was closed left behind. */
async function clear(supabase: Client, userId: string, shown: string | null): Promise<void> {
	const bucket = supabase.storage.from('avatars');
	const { data } = await bucket.list(userId);
	const gone = (data ?? []).map(({ name }) => `${userId}/${name}`).filter((path) => path !== shown);
	if (gone.length > 0) await bucket.remove(gone);
}

/** Takes a picture as the person's own. The policies of the bucket decide whether it may lie there. */
export const PUT: RequestHandler = async ({ request, locals: { supabase, person } }) => {
	if (!person) error(401, { message: 'not_signed_in' });
	const bytes = new Uint8Array(await request.arrayBuffer());
	const kind = kindOf(bytes);
	if (!kind || bytes.length > maxBytes) error(422, { message: 'avatar_not_found' });
	const path = `${person.id}/${crypto.randomUUID()}.${kind.ending}`;
	const upload = () =>
		supabase.storage.from('avatars').upload(path, bytes, { contentType: kind.type, cacheControl: '31536000' });
	let { error: problem } = await upload();
	if (problem) {
		// No room: nothing was cleared the last times.
		const { data: row } = await supabase.from('memberships').select('avatar').eq('user_id', person.id).limit(1);
		await clear(supabase, person.id, row?.[0]?.avatar ?? null);
		({ error: problem } = await upload());
	}
	if (problem) error(503, { message: 'avatar_not_found' });
	const { error: refused } = await supabase.rpc('set_my_avatar', { path });
	if (refused) error(422, { message: refused.message });
	await clear(supabase, person.id, path);
	return json({ avatar: path });
};

export const DELETE: RequestHandler = async ({ locals: { supabase, person } }) => {
	if (!person) error(401, { message: 'not_signed_in' });
	const { error: refused } = await supabase.rpc('set_my_avatar', { path: null });
	if (refused) error(422, { message: refused.message });
	await clear(supabase, person.id, null);
	return json({ avatar: null });
};
