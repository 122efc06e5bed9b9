import type { Database } from '../database.ts';
import type { Person } from '../people.ts';

/** One step of a plan, as `explain (format json)` names its parts. */
interface Node {
	'Node Type': string;
	'Relation Name'?: string;
	'Index Name'?: string;
	'Parent Relationship'?: string;
	'Actual Rows': number;
	'Actual Loops': number;
	'Shared Hit Blocks': number;
	'Shared Read Blocks': number;
	Plans?: Node[];
}

/** What a statement did, measured where time does not come into it. */
export interface Plan {
	rows: number;
	/** Pages of 8 kB that were looked at. */
	pages: number;
	/** Indexes that were gone through, partitions under their table's name. */
	indexes: string[];
	/** Tables that were read from end to end. */
	scanned: string[];
	/** How often the most repeated step beneath a row ran. */
	repeats: number;
	/** Whether more than a page was put in order first. */
	sorted: boolean;
}

/** Runs a statement as somebody and tells what it did. */
export async function planOf(database: Database, person: Person, statement: string): Promise<Plan> {
	const root = await database.as(person, async (sql) => {
		await sql.unsafe(statement); // The first run fills caches and plans of functions.
		const [row] = await sql
			.unsafe(`explain (analyze, buffers, costs off, timing off, format json) ${statement}`)
			.values();
		return (row?.[0] as { Plan: Node }[])[0]?.Plan as Node;
	});
	const nodes = flat(root);
	const ran = nodes.filter((node) => node['Actual Loops'] > 0);
	return {
		rows: root['Actual Rows'],
		pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
		indexes: [...new Set(ran.flatMap((node) => node['Index Name'] ?? []).map(withoutMonth))].sort(),
		// A few rows, like the channels of a company, are read fastest from end to end.
		scanned: [
			...new Set(
				ran
					.filter((node) => node['Node Type'] === 'Seq Scan' && node['Actual Rows'] > 100)
					.map((node) => String(node['Relation Name']))
			)
		],
		repeats: Math.max(...ran.map((node) => node['Actual Loops'])),
		sorted: ran.some(
			(node) => node['Node Type'].endsWith('Sort') && node.Plans?.some((input) => input['Actual Rows'] > 100) === true
		)
	};
}

const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** `messages_202611_tenant_id_conversation_id_seq_idx` and its sisters are one index. */
const withoutMonth = (name: string) => name.replace(/_(\d{6}|default)_/, '_');
