import type { ContactIdentity } from '../database.ts';
import { phoneText } from '../inbox/said.ts';
import { m } from '../paraglide/messages.js';

const names: Record<ContactIdentity['kind'], () => string> = {
	phone: m.identity_phone,
	bsuid: m.identity_bsuid,
	parent_bsuid: m.identity_parent_bsuid
};

/** What a kind of address is called. */
export function identityName(kind: ContactIdentity['kind']): string {
	return names[kind]();
}

/** An address as people write it. */
export function identityText({ kind, value }: { kind: string; value: string }): string {
	return kind === 'phone' ? phoneText(value) : value;
}
