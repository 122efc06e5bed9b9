import { RestError } from '../errors.ts';

/** What a caller prefers, in the order in which answers name it. */
export interface Prefer {
	resolution?: 'merge-duplicates' | 'ignore-duplicates';
	missing?: 'default' | 'null';
	return?: 'representation' | 'headers-only' | 'minimal';
	count?: 'exact' | 'planned' | 'estimated';
	tx?: 'commit' | 'rollback';
	handling?: 'strict' | 'lenient';
	timezone?: string;
	'max-affected'?: number;
}

const CHOICES = new Map<string, readonly string[]>(
	Object.entries({
		resolution: ['merge-duplicates', 'ignore-duplicates'],
		missing: ['default', 'null'],
		return: ['representation', 'headers-only', 'minimal'],
		count: ['exact', 'planned', 'estimated'],
		tx: ['commit', 'rollback'],
		handling: ['strict', 'lenient']
	})
);

/** Reads the Prefer header; of two values for one name the first counts. Under `handling=strict` unknown ones are refused (PGRST122). */
export function parsePrefer(header: string | undefined): Prefer {
	const prefer: Record<string, string | number> = {};
	const invalid: string[] = [];
	for (const part of (header ?? '').split(',').map((text) => text.trim())) {
		if (part === '') continue;
		const [name = '', value = ''] = part.split('=').map((text) => text.trim());
		if (Object.hasOwn(prefer, name)) continue;
		if (CHOICES.get(name)?.includes(value) || (name === 'timezone' && isTimezone(value))) prefer[name] = value;
		else if (name === 'max-affected' && /^\d+$/.test(value)) prefer[name] = Number(value);
		else invalid.push(part);
	}
	if (invalid.length > 0 && prefer['handling'] === 'strict')
		throw new RestError(400, 'PGRST122', 'Invalid preferences given with handling=strict', {
			details: `Invalid preferences: ${invalid.join(', ')}`
		});
	if (prefer['handling'] !== 'strict') delete prefer['max-affected'];
	return prefer as Prefer;
}

/** The Preference-Applied header: those of `names` that were given. */
export function appliedPrefer(prefer: Prefer, names: (keyof Prefer)[]): string | undefined {
	const order: (keyof Prefer)[] = [
		'resolution',
		'missing',
		'return',
		'count',
		'tx',
		'handling',
		'timezone',
		'max-affected'
	];
	const applied = order.filter((name) => names.includes(name) && prefer[name] !== undefined);
	return applied.length > 0 ? applied.map((name) => `${name}=${prefer[name]}`).join(', ') : undefined;
}

function isTimezone(name: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone: name });
		return true;
	} catch {
		return false;
	}
}
