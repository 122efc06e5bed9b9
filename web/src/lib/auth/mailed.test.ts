import { expect, test } from 'vitest';
import { isMailedElsewhere, readMailed } from './mailed.ts';

test('an invitation link says that the person is new', () => {
	const link = '#access_token=a&refresh_token=r&type=invite';
	expect(readMailed(link)).toEqual({ type: 'tokens', accessToken: 'a', refreshToken: 'r', invited: true });
});

test('a used or old link is told apart from no link', () => {
	expect(readMailed('#error=access_denied&error_code=otp_expired')).toEqual({ type: 'expired' });
	expect(readMailed('')).toBeNull();
	expect(readMailed('#message-12')).toBeNull();
});

test('a mailed link that landed on another page is noticed, so that it can be brought to the right one', () => {
	const hash = '#access_token=a&refresh_token=r&type=recovery';
	expect(isMailedElsewhere({ pathname: '/sign-in', hash })).toBe(true);
	expect(isMailedElsewhere({ pathname: '/reset-password', hash })).toBe(false);
	expect(isMailedElsewhere({ pathname: '/join/0b5d', hash })).toBe(false);
	expect(isMailedElsewhere({ pathname: '/new', hash })).toBe(false);
});
