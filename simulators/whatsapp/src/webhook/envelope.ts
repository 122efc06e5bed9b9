import type { Business } from '../state/business.ts';

/** One thing Meta has to report about a number. */
export interface Report {
	field: string;
	/** The chat it concerns; things of one chat are sent one after another. */
	chat: string | null;
	/** In a word: `text`, `delivered`. */
	summary: string;
	/** What stands in `value` beside the metadata. */
	value: Record<string, unknown>;
	/** The entry's time in seconds, for what carries none of its own. */
	time?: number;
}

type Value = Record<string, unknown> & { contacts?: unknown[]; messages?: unknown[]; statuses?: unknown[] };

const lists = ['contacts', 'messages', 'statuses'] as const;

/**
 * The webhook body for several reports: one entry an account, one change for messages of the same number that follow one
 * another, as Meta batches them.
 */
export function envelope(reports: readonly { business: Business; report: Report }[]): string {
	const entries = new Map<string, { id: string; time?: number; changes: { value: Value; field: string }[] }>();
	for (const { business, report } of reports) {
		const key = `${business.waba_id}|${report.time ?? ''}`;
		const entry = entries.get(key) ?? {
			id: business.waba_id,
			...(report.time === undefined ? {} : { time: report.time }),
			changes: []
		};
		entries.set(key, entry);
		const { changes } = entry;
		const bare = report.field !== 'messages' && report.value['messaging_product'] === undefined;
		const value: Value = bare
			? report.value
			: {
					messaging_product: 'whatsapp',
					metadata: { display_phone_number: business.display_phone_number, phone_number_id: business.phone_number_id },
					...report.value
				};
		const last = changes.at(-1);
		if (last && joins(last, report.field, value)) append(last.value, value);
		else changes.push({ value: { ...value }, field: report.field });
	}
	return JSON.stringify({
		object: 'whatsapp_business_account',
		entry: [...entries.values()]
	});
}

/** Only message with message and status with status, of the same number: Meta doesn't mix them in one change. */
function joins(last: { value: Value; field: string }, field: string, value: Value): boolean {
	if (field !== 'messages' || last.field !== 'messages') return false;
	const metadata = JSON.stringify(last.value['metadata']) === JSON.stringify(value['metadata']);
	const plain = (one: Value): boolean => (one.messages === undefined) !== (one.statuses === undefined);
	return (
		metadata &&
		plain(last.value) &&
		plain(value) &&
		(last.value.messages === undefined) === (value.messages === undefined)
	);
}

function append(into: Value, value: Value): void {
	for (const list of lists) {
		if (!value[list]) continue;
		const seen = new Set((into[list] ?? []).map((item) => JSON.stringify(item)));
		into[list] = [
			...(into[list] ?? []),
			...value[list].filter((item) => list !== 'contacts' || !seen.has(JSON.stringify(item)))
		];
	}
}
