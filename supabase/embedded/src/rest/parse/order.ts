import { readField, type Field } from './field.ts';
import { Scanner } from './scanner.ts';

export interface OrderTerm {
	/** An embedded to-one relation whose field is meant: `order=clients(name)`. */
	relation?: string;
	field: Field;
	direction?: 'asc' | 'desc';
	nulls?: 'first' | 'last';
}

/** Reads `order=`. Throws PGRST100. */
export function parseOrder(text: string): OrderTerm[] {
	const scanner = new Scanner('order', text);
	const terms: OrderTerm[] = [];
	do terms.push(readTerm(scanner));
	while (scanner.takes(','));
	if (!scanner.ended) throw scanner.fail('delimiter (.), "," or end of input');
	return terms;
}

function readTerm(scanner: Scanner): OrderTerm {
	const first = readField(scanner);
	const term: OrderTerm = { field: first };
	if (first.path.length === 0 && scanner.takes('(')) {
		term.relation = first.name;
		term.field = readField(scanner);
		scanner.expect(')');
	}
	const direction = scanner.match(/\.(asc|desc)(?=[.,\s]|$)/y)?.slice(1);
	if (direction) term.direction = direction as 'asc' | 'desc';
	const nulls = scanner.match(/\.nulls(first|last)(?=[,\s]|$)/y)?.slice(6);
	if (nulls) term.nulls = nulls as 'first' | 'last';
	scanner.skipSpace();
	if (scanner.sees('.')) {
		scanner.position += 1;
		throw scanner.fail(direction ? '"nullsfirst" or "nullslast"' : '"asc", "desc", "nullsfirst" or "nullslast"');
	}
	return term;
}
