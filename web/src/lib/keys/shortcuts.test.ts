import { expect, test, vi } from 'vitest';
import type { Command } from './command.ts';
import { nameOf, Shortcuts, type Press } from './shortcuts.ts';

const press = (key: string, changes: Partial<Press> = {}): Press => ({
	key,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	timeStamp: 0,
	typing: false,
	...changes
});
const command = (keys: string | string[], run: (() => void) | null, changes: Partial<Command> = {}): Command => ({
	id: String(keys),
	group: 'anywhere',
	label: String(keys),
	keys,
	run,
	...changes
});
const shortcutsOf = (...commands: Command[]) => new Shortcuts(() => commands);

test('a letter typed into an answer is never a command', () => {
	const close = vi.fn();
	const shortcuts = shortcutsOf(command('e', close));
	expect(shortcuts.press(press('e', { typing: true }))).toBe(false);
	expect(close).not.toHaveBeenCalled();
	shortcuts.press(press('e'));
	expect(close).toHaveBeenCalledOnce();
});

test('the palette opens from anywhere, also while typing, with Ctrl or ⌘', () => {
	const open = vi.fn();
	const shortcuts = shortcutsOf(command('Ctrl K', open));
	shortcuts.press(press('k', { ctrlKey: true, typing: true }));
	shortcuts.press(press('k', { metaKey: true }));
	expect(open).toHaveBeenCalledTimes(2);
});

test('g then i goes to the inbox, but not when the second key comes late', () => {
	const go = vi.fn();
	const shortcuts = shortcutsOf(command('g i', go));
	shortcuts.press(press('g', { timeStamp: 0 }));
	shortcuts.press(press('i', { timeStamp: 5_000 }));
	expect(go).not.toHaveBeenCalled();
	shortcuts.press(press('g', { timeStamp: 6_000 }));
	shortcuts.press(press('i', { timeStamp: 6_300 }));
	expect(go).toHaveBeenCalledOnce();
});

test('of two commands with one key the first that can be done now answers', () => {
	const [search, list] = [vi.fn(), vi.fn()];
	let open = true;
	const shortcuts = new Shortcuts(() => [command('Escape', search, { when: open }), command('Escape', list)]);
	shortcuts.press(press('Escape'));
	open = false;
	shortcuts.press(press('Escape'));
	expect([search.mock.calls.length, list.mock.calls.length]).toEqual([1, 1]);
});

test('a key whose command can’t be done now is left to the browser', () => {
	const close = vi.fn();
	expect(shortcutsOf(command('e', close, { when: false })).press(press('e'))).toBe(false);
	expect(shortcutsOf(command('Enter', null)).press(press('Enter'))).toBe(false);
	expect(close).not.toHaveBeenCalled();
});

test('with Shift a key is another one, and a sign is itself however it is typed', () => {
	const [tag, transfer, attach] = [vi.fn(), vi.fn(), vi.fn()];
	const shortcuts = shortcutsOf(command('t', tag), command('Shift T', transfer), command('Ctrl Shift A', attach));
	shortcuts.press(press('T', { shiftKey: true }));
	expect([tag.mock.calls.length, transfer.mock.calls.length]).toEqual([0, 1]);
	expect(shortcuts.press(press('a', { ctrlKey: true, typing: true }))).toBe(false);
	expect(shortcuts.press(press('A', { ctrlKey: true, shiftKey: true, typing: true }))).toBe(true);
	expect(attach).toHaveBeenCalledOnce();
	expect(nameOf(press('#', { shiftKey: true }))).toBe('#');
	expect(nameOf(press('ArrowDown', { shiftKey: true }))).toBe('Shift ArrowDown');
	expect(nameOf(press('T')), 'caps lock').toBe('t');
});

test('a command may have several keys', () => {
	const next = vi.fn();
	const shortcuts = shortcutsOf(command(['j', 'ArrowDown'], next));
	shortcuts.press(press('j'));
	shortcuts.press(press('ArrowDown'));
	expect(next).toHaveBeenCalledTimes(2);
});
