import { expect, test } from 'vitest';
import type { Member } from '../workspace/context.ts';
import { withMember } from './following.ts';

const member = (user_id: string, display_name: string, avatar: string | null = null): Member => ({
	user_id,
	display_name,
	role: 'agent',
	role_id: null,
	deactivated_at: null,
	avatar
});
const ana = member('ana', 'Ana');
const caio = member('caio', 'Caio');

test('a new picture takes the place of the old one, and nobody is there twice', () => {
	const now = withMember([ana, caio], member('ana', 'Ana', 'ana/2.webp'));
	expect(now).toEqual([{ ...ana, avatar: 'ana/2.webp' }, caio]);
});

test('who is new, or has another name, stands where the name belongs', () => {
	expect(withMember([ana, caio], member('bia', 'Bia')).map(({ user_id }) => user_id)).toEqual(['ana', 'bia', 'caio']);
	expect(withMember([ana, caio], member('ana', 'Zoé')).map(({ user_id }) => user_id)).toEqual(['caio', 'ana']);
});

test('no more of a row is kept than what members are known by', () => {
	const row = { ...caio, tenant_id: 't', created_at: 'x' };
	expect(withMember([ana], row)).toEqual([ana, caio]);
});
