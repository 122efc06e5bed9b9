import postgres from 'postgres';

const TIMESTAMPTZ = 1184;
const TIMESTAMP = 1114;

/** A pool as GoTrue's role. Moments stay text in RFC 3339, because a JavaScript date would lose their microseconds. */
export function connect(url: string) {
	return postgres(url, {
		max: 10,
		idle_timeout: 30,
		onnotice: () => {},
		connection: { application_name: 'auth', TimeZone: 'UTC' },
		types: {
			moment: {
				to: TIMESTAMPTZ,
				from: [TIMESTAMPTZ, TIMESTAMP],
				serialize: (moment: string) => moment,
				parse: toRfc3339
			}
		}
	});
}

/** The pool; `begin` opens a transaction. */
export type Sql = ReturnType<typeof connect>;

/** The pool or a transaction: whatever can run a query. */
export type Db = postgres.ISql<{ moment: string }>;

/** `2026-01-02 03:04:05.123456+00` as `2026-01-02T03:04:05.123456Z`. */
function toRfc3339(text: string): string {
	return text.replace(' ', 'T').replace(/\+00$/, '').replace(/Z?$/, 'Z');
}
