import { m } from '#lib/paraglide/messages.js';
import type { Message } from '#lib/database.ts';
import type { Thread } from '#lib/inbox/thread.svelte.ts';
import type { Callable } from '#lib/notes/callable.svelte.ts';
import type { Scheduled } from '#lib/scheduled/rows.ts';
import type { Clock } from '#lib/time/clock.svelte.ts';
import { attempt, done } from '#lib/ui/toast.ts';
import type { Place } from '#lib/workspace/context.ts';
import type { Composition } from './composition.svelte.ts';
import { mentionsIn } from './mentions.ts';
import { parcels } from './write.ts';

/** Keeps what was written as a note for colleagues, with whom it calls. */
export function sendNote(thread: Thread, composition: Composition, { members }: Place, callable: Callable) {
	const { text } = composition;
	const people = [...members, ...callable.all.map(({ id, name }) => ({ user_id: id, display_name: name }))];
	thread.note(text.trim(), mentionsIn(text, people));
	composition.clear();
}

/** Queues what was written with the files beside it. */
export function sendReply(thread: Thread, composition: Composition, quoted: Message | null, preview: boolean) {
	const { text, used } = composition;
	// Emptied in the same moment: a second click or Enter finds nothing to send.
	for (const [index, { content, file }] of parcels(text, thread.tray.take(), preview).entries()) {
		thread.outbox.add(content, index === 0 ? quoted : null, file, index === 0 ? used : []);
	}
	composition.clear();
}

/** Queues a recording. */
export async function sendVoice(thread: Thread, voice: Blob, quoted: Message | null) {
	const { as } = await import('./files/prepare.ts');
	const prepared = as('audio', { file: voice, name: m.voice_name(), type: 'audio/ogg' });
	const attachment = thread.tray.single({ ...prepared, voice: true });
	thread.outbox.add(attachment.contentWith(''), quoted, attachment);
}

interface Plan {
	sendAt: Date;
	unlessAnswered: boolean;
	preview: boolean;
	clock: Clock;
}

/** Has what was written sent later; it stays in the field until it is kept. Answers whether it is. */
export async function scheduleReply(
	thread: Thread,
	composition: Composition,
	{ sendAt, unlessAnswered, preview, clock }: Plan
): Promise<boolean> {
	const { waiting } = thread;
	if (!waiting || composition.toGap()) return false;
	const { text, used } = composition;
	const content = { kind: 'text' as const, text: text.trim(), ...(preview ? { preview_url: true } : {}) };
	const plan = { clientId: crypto.randomUUID(), content, sendAt, unlessAnswered, used };
	let kept: Scheduled | undefined;
	if (!(await attempt(async () => void (kept = await waiting.schedule(plan)))) || !kept) return false;
	const row = kept;
	if (composition.text === text) composition.clear();
	composition.focus();
	done(m.schedule_done({ when: clock.moment(sendAt.toISOString()) }), async () => {
		await waiting.cancel(row);
		if (composition.text === '') composition.put(text);
	});
	return true;
}
