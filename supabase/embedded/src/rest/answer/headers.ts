import type { Answer } from '../answer.ts';
import type { Call } from '../request/call.ts';
import type { Media } from '../request/media.ts';
import { appliedPrefer, type Prefer } from '../request/prefer.ts';

export function contentHeaders(call: Call, media: Media): Record<string, string> {
	return { 'Content-Type': media.contentType, ...profileHeader(call) };
}

export function profileHeader(call: Call): Record<string, string> {
	return call.profiled ? { 'Content-Profile': call.schema } : {};
}

export function applied(prefer: Prefer, names: (keyof Prefer)[]): Record<string, string> {
	const value = appliedPrefer(prefer, names);
	return value === undefined ? {} : { 'Preference-Applied': value };
}

export function allow(methods: string): Answer {
	return { status: 200, headers: { Allow: methods }, body: null };
}
