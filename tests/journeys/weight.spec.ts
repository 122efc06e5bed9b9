import { firstLoad } from './first_load.ts';
import { expect, test } from './journey.ts';

/** Bytes of JavaScript, compressed: what somebody on a telephone waits for, as promised. This only goes down. */
const MOST = 170_000;

test('the inbox can be used after no more JavaScript than was promised', async ({ inboxOf }) => {
	const ana = await inboxOf('ana');
	const page = await ana.page.context().newPage();
	const { scriptBytes, scripts, encodings } = await firstLoad(page, '/padaria/inbox');
	test.info().annotations.push({ type: 'weight', description: `${scriptBytes} bytes in ${scripts} files` });
	console.log(`inbox: ${scriptBytes} bytes of JavaScript in ${scripts} files (${encodings.join(', ')})`);
	expect(scripts).toBeGreaterThan(5);
	expect(encodings, 'sent compressed').toEqual(['br']);
	expect(scriptBytes).toBeLessThanOrEqual(MOST);
});
