import { expect, test } from 'vitest';
import { explainFolder, explainPort } from './preflight.ts';

const error = (code: string) => Object.assign(new Error('low-level words'), { code });

test('why a folder cannot hold the data is said in one sentence with the way out', () => {
	expect(explainFolder('/srv/data', error('EROFS'))).toBe(
		'/srv/data lies on a read-only file system and cannot hold the data; set DATA_DIR to a folder that can.'
	);
	expect(explainFolder('/srv/data', error('EACCES'))).toBe(
		'/srv/data cannot be written by this user; change its owner, or set DATA_DIR to a folder that can.'
	);
	expect(explainFolder('/srv/data', error('ENOSPC'))).toBe('The disk that holds /srv/data is full.');
	expect(explainFolder('/srv/data', error('EIO'))).toBe('/srv/data cannot hold the data: low-level words.');
});

test('a port this user may not open is no taken port', () => {
	expect(explainPort('web', 80, 'EACCES')).toBe(
		'This user may not listen on port 80 (the web application); set PORT_WEB to a port above 1023.'
	);
	expect(explainPort('postgres', 54322, 'EADDRINUSE')).toContain('Port 54322, needed for Postgres, is taken');
});
