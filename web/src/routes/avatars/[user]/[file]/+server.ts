import { error } from '@sveltejs/kit';
import { kinds } from '#lib/avatar/kind.ts';
import type { RequestHandler } from './$types';

/**
 * A picture, to whom the bucket's policies show it. The file never changes, so a browser asks once and keeps it: a list of
 * a hundred rows asks for nothing, where signed addresses, which differ from hour to hour, would be fetched again and again.
 */
export const GET: RequestHandler = async ({ params: { user, file }, locals: { supabase } }) => {
	const kind = kinds.find(({ ending }) => file.endsWith(`.${ending}`));
	if (!kind) error(404, { message: 'avatar_not_found' });
	const { data, error: problem } = await supabase.storage.from('avatars').download(`${user}/${file}`);
	if (problem) error(404, { message: 'avatar_not_found' });
	return new Response(data, {
		headers: {
			'content-type': kind.type,
			'content-security-policy': "default-src 'none'",
			'cache-control': 'private, max-age=31536000, immutable'
		}
	});
};
