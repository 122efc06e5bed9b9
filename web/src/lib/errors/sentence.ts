import { sentence } from '@prosa/core/errors/catalogue.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { codeOf } from './code.ts';

/** What to tell a person about an error code: the catalogue's sentence, or ours when nobody could be reached. */
export function sentenceOf(code: string): string {
	return code === 'offline' ? m.error_offline() : sentence(code, getLocale());
}

/** What to tell a person about something thrown. */
export function tell(problem: unknown): string {
	return sentenceOf(codeOf(problem));
}
