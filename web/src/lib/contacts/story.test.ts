import { expect, test } from 'vitest';
import { inBrief, storyDays, type StoryEntry } from './story.ts';

let next = 0;
const entry = (type: string, at: string, conversation: string | null, detail: object = {}): StoryEntry => ({
	at,
	id: `e${++next}`,
	type,
	conversation_id: conversation,
	seq: next,
	detail: { ...detail }
});
const dayOf = (at: string) => at.slice(0, 10);

test('a conversation’s words of one day are one block that reads downwards, though another spoke in between', () => {
	const days = storyDays(
		[
			entry('message', '2026-11-21T12:00:00Z', 'a', { text: 'três' }),
			entry('message', '2026-11-21T11:00:00Z', 'b', { text: 'dois' }),
			entry('note', '2026-11-21T10:00:00Z', 'a', { text: 'um' }),
			entry('message', '2026-11-20T10:00:00Z', 'a', { text: 'zero' })
		],
		dayOf
	);
	expect(days.map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-20']);
	expect(
		days.map(({ blocks }) =>
			blocks.map((block) => (block.type === 'talk' ? block.entries.map(({ detail }) => detail.text) : block.entry.type))
		)
	).toEqual([[['um', 'três'], ['dois']], [['zero']]]);
});

test('the end of a conversation is told once, and by its row where no activity knows of it', () => {
	const closing = { content: { changes: [{ type: 'closed' }] } };
	const days = storyDays(
		[
			entry('closed', '2026-11-21T12:00:00.1Z', 'a'),
			entry('activity', '2026-11-21T12:00:00Z', 'a', closing),
			entry('closed', '2026-11-21T09:00:00Z', 'b')
		],
		dayOf
	);
	expect(days[0]?.blocks.map((block) => block.type === 'event' && block.entry.type)).toEqual(['activity', 'closed']);
});

test('pages put together make the same story as one page', () => {
	const entries = Array.from({ length: 30 }, (_, n) =>
		entry('message', new Date(Date.UTC(2026, 10, 21, 23) - n * 3_600_000).toISOString(), n % 3 ? 'a' : 'b')
	);
	expect(storyDays([...entries.slice(0, 13), ...entries.slice(13)], dayOf)).toEqual(storyDays(entries, dayOf));
});

test('a long talk shows how it began and ended, and one more line is never hidden behind a button', () => {
	expect(inBrief([1, 2, 3, 4, 5])).toEqual({ first: [1, 2, 3, 4, 5], hidden: 0, last: [] });
	expect(inBrief([1, 2, 3, 4, 5, 6])).toEqual({ first: [1, 2], hidden: 2, last: [5, 6] });
});
