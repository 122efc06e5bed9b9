import { expect, test } from 'vitest';
import { safeName, uploadPath } from './path.ts';

test('a name in Portuguese becomes one that Storage takes, and keeps its ending', () => {
	expect(safeName('Comprovação nº 1.pdf')).toBe('Comprovacao n_ 1.pdf');
	expect(safeName('🎂.jpg')).toBe('_.jpg');
	expect(safeName(`${'a'.repeat(300)}.pdf`)).toMatch(/^a{76}\.pdf$/);
});

test('a name leads nowhere but into its own folder', () => {
	expect(uploadPath('t', 'u', 'f', '../../../etc/passwd')).toBe('t/uploads/u/f/.._.._.._etc_passwd');
});
