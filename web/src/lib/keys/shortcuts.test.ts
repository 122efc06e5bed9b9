import { expect, test, vi } from 'vitest';
import { Shortcuts, type Press } from './shortcuts.ts';

const press = (key: string, changes: Partial<Press> = {}): Press => ({
	key,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	timeStamp: 0,
	typing: false,
	...changes
});

test('a letter typed into an answer is never a command', () => {
	const close = vi.fn();
	const shortcuts = new Shortcuts();
	shortcuts.bind({ e: close });
	expect(shortcuts.press(press('e', { typing: true }))).toBe(false);
	expect(close).not.toHaveBeenCalled();
	shortcuts.press(press('e'));
	expect(close).toHaveBeenCalledOnce();
});

test('the palette opens from anywhere, also while typing, with Ctrl or ⌘', () => {
	const open = vi.fn();
	const shortcuts = new Shortcuts();
	shortcuts.bind({ 'Ctrl K': open });
	shortcuts.press(press('k', { ctrlKey: true, typing: true }));
	shortcuts.press(press('k', { metaKey: true }));
	expect(open).toHaveBeenCalledTimes(2);
});

test('g then i goes to the inbox, but not when the second key comes late', () => {
	const go = vi.fn();
	const shortcuts = new Shortcuts();
	shortcuts.bind({ 'g i': go });
	shortcuts.press(press('g', { timeStamp: 0 }));
	shortcuts.press(press('i', { timeStamp: 5_000 }));
	expect(go).not.toHaveBeenCalled();
	shortcuts.press(press('g', { timeStamp: 6_000 }));
	shortcuts.press(press('i', { timeStamp: 6_300 }));
	expect(go).toHaveBeenCalledOnce();
});

test('what lies on top answers first, and gives the key back when it goes', () => {
	const list = vi.fn();
	const thread = vi.fn();
	const shortcuts = new Shortcuts();
	shortcuts.bind({ Escape: list });
	const leave = shortcuts.bind({ Escape: thread });
	shortcuts.press(press('Escape'));
	leave();
	shortcuts.press(press('Escape'));
	expect([thread.mock.calls.length, list.mock.calls.length]).toEqual([1, 1]);
});

test('with Shift a Ctrl key is another one', () => {
	const attach = vi.fn();
	const shortcuts = new Shortcuts();
	shortcuts.bind({ 'Ctrl Shift A': attach });
	expect(shortcuts.press(press('a', { ctrlKey: true, typing: true }))).toBe(false);
	expect(shortcuts.press(press('A', { ctrlKey: true, shiftKey: true, typing: true }))).toBe(true);
	expect(attach).toHaveBeenCalledOnce();
});
