import type { Line } from '@prosa/core/csv/csv.ts';
import { writeCsv } from '@prosa/core/csv/csv.ts';
import { FIELDS, tableLines, type CannedField, type RowFault, type TableRead } from '@prosa/core/canned/table.ts';
import type { Json } from '@prosa/core/database.types.ts';
import type { Named } from '#lib/actions/choices.svelte.ts';
import type { Client } from '#lib/auth/client.ts';
import { sentenceOf } from '#lib/errors/sentence.ts';
import { m } from '#lib/paraglide/messages.js';
import type { CannedResponse } from './rows.ts';

export type Outcome = 'created' | 'updated' | 'unchanged' | 'refused';

/** What became of one line of the table, or would. */
export interface LineReport {
	line: number;
	shortcut: string;
	outcome: Outcome;
	/** Why it was refused. */
	why: string;
}

export const outcomeNames: Record<Outcome, () => string> = {
	created: m.canned_import_created,
	updated: m.canned_import_updated,
	unchanged: m.canned_import_unchanged,
	refused: m.canned_import_refused
};

export const fieldNames: Record<CannedField, () => string> = {
	shortcut: m.canned_shortcut,
	title: m.canned_title,
	category: m.canned_category,
	text: m.canned_text,
	channel: m.canned_channel,
	weight: m.canned_weight,
	language: m.canned_language,
	scope: m.canned_scope,
	team: m.canned_team
};

const faults: Record<RowFault, (about: { cell: string }) => string> = {
	shortcut: m.canned_import_shortcut,
	title: m.canned_import_title,
	category: m.canned_import_category,
	text: m.canned_import_text,
	variable_unknown: m.canned_import_variable,
	variable_unclosed: m.canned_import_braces,
	weight: m.canned_import_weight,
	channel: m.canned_import_channel,
	language: m.canned_import_language,
	scope: m.canned_import_scope,
	team: m.canned_import_team
};

/** So many in one call, so that the count moves. */
const portion = 100;

interface Answer {
	outcome: Outcome;
	code?: string;
	detail?: string | null;
}

/** Saves what a table says, or only tries it; a report of every line, in their order. */
export async function importTable(
	client: Client,
	tenantId: string,
	{ responses, bad }: TableRead,
	dryRun: boolean,
	onprogress: (done: number) => void = () => undefined
): Promise<LineReport[]> {
	const report: LineReport[] = bad.map(({ line, fault, cell }) => ({
		line,
		shortcut: '',
		outcome: 'refused',
		why: faults[fault]({ cell: cell.slice(0, 60) })
	}));
	for (let from = 0; from < responses.length; from += portion) {
		const part = responses.slice(from, from + portion);
		const { data } = await client
			.rpc('import_canned_responses', {
				tenant_id: tenantId,
				responses: part.map(({ lines: _lines, ...response }) => response) as unknown as Json,
				dry_run: dryRun
			})
			.throwOnError();
		for (const [at, { outcome, code }] of (data as unknown as Answer[]).entries()) {
			const { lines, shortcut } = part[at] ?? { lines: [], shortcut: '' };
			for (const line of lines) report.push({ line, shortcut, outcome, why: code ? sentenceOf(code) : '' });
		}
		onprogress(from + part.length);
	}
	return report.toSorted((a, b) => a.line - b.line);
}

/** The report as a table, with the lines as they were. */
export function reportCsv(report: readonly LineReport[], heading: readonly string[], lines: readonly Line[]): string {
	const cellsOf = new Map(lines.map(({ number, cells }) => [number, cells]));
	return writeCsv([
		[m.canned_import_line(), m.canned_import_outcome(), m.canned_import_why(), ...heading],
		...report.map(({ line, outcome, why }) => [
			String(line),
			outcomeNames[outcome](),
			why,
			...(cellsOf.get(line) ?? [])
		])
	]);
}

/** Every response as a table that can be imported again. */
export const exportCsv = (responses: readonly CannedResponse[], teams: readonly Named[]): string =>
	writeCsv([
		FIELDS.map((field) => fieldNames[field]()),
		...responses.flatMap((response) => tableLines(response, teams))
	]);

/** Gives a text to the browser as a file. */
export function download(name: string, text: string) {
	const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
	const link = document.createElement('a');
	link.href = address;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
