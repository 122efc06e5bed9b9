import { expect, test } from 'vitest';
import { renderErrorsPage } from './page.ts';

test('the page of errors says what the catalogue says', async () => {
	await expect(renderErrorsPage()).toMatchFileSnapshot('../../../docs/ERRORS.md');
});
