import { expect, test } from 'vitest';
import { downloadAddress, MediaAddresses } from './address.ts';

function storage() {
	const asked: string[][] = [];
	const state = { now: 0, down: false, gone: new Set<string>(), turn: 0 };
	const addresses = new MediaAddresses(
		async (paths) => {
			asked.push(paths);
			if (state.down) throw new Error('offline');
			state.turn++;
			return new Map(
				paths.map((path) => [path, state.gone.has(path) ? null : `https://storage/${path}?${state.turn}`])
			);
		},
		() => state.now
	);
	return { asked, state, addresses };
}

test('files asked for together are signed by one request, each once', async () => {
	const { asked, addresses } = storage();
	await Promise.all(['a', 'b', 'a', 'c'].map((path) => addresses.of(path)));
	expect(asked).toEqual([['a', 'b', 'c']]);
});

test('an address is kept until shortly before it ends', async () => {
	const { asked, addresses, state } = storage();
	const first = await addresses.of('a');
	state.now = 49 * 60_000;
	expect(await addresses.of('a')).toBe(first);
	state.now = 51 * 60_000;
	expect(await addresses.of('a')).not.toBe(first);
	expect(asked).toHaveLength(2);
});

test('an address that was refused is asked for anew', async () => {
	const { addresses } = storage();
	const first = await addresses.of('a');
	expect(await addresses.renew('a')).not.toBe(first);
});

test('what may not be seen, and what nobody could answer, is asked again the next time', async () => {
	const { addresses, state } = storage();
	state.gone.add('a');
	expect(await addresses.of('a')).toBeNull();
	state.gone.delete('a');
	expect(await addresses.of('a')).toContain('/a?');
	state.down = true;
	await expect(addresses.of('b')).rejects.toThrow('offline');
	state.down = false;
	expect(await addresses.of('b')).toContain('/b?');
});

test('more files than one request takes are signed by several', async () => {
	const { asked, addresses } = storage();
	const paths = Array.from({ length: 230 }, (_, n) => String(n));
	expect(await Promise.all(paths.map((path) => addresses.of(path)))).toHaveLength(230);
	expect(asked.map(({ length }) => length)).toEqual([100, 100, 30]);
});

test('a download keeps the file’s own name', () => {
	const address = downloadAddress('https://storage/a?token=t', 'nota fiscal & recibo.pdf');
	expect(new URL(address).searchParams.get('download')).toBe('nota fiscal & recibo.pdf');
	expect(new URL(address).searchParams.get('token')).toBe('t');
});
