import { expect, test } from 'vitest';
import { readMedia } from './media.ts';

const stored = {
	status: 'stored',
	path: 'tenant/file.ogg',
	mime_type: 'audio/ogg',
	size: 4_096,
	duration_seconds: 2.5,
	waveform: [0, 50, 100]
};

test('what is not known of a file reads as null', () => {
	expect(readMedia(stored)).toEqual({
		...stored,
		thumbnail: null,
		width: null,
		height: null,
		sha256: null,
		filename: null,
		animated: null,
		error: null
	});
});

test('why a file is not there comes with it', () => {
	const error = { code: 'media_expired', title: 'gone' };
	expect(readMedia({ status: 'failed', error })).toMatchObject({ status: 'failed', path: null, error });
});

test.each([
	['no file', null],
	['a state nobody knows', { ...stored, status: 'frozen' }],
	['a size below nothing', { ...stored, size: -1 }],
	['half a pixel', { ...stored, width: 0.5 }],
	['a path that is none', { ...stored, path: 7 }],
	['a wave out of its bounds', { ...stored, waveform: [101] }],
	['an error without a code', { status: 'failed', error: { title: 'x' } }]
])('%s reads as none', (_, media) => expect(readMedia(media)).toBeNull());
