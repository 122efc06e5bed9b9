import type { Session } from '#lib/auth/session.svelte.ts';

const bySession = new WeakMap<Session, Map<string, Promise<unknown>>>();

/** How a template is written, as Meta has it; null when it isn't known here. Asked once a page for each. */
export function templateDefinition(
	session: Session,
	tenantId: string,
	{ name, language, template_id: id }: { name: string; language: string; template_id?: unknown }
): Promise<unknown> {
	const known = bySession.get(session) ?? new Map<string, Promise<unknown>>();
	bySession.set(session, known);
	const key = `${tenantId} ${typeof id === 'string' ? id : `${name} ${language}`}`;
	const asked = known.get(key) ?? ask();
	known.set(key, asked);
	return asked;

	async function ask(): Promise<unknown> {
		let query = session.client.from('templates').select('components').eq('tenant_id', tenantId);
		query = typeof id === 'string' ? query.eq('id', id) : query.eq('name', name).eq('language', language);
		const { data, error } = await query.limit(1).maybeSingle();
		if (error) known.delete(key);
		return data?.components ?? null;
	}
}
