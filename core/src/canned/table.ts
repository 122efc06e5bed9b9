import { unguarded, type Line } from '../csv/csv.ts';
import { fold } from '../text/fold.ts';
import { faultOf } from './template.ts';

/** What a column of a table can say of a canned response. */
export const FIELDS = [
	'shortcut',
	'title',
	'category',
	'text',
	'channel',
	'weight',
	'language',
	'scope',
	'team'
] as const;
export type CannedField = (typeof FIELDS)[number];

/** Which column says what; a field without a column is left as it is by default. */
export type Mapping = Partial<Record<CannedField, number>>;

/** What columns are called, folded, in the languages we export in and in those of others. */
const names: Record<CannedField, readonly string[]> = {
	shortcut: ['atalho', 'shortcut', 'short code', 'short_code', 'codigo', 'comando', 'slug'],
	title: ['titulo', 'title', 'nome', 'name', 'assunto', 'subject'],
	category: ['categoria', 'category', 'pasta', 'folder', 'grupo', 'group'],
	text: ['texto', 'text', 'content', 'conteudo', 'mensagem', 'message', 'body', 'resposta', 'response'],
	channel: ['canal', 'channel'],
	weight: ['peso', 'weight'],
	language: ['idioma', 'language', 'lingua'],
	scope: ['quem usa', 'scope', 'visibilidade', 'visibility'],
	team: ['equipe', 'team', 'time']
};

/** The columns that a heading tells by itself. */
export function guessMapping(heading: readonly string[]): Mapping {
	const folded = heading.map((cell) => fold(cell).trim());
	const mapping: Mapping = {};
	for (const field of FIELDS) {
		const at = folded.findIndex((cell) => names[field].includes(cell));
		if (at >= 0) mapping[field] = at;
	}
	return mapping;
}

export type RowFault =
	| 'shortcut'
	| 'title'
	| 'category'
	| 'text'
	| 'variable_unknown'
	| 'variable_unclosed'
	| 'weight'
	| 'channel'
	| 'language'
	| 'scope'
	| 'team';

/** A response as a table tells it, with the lines that it came from. */
export interface TableResponse {
	lines: number[];
	shortcut: string;
	title: string;
	category: string;
	scope: 'shared' | 'team' | 'private';
	team_id: string | null;
	language: string | null;
	variants: { channel_type: string | null; weight: number; text: string }[];
}

export interface TableRead {
	responses: TableResponse[];
	/** Lines that are none, each with what is wrong with it; they hold no other up. */
	bad: { line: number; fault: RowFault; cell: string }[];
}

const scopes: Record<string, TableResponse['scope']> = {
	'': 'shared',
	shared: 'shared',
	'toda a empresa': 'shared',
	empresa: 'shared',
	everybody: 'shared',
	'whole company': 'shared',
	team: 'team',
	equipe: 'team',
	private: 'private',
	'so eu': 'private',
	'only me': 'private',
	privada: 'private'
};

interface Known {
	channelTypes: readonly string[];
	teams: readonly { id: string; name: string }[];
}

/**
 * What the lines of a table say. Lines with the same shortcut for the same people are the texts of one response, whose
 * title, category and language the first of them tells.
 */
export function readTable(lines: readonly Line[], mapping: Mapping, { channelTypes, teams }: Known): TableRead {
	const responses = new Map<string, TableResponse>();
	const bad: TableRead['bad'] = [];
	for (const { number, cells } of lines) {
		const cell = (field: CannedField) => {
			const column = mapping[field];
			return column === undefined ? '' : unguarded((cells[column] ?? '').trim());
		};
		const refuse = (fault: RowFault, about: CannedField) => bad.push({ line: number, fault, cell: cell(about) });

		const shortcut = fold(cell('shortcut')).replace(/^\//, '').replaceAll(' ', '-');
		const teamName = fold(cell('team'));
		const team = teams.find(({ name }) => fold(name) === teamName);
		const scope = teamName !== '' && cell('scope') === '' ? 'team' : scopes[fold(cell('scope'))];
		const channel = fold(cell('channel'));
		const weight = cell('weight') === '' ? 1 : Number(cell('weight'));
		const text = cell('text');
		const fault = faultOf(text);

		if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(shortcut)) refuse('shortcut', 'shortcut');
		else if (cell('title').length > 80) refuse('title', 'title');
		else if (cell('category').length > 40) refuse('category', 'category');
		else if (text === '' || text.length > 4096) refuse('text', 'text');
		else if (fault) refuse(fault.code, 'text');
		else if (!Number.isInteger(weight) || weight < 0 || weight > 100) refuse('weight', 'weight');
		else if (channel !== '' && !channelTypes.includes(channel)) refuse('channel', 'channel');
		else if (cell('language') !== '' && !/^[a-z]{2}(-[A-Z]{2})?$/.test(cell('language')))
			refuse('language', 'language');
		else if (!scope) refuse('scope', 'scope');
		else if (scope === 'team' && !team) refuse('team', 'team');
		else {
			const team_id = scope === 'team' && team ? team.id : null;
			const name = `${scope} ${team_id ?? ''} ${shortcut}`;
			const variant = { channel_type: channel || null, weight, text };
			const known = responses.get(name);
			if (known) {
				known.lines.push(number);
				known.variants.push(variant);
			} else {
				responses.set(name, {
					lines: [number],
					shortcut,
					title: cell('title') || shortcut,
					category: cell('category'),
					scope,
					team_id,
					language: cell('language') || null,
					variants: [variant]
				});
			}
		}
	}
	return { responses: [...responses.values()], bad };
}

/** A response as lines of a table, in the order of FIELDS: one a text. */
export function tableLines(
	response: Omit<TableResponse, 'lines'>,
	teams: readonly { id: string; name: string }[]
): string[][] {
	const { shortcut, title, category, language, scope, team_id, variants } = response;
	const team = teams.find(({ id }) => id === team_id)?.name ?? '';
	return variants.map(({ channel_type, weight, text }) => [
		shortcut,
		title,
		category,
		text,
		channel_type ?? '',
		String(weight),
		language ?? '',
		scope,
		team
	]);
}
