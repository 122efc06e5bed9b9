import type { CallContent, MediaContent } from '@prosa/core/whatsapp/content.ts';
import { m } from '#lib/paraglide/messages.js';

/** Under a media card: the file's name or type, since the file itself isn't shown yet. */
export function mediaNote({ filename, mime_type }: MediaContent): string {
	const type = mime_type?.split(';')[0]?.split('/')[1]?.toUpperCase();
	return [filename, filename ? null : type, filename ? null : m.media_later()].filter(Boolean).join(' · ');
}

/** Under a call: how it went and how long it took, as far as it is told. */
export function callNote({ status, event, duration_seconds: seconds }: CallContent): string {
	const length =
		seconds === null
			? null
			: seconds < 60
				? m.call_seconds({ seconds })
				: m.call_minutes({ minutes: Math.round(seconds / 60) });
	return [status ?? event, length].filter(Boolean).join(' · ').toLowerCase();
}

/** The answers of a form, in the order they came, without the token WhatsApp adds. */
export function answersOf(response: Record<string, unknown>): [question: string, answer: string][] {
	return Object.entries(response)
		.filter(([question]) => question !== 'flow_token')
		.map(([question, answer]) => [
			question.replaceAll('_', ' '),
			typeof answer === 'string' ? answer : JSON.stringify(answer)
		]);
}
