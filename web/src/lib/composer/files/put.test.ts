import { expect, test } from 'vitest';
import { codeOf } from '../../errors/code.ts';
import { refusalOf } from './put.ts';

const answer = (statusCode: string) => JSON.stringify({ statusCode, error: 'x', message: 'y' });

test('a file that arrived is no refusal, nor is one that had arrived before', () => {
	expect(refusalOf(200, '')).toBeNull();
	expect(refusalOf(400, answer('409'))).toBeNull();
});

test('what Storage says of a file is told as WhatsApp’s rules are', () => {
	expect(refusalOf(400, answer('413'))).toMatchObject({ message: 'content_invalid', details: 'media_too_large' });
	expect(refusalOf(413, 'not json')).toMatchObject({ details: 'media_too_large' });
	expect(refusalOf(400, answer('415'))).toMatchObject({ details: 'media_type_unsupported' });
});

test('a server in trouble is one to try again, a refusal is not', () => {
	expect(codeOf(refusalOf(503, ''))).toBe('offline');
	expect(codeOf(refusalOf(400, answer('403')))).toBe('not_allowed');
});
