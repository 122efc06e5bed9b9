import type { Identity } from './events.ts';
import { textOf } from './json.ts';
import { phoneKey } from './phone.ts';

/** What a payload calls one person; each may be missing, '' or a number. */
export interface Names {
	phone?: unknown;
	user?: unknown;
	parent?: unknown;
}

const LONGEST = 200; // what contact_identities holds; Meta's are under 140

/** A person's identities in the order phone, BSUID, parent BSUID. A BSUID in the phone's place is taken as what it is. */
export function identitiesOf(names: Names): Identity[] {
	const found: Identity[] = [];
	for (const identity of [
		byPhone(names.phone),
		byUserId('bsuid', names.user),
		byUserId('parent_bsuid', names.parent)
	]) {
		if (identity && !found.some((known) => same(known, identity))) found.push(identity);
	}
	return found;
}

/** Both lists as one, without repeats; the order is kept. */
export function union(one: Identity[], other: Identity[]): Identity[] {
	return [...one, ...other.filter((identity) => !one.some((known) => same(known, identity)))];
}

/** True when the two identities name the same person. */
export function same(one: Identity, other: Identity): boolean {
	return one.kind === other.kind && one.value === other.value;
}

function byPhone(value: unknown): Identity | null {
	const address = textOf(value);
	if (address === null) return null;
	if (/[a-z]/i.test(address)) return byUserId('bsuid', address);
	const key = phoneKey(address);
	return key === null ? null : { kind: 'phone', value: key, address: address.slice(0, LONGEST) };
}

function byUserId(kind: 'bsuid' | 'parent_bsuid', value: unknown): Identity | null {
	const id = textOf(value);
	if (id === null || id.length > LONGEST) return null;
	// parent ids carry ENT after the country: US.ENT.11815799212886844830
	return { kind: /^[A-Z]{2}\.ENT\./.test(id) ? 'parent_bsuid' : kind, value: id, address: id };
}
