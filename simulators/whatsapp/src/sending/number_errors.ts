/**
 * A number that ends in an error's code meets that error, always: 5511 9 0131026 cannot be delivered to. Codes of six
 * digits stand behind a zero; shorter ones behind `99` and zeros, because ordinary numbers end like that by chance.
 * `later` ones are accepted and reported by webhook, as Meta does with what it only finds out when delivering.
 */
const CODES: readonly { code: number; when: 'call' | 'later' }[] = [
	{ code: 4, when: 'call' },
	{ code: 10, when: 'call' },
	{ code: 190, when: 'call' },
	{ code: 200, when: 'call' },
	{ code: 368, when: 'call' },
	{ code: 80007, when: 'call' },
	{ code: 130429, when: 'call' },
	{ code: 130472, when: 'later' },
	{ code: 131000, when: 'call' },
	{ code: 131016, when: 'call' },
	{ code: 131021, when: 'call' },
	{ code: 131026, when: 'later' },
	{ code: 131031, when: 'call' },
	{ code: 131047, when: 'later' },
	{ code: 131048, when: 'call' },
	{ code: 131049, when: 'later' },
	{ code: 131050, when: 'later' },
	{ code: 131051, when: 'later' },
	{ code: 131052, when: 'later' },
	{ code: 131053, when: 'later' },
	{ code: 131056, when: 'call' },
	{ code: 132000, when: 'call' },
	{ code: 132001, when: 'call' },
	{ code: 132005, when: 'call' },
	{ code: 132007, when: 'call' },
	{ code: 132012, when: 'call' },
	{ code: 132015, when: 'call' },
	{ code: 132016, when: 'call' }
];

export interface NumberError {
	code: number;
	when: 'call' | 'later';
	/** The seven digits a number ends in. */
	ending: string;
}

const ending = (code: number): string =>
	code < 10_000 ? `99${String(code).padStart(5, '0')}` : String(code).padStart(7, '0');

/** Every ending there is. */
export const NUMBER_ERRORS: readonly NumberError[] = CODES.map((one) => ({ ...one, ending: ending(one.code) }));

/** The error that this number meets, or null. */
export function numberError(waId: string | null): NumberError | null {
	return waId === null ? null : (NUMBER_ERRORS.find(({ ending }) => waId.endsWith(ending)) ?? null);
}
