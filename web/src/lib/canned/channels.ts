import type { Database } from '#lib/database.ts';

/** The kinds of channel there are, by their own names. */
const names: Record<Database['public']['Enums']['channel_type'], string> = { whatsapp: 'WhatsApp' };

export const channelTypes: readonly string[] = Object.keys(names);

export const channelName = (type: string): string =>
	Object.hasOwn(names, type) ? names[type as keyof typeof names] : type;

/** A text's letter, by its place. */
export const letterOf = (place: number): string => String.fromCharCode(65 + place);
