/** A table as the replication stream describes it, before its first change and after every change of the table itself. */
export interface Relation {
	oid: number;
	schema: string;
	name: string;
	columns: string[];
}

export type ChangeKind = 'INSERT' | 'UPDATE' | 'DELETE';

/** Text of each column as Postgres prints it; null, or undefined for a large value that did not change and isn't sent. */
export type Tuple = (string | null | undefined)[];

/** What the stream tells. A change is handed over unread: most have no listener, and then nothing more is done. */
export interface WalHandler {
	begin?(transactionId: number, committedAt: Date): void;
	relation?(relation: Relation): void;
	change(relation: Relation, kind: ChangeKind, message: Buffer): void | Promise<void>;
}

const CODE = { B: 0x42, R: 0x52, I: 0x49, U: 0x55, D: 0x44, N: 0x4e, K: 0x4b, O: 0x4f, n: 0x6e, u: 0x75 };
const KINDS = new Map<number | undefined, ChangeKind>([
	[CODE.I, 'INSERT'],
	[CODE.U, 'UPDATE'],
	[CODE.D, 'DELETE']
]);
/** Microseconds from 1970 to 2000, where Postgres begins to count. */
const POSTGRES_EPOCH = 946_684_800_000_000n;

/** Reads messages of the pgoutput plugin, protocol version 1 (Postgres manual, 53.9). */
export function createPgoutputReader(handler: WalHandler): (message: Buffer) => void | Promise<void> {
	const relations = new Map<number, Relation>();

	return (message) => {
		const kind = KINDS.get(message[0]);
		if (kind) {
			const relation = relations.get(message.readUInt32BE(1));
			if (relation) return handler.change(relation, kind, message);
		} else if (message[0] === CODE.B) {
			const micros = message.readBigInt64BE(9) + POSTGRES_EPOCH;
			handler.begin?.(message.readUInt32BE(17), new Date(Number(micros / 1000n)));
		} else if (message[0] === CODE.R) {
			const relation = readRelation(message);
			relations.set(relation.oid, relation);
			handler.relation?.(relation);
		}
	};
}

function readRelation(message: Buffer): Relation {
	let offset = 5;
	const text = () => {
		const end = message.indexOf(0, offset);
		const value = message.toString('utf8', offset, end);
		offset = end + 1;
		return value;
	};
	const schema = text();
	const name = text();
	offset += 1; // replica identity
	const count = message.readUInt16BE(offset);
	offset += 2;
	const columns = Array.from({ length: count }, () => {
		offset += 1; // flags
		const column = text();
		offset += 8; // type and its modifier
		return column;
	});
	return { oid: message.readUInt32BE(1), schema, name, columns };
}

/** Where the value of each column lies in an INSERT message; null stands for NULL. */
export function insertedSpans(message: Buffer): ({ start: number; end: number } | null)[] {
	return spans(message, 6).values;
}

type Span = { start: number; end: number } | null;

function spans(message: Buffer, start: number): { values: Span[]; kinds: number[]; end: number } {
	const count = message.readUInt16BE(start);
	const values: Span[] = [];
	const kinds: number[] = [];
	let offset = start + 2;
	for (let i = 0; i < count; i++) {
		const kind = message[offset++] ?? 0;
		kinds.push(kind);
		if (kind === CODE.n || kind === CODE.u) {
			values.push(null);
			continue;
		}
		const from = offset + 4;
		offset = from + message.readUInt32BE(offset);
		values.push({ start: from, end: offset });
	}
	return { values, kinds, end: offset };
}

/** The rows of a change. `key` says that `old` holds the replica identity's columns alone. */
export function readChange(message: Buffer): { new: Tuple | null; old: Tuple | null; key: boolean } {
	let offset = 5;
	let old: Tuple | null = null;
	let key = false;
	let marker = message[offset++];
	if (marker === CODE.K || marker === CODE.O) {
		const before = readTuple(message, offset);
		old = before.tuple;
		key = marker === CODE.K;
		offset = before.end;
		marker = offset < message.length ? message[offset++] : undefined;
	}
	return { new: marker === CODE.N ? readTuple(message, offset).tuple : null, old, key };
}

function readTuple(message: Buffer, start: number): { tuple: Tuple; end: number } {
	const { values, kinds, end } = spans(message, start);
	const tuple = values.map((span, i) =>
		span ? message.toString('utf8', span.start, span.end) : kinds[i] === CODE.u ? undefined : null
	);
	return { tuple, end };
}
