import type { Message, MessageStatus } from '../database.ts';
import { compareInstants } from '../time/instant.ts';

/** Up the ladder only; `failed` stands beside it, because a later delivery proves a failure wrong. */
const ladder: MessageStatus[] = ['received', 'queued', 'sending', 'sent', 'delivered', 'read'];

function isBehind(status: MessageStatus, known: MessageStatus): boolean {
	return ladder.indexOf(status) < ladder.indexOf(known);
}

/**
 * The newer of two versions of one message. Where both were written in the same microsecond the further status wins:
 * a tick never goes back.
 */
export function newerMessage(known: Message | undefined, row: Message): Message {
	if (known === undefined) return row;
	const order = compareInstants(row.updated_at, known.updated_at);
	if (order !== 0) return order > 0 ? row : known;
	return row.status === 'failed' || isBehind(row.status, known.status) ? known : row;
}

/** Rows that change what is known, each in the version to keep. */
export function newestMessages(known: ReadonlyMap<string, Message>, rows: Message[]): Message[] {
	return rows.filter((row) => newerMessage(known.get(row.id), row) === row && known.get(row.id) !== row);
}

/** Whether something is missing between what is known and a row that just came: a gap is fetched, not waited for. */
export function leavesGap(lastSeq: number | null, rows: Message[]): boolean {
	if (lastSeq === null || rows.length === 0) return false;
	return Math.min(...rows.map(({ seq }) => seq)) > lastSeq + 1;
}

/** Whether a message says that conversations became one, or two again. */
export function tellsOfParts({ content }: Message): boolean {
	return content.kind === 'activity' && content.changes.some(({ type }) => type === 'merged_in' || type === 'unmerged');
}
