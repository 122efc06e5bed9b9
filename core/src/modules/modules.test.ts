import { describe, expect, test } from 'vitest';
import { LOCALES } from '../locale.ts';
import { Address, under } from './address.ts';
import { isAsked } from './form.ts';
import { headersOf, Http, isSecretHeader } from './http.ts';
import { fieldsOf, MODULE_IDS, MODULES, readForm } from './modules.ts';

const none = new Set<string>();

describe('forms made of schemas', () => {
	test.each(MODULE_IDS)('every field of %s has its words in every language', (id) => {
		for (const { name, label, help, choices } of fieldsOf(id)) {
			for (const locale of LOCALES) {
				expect(label[locale], name).not.toBe('');
				if (help) expect(help[locale], name).toMatch(/\.$/);
				for (const choice of choices) expect(choice.label[locale], choice.value).not.toBe('');
			}
		}
		for (const locale of LOCALES) expect(MODULES[id].text[locale]).toMatch(/\.$/);
	});

	test('bounds, defaults and what is needed come from the schema', () => {
		const [url, token, app, seconds, unblock] = fieldsOf('sgp');
		expect(url).toMatchObject({ name: 'url', kind: 'url', required: true, longest: 500, initial: '' });
		expect(token).toMatchObject({ kind: 'secret', required: true });
		expect(app).toMatchObject({ kind: 'text', longest: 80 });
		expect(seconds).toMatchObject({ kind: 'number', required: false, initial: 8, least: 1, most: 15 });
		expect(unblock).toMatchObject({ kind: 'switch', initial: true });
		const auth = fieldsOf('http').find(({ name }) => name === 'auth');
		expect(auth?.choices.map(({ value }) => value)).toEqual(['none', 'bearer', 'basic', 'header']);
	});

	test('a schema that serves several fields has the words of each', () => {
		const labels = MODULE_IDS.flatMap((id) => fieldsOf(id).map((one) => `${id} ${one.label['pt-BR']}`));
		expect(labels).toEqual(expect.arrayContaining(['sgp Endereço do SGP', 'http Endereço base']));
		expect(new Set(labels).size).toBe(labels.length);
	});

	test('a field is asked for only where its condition holds', () => {
		const user = fieldsOf('http').find(({ name }) => name === 'user');
		expect(user && isAsked(user, { auth: 'basic' })).toBe(true);
		expect(user && isAsked(user, { auth: 'bearer' })).toBe(false);
	});
});

describe('forms as they are filled in', () => {
	const sgp = { url: 'https://sgp.provedor.com.br/', token: 'segredo-1', app: 'prosa' };

	test('secrets are kept apart from the rest', () => {
		const { filled } = readForm('sgp', sgp, none);
		expect(filled).toEqual({
			configuration: { url: 'https://sgp.provedor.com.br/', app: 'prosa', seconds: 8, unblock: true },
			secrets: { token: 'segredo-1' },
			holds: ['token']
		});
		expect(JSON.stringify(filled?.configuration)).not.toContain('segredo');
	});

	test('a secret that stands need not be written again', () => {
		expect(readForm('sgp', { ...sgp, token: '' }, none).faults).toEqual([{ field: 'token', code: 'needed' }]);
		expect(readForm('sgp', { ...sgp, token: '' }, new Set(['token'])).filled).toMatchObject({
			secrets: {},
			holds: ['token']
		});
	});

	test('what is not asked for is left out, with its secrets', () => {
		const { filled } = readForm(
			'http',
			{ url: 'https://api.loja.test', auth: 'none', user: 'ana', secret: 'x' },
			new Set(['secret'])
		);
		expect(filled).toEqual({
			configuration: { url: 'https://api.loja.test', auth: 'none', test_path: '/' },
			secrets: {},
			holds: []
		});
	});

	test.each([
		['sgp', { ...sgp, url: 'ftp://sgp.test' }, 'url'],
		['sgp', { ...sgp, url: 'https://user:pass@sgp.test' }, 'url'],
		['sgp', { ...sgp, url: 'https://sgp.test/?a=1' }, 'url'],
		['sgp', { ...sgp, seconds: 400 }, 'seconds'],
		['sgp', { ...sgp, seconds: '8' }, 'seconds'],
		['sgp', { ...sgp, other: 1 }, 'other'],
		['http', { url: 'https://a.test', auth: 'magic' }, 'auth'],
		['http', { url: 'https://a.test', auth: 'bearer', secret: 'a\r\nb' }, 'secret']
	] as const)('%s refuses %o', (id, values, name) => {
		expect(readForm(id, values, none).faults).toContainEqual({ field: name, code: 'wrong' });
	});
});

describe('connections', () => {
	const url = 'https://api.loja.test/v1';
	test.each([
		['bearer', { secret: 'abc' }, { authorization: 'Bearer abc' }],
		['basic', { user: 'ana', secret: 'p-1' }, { authorization: `Basic ${Buffer.from('ana:p-1').toString('base64')}` }],
		[
			'header',
			{ header: 'X-Api-Key', secret: 'k', second_header: 'X-Api-Secret', second_secret: 's' },
			{ 'x-api-key': 'k', 'x-api-secret': 's' }
		],
		['none', {}, {}]
	])('%s', (auth, given, headers) => {
		expect(headersOf(Http.parse({ url, auth, ...given }))).toEqual(headers);
	});

	test('a path stays under its base, whatever stands in it', () => {
		expect(under(url, '/pedidos/7?x=1')?.href).toBe('https://api.loja.test/v1/pedidos/7?x=1');
		expect(under(`${url}/`, '/')?.href).toBe('https://api.loja.test/v1/');
		for (const path of [
			'pedidos',
			'/../v2',
			'/a/%2e%2e/%2E./b',
			'/a/..',
			'/./a',
			'//evil.test/x/..',
			'\\evil',
			'/a b',
			'@evil.test/'
		]) {
			expect(under(url, path), path).toBeNull();
		}
		expect(under(url, '//evil.test/x')?.origin).toBe('https://api.loja.test');
		expect(under(url, '/a?b=../c')?.pathname).toBe('/v1/a');
	});

	test('an address leads where it says', () => {
		for (const wrong of [
			'',
			'sgp.test',
			'javascript:alert(1)',
			'https://a.test#b',
			'https://a.test\\b',
			'https://a.test/?'
		])
			expect(Address.safeParse(wrong).success, wrong).toBe(false);
		expect(Address.safeParse(' http://127.0.0.1:54332 ').data).toBe('http://127.0.0.1:54332');
	});

	test('headers that hold secrets are known by their names', () => {
		for (const name of ['Authorization', 'X-API-Key', 'apikey', 'x-vtex-api-apptoken', 'Cookie', 'X-Client-Secret'])
			expect(isSecretHeader(name), name).toBe(true);
		for (const name of ['Accept', 'Content-Type', 'X-Store', 'X-Request-Id'])
			expect(isSecretHeader(name), name).toBe(false);
	});
});
