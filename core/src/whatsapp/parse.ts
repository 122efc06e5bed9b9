import { call } from './calls.ts';
import { accountEvent, type Change } from './change.ts';
import { echo } from './echoes.ts';
import type { Event } from './events.ts';
import { history } from './history.ts';
import { stateSync, userIdUpdate } from './identity_change.ts';
import { inbound } from './inbound.ts';
import { instantOf } from './instant.ts';
import { fieldsOf, itemsOf, textOf, type Fields } from './json.ts';
import { contactsOf } from './people.ts';
import { preference } from './preference.ts';
import { status } from './status.ts';
import { storable } from './storable.ts';

type Read = (change: Change, item: unknown) => Event[];

/** What each list in a change's value holds. By key, not by field: Meta moves lists between fields. */
const LISTS: [key: string, read: Read][] = [
	['messages', inbound],
	['message_echoes', echo],
	['statuses', status],
	['history', history],
	['state_sync', stateSync],
	['calls', call],
	['user_preferences', preference],
	['user_id_update', userIdUpdate],
	['errors', (change, item) => [accountEvent(change, 'errors', item)]]
];

const AROUND = new Set(['messaging_product', 'metadata', 'contacts']);

/**
 * Every event in a webhook's body, in the order they stand in it. Total: any JSON value gives a list, never an
 * exception. Nothing is dropped: what is not understood comes as a message of kind `unsupported` or as an account event
 * with the payload in it. Pure: the same body gives the same events, whenever and however often it is delivered.
 */
export function parseWebhook(body: unknown): Event[] {
	const clean = storable(body);
	const entries = fieldsOf(clean)?.entry;
	if (!Array.isArray(entries) || entries.length === 0) return [strange(clean)];
	return entries.flatMap(entryEvents);
}

function entryEvents(item: unknown): Event[] {
	const entry = fieldsOf(item);
	if (!entry || !Array.isArray(entry.changes) || entry.changes.length === 0) return [strange(item)];
	return entry.changes.flatMap((change) => changeEvents(entry, change));
}

function changeEvents(entry: Fields, item: unknown): Event[] {
	const fields = fieldsOf(item);
	const value = fieldsOf(fields?.value);
	const change = frame(entry, textOf(fields?.field) ?? 'unknown', value ?? {});
	if (!value) return [accountEvent(change, change.field, item)];

	const events: Event[] = [];
	const rest: Fields = {};
	for (const key of Object.keys(value)) {
		if (!AROUND.has(key) && !isList(key, value[key])) rest[key] = value[key];
	}
	for (const [key, read] of LISTS) {
		for (const part of itemsOf(value[key])) {
			const read_events = read(change, part);
			events.push(...(read_events.length > 0 ? read_events : [accountEvent(change, change.field, { [key]: [part] })]));
		}
	}
	if (events.length === 0) return [accountEvent(change, change.field, value)];
	if (Object.keys(rest).length > 0) events.push(accountEvent(change, change.field, rest));
	return events;
}

function frame(entry: Fields, field: string, value: Fields): Change {
	const metadata = fieldsOf(value.metadata);
	return {
		place: { phone_number_id: textOf(metadata?.phone_number_id), waba_id: textOf(entry.id) ?? '' },
		field,
		value,
		contacts: contactsOf(value.contacts),
		display: textOf(metadata?.display_phone_number) ?? textOf(value.display_phone_number) ?? '',
		time: instantOf(entry.time)
	};
}

function isList(key: string, value: unknown): boolean {
	return Array.isArray(value) && LISTS.some(([known]) => known === key);
}

/** A body or an entry that is no WhatsApp webhook. */
function strange(item: unknown): Event {
	const fields = fieldsOf(item) ?? {};
	return accountEvent(frame(fields, 'unknown', {}), 'unknown', item);
}
