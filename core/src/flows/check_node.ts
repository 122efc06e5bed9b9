import { lengthOf } from '../whatsapp/outgoing/check.ts';
import { BUTTON_TITLE_MAX, BUTTONS_MAX } from '../whatsapp/outgoing/interactive/buttons.ts';
import {
	LIST_BODY_MAX,
	ROW_DESCRIPTION_MAX,
	ROW_TITLE_MAX,
	ROWS_MAX,
	SECTION_TITLE_MAX
} from '../whatsapp/outgoing/interactive/list.ts';
import { BODY_MAX, FOOTER_MAX } from '../whatsapp/outgoing/interactive/parts.ts';
import { CAPTION_MAX } from '../whatsapp/outgoing/media.ts';
import { TEXT_MAX } from '../whatsapp/outgoing/text.ts';
import type { Known } from './check.ts';
import { ExpressionFault, parseExpression } from './expression.ts';
import type { Node, NodeOf, Option, When } from './nodes.ts';
import { isPattern } from './pattern.ts';
import { problem, type Problem } from './problems.ts';
import { isSecretHeader } from '../modules/http.ts';
import { hasFixedOrigin, isPath } from './request.ts';
import { asksByDocument } from './sgp.ts';
import { faultsIn, namedIn } from './template.ts';
import { FACTS, isName, referenceOf } from './variables.ts';

interface Around {
	declared: ReadonlySet<string>;
	known: Known;
}

/** What is wrong within one node. */
export function checkNode(node: Node, around: Around): Problem[] {
	const { id } = node;
	const { known } = around;
	const references = (names: readonly string[]) => names.flatMap((name) => checkReference(id, name, around));
	/** A text that is shown, with its limit once it is as long as it is written. */
	const text = (written: string, most: number, required = true): Problem[] => [
		...(required && written.trim() === '' ? [problem('text_empty', id)] : []),
		...(lengthOf(written) > most ? [problem('text_too_long', id, String(most), most)] : []),
		...faultsIn(written).map((name) => problem('variable_name', id, name)),
		...references(namedIn(written))
	];
	const target = (name: string | null) => (name === null ? [] : references([name]));
	const there = (
		set: ReadonlySet<string> | undefined,
		ids: readonly (string | null)[],
		code: 'team_unknown' | 'tag_unknown' | 'flow_unknown'
	) => (set && ids.some((one) => one !== null && !set.has(one)) ? [problem(code, id)] : []);
	const expression = (source: string) => checkExpression(id, source, around);

	switch (node.type) {
		case 'start':
		case 'wait':
		case 'end':
			return [];
		case 'message':
			return text(node.text, TEXT_MAX);
		case 'media':
			return [
				...((node.path === null) === (node.link === null) ? [problem('media_missing', id)] : []),
				...(node.link !== null && !hasFixedOrigin(node.link) ? [problem('address_invalid', id)] : []),
				...text(node.caption, CAPTION_MAX, false)
			];
		case 'buttons':
			return [
				...text(node.text, BODY_MAX),
				...footer(node, references),
				...(node.options.length > BUTTONS_MAX ? [problem('buttons_too_many', id)] : []),
				...options(id, node.options, BUTTON_TITLE_MAX, references),
				...target(node.save_as),
				...text(node.retries.text, BODY_MAX, false)
			];
		case 'list':
			return [
				...text(node.text, LIST_BODY_MAX),
				...footer(node, references),
				...text(node.button, BUTTON_TITLE_MAX),
				...list(node, references),
				...target(node.save_as),
				...text(node.retries.text, LIST_BODY_MAX, false)
			];
		case 'question':
			return [
				...text(node.text, TEXT_MAX),
				...target(node.save_as),
				...text(node.retries.text, TEXT_MAX, false),
				...(node.answer.kind === 'pattern' && !(node.answer.pattern && isPattern(node.answer.pattern))
					? [problem('pattern_invalid', id)]
					: []),
				...(node.answer.kind === 'choice' ? options(id, node.answer.options ?? [], 200, references) : [])
			];
		case 'csat':
			return [...text(node.text, BODY_MAX), ...target(node.save_as), ...text(node.retries.text, BODY_MAX, false)];
		case 'condition':
			return node.cases.flatMap(({ when }) => checkWhen(when, references, expression));
		case 'set':
			return node.set.flatMap(({ variable, to }) => [
				...references([variable]),
				...(to === null ? [] : 'text' in to ? text(to.text, 5_000, false) : expression(to.expression))
			]);
		case 'http':
		case 'webhook': {
			const connection = node.type === 'http' ? node.connection : null;
			return [
				...(connection !== null && !isPath(node.url) ? [problem('path_invalid', id)] : []),
				...(connection === null && !hasFixedOrigin(node.url) ? [problem('address_invalid', id)] : []),
				...checkConnection(id, connection, known),
				...references([...namedIn(node.url), ...namedIn(node.body)]),
				...(isBrokenJson(node.body) ? [problem('body_not_json', id)] : []),
				...(node.type === 'http'
					? [
							...node.headers
								.filter(({ name }) => isSecretHeader(name))
								.map(({ name }) => problem('header_secret', id, name)),
							...references(node.headers.flatMap(({ value }) => namedIn(value))),
							...references(node.save.map(({ variable }) => variable))
						]
					: [])
			];
		}
		case 'sgp': {
			const asked = asksByDocument(node.ask) ? node.document : node.contract;
			return [
				...(known.modules && !known.modules.has('sgp') ? [problem('module_off', id, 'SGP')] : []),
				...(asked.trim() === ''
					? [problem(asksByDocument(node.ask) ? 'document_missing' : 'contract_missing', id)]
					: []),
				...faultsIn(asked).map((name) => problem('variable_name', id, name)),
				...references(namedIn(asked)),
				...references(node.save.map(({ variable }) => variable))
			];
		}
		case 'ai':
			return [...text(node.prompt, 5_000), ...target(node.save_as)];
		case 'tag':
			return there(known.tags, [...node.add, ...node.remove], 'tag_unknown');
		case 'assign':
		case 'hours':
			return there(known.teams, [node.team_id], 'team_unknown');
		case 'handover':
			return [
				...text(node.text, TEXT_MAX, false),
				...text(node.note, 4_000, false),
				...there(known.teams, [node.team_id], 'team_unknown'),
				...checkAiAgent(id, node.ai_agent_id, known)
			];
		case 'split':
			return node.variants.every(({ weight }) => weight === 0) ? [problem('weights_zero', id)] : [];
		case 'flow':
			return there(known.flows, [node.flow_id], 'flow_unknown');
		case 'template':
			return [
				...(known.templates && !known.templates.has(node.template) ? [problem('template_unknown', id)] : []),
				...references(namedIn(JSON.stringify(node.components)))
			];
		case 'lead':
			return [...text(node.title, 200, false), ...(node.value === '' ? [] : expression(node.value))];
	}
}

function checkConnection(node: string, connection: string | null, { connections }: Known): Problem[] {
	if (connection === null || !connections) return [];
	const on = connections.get(connection);
	return on === undefined ? [problem('connection_unknown', node)] : on ? [] : [problem('connection_off', node)];
}

function checkAiAgent(node: string, agent: string | null, { aiAgents }: Known): Problem[] {
	if (agent === null || !aiAgents) return [];
	const answers = aiAgents.get(agent);
	return answers === undefined ? [problem('ai_agent_unknown', node)] : answers ? [] : [problem('ai_agent_off', node)];
}

type References = (names: readonly string[]) => Problem[];

function footer(node: NodeOf<'buttons' | 'list'>, references: References): Problem[] {
	return [
		...(lengthOf(node.footer) > FOOTER_MAX ? [problem('footer_too_long', node.id)] : []),
		...references(namedIn(node.footer))
	];
}

function list({ id, sections }: NodeOf<'list'>, references: References): Problem[] {
	const all = sections.flatMap((section) => section.options);
	return [
		...(all.length > ROWS_MAX ? [problem('rows_too_many', id)] : []),
		...(sections.length > 1 && sections.some(({ title }) => title.trim() === '')
			? [problem('section_untitled', id)]
			: []),
		...sections
			.filter(({ title }) => lengthOf(title) > SECTION_TITLE_MAX)
			.map(({ title }) => problem('option_too_long', id, title, SECTION_TITLE_MAX)),
		...options(id, all, ROW_TITLE_MAX, references)
	];
}

function options(node: string, given: readonly Option[], most: number, references: References): Problem[] {
	if (given.length === 0) return [problem('options_missing', node)];
	const seen = new Set<string>();
	return given.flatMap(({ label, description = '' }) => {
		const found = references([...namedIn(label), ...namedIn(description)]);
		const name = label.trim().toLowerCase();
		if (name === '') found.push(problem('option_empty', node));
		else if (seen.has(name)) found.push(problem('option_repeated', node, label));
		seen.add(name);
		if (lengthOf(label) > most) found.push(problem('option_too_long', node, label, most));
		if (lengthOf(description) > ROW_DESCRIPTION_MAX)
			found.push(problem('option_too_long', node, description, ROW_DESCRIPTION_MAX));
		return found;
	});
}

function checkWhen(when: When, references: References, expression: (source: string) => Problem[]): Problem[] {
	if (when.type === 'variables') return references(when.tests.map(({ variable }) => variable));
	return when.type === 'expression' ? expression(when.expression) : [];
}

function checkExpression(node: string, source: string, around: Around): Problem[] {
	try {
		const { reads } = parseExpression(source);
		// An owner alone is all that it has: nothing to look up.
		return reads
			.filter((name) => isName(name) || name.includes('.'))
			.flatMap((name) => checkReference(node, name, around));
	} catch (error) {
		return [problem('expression_invalid', node, error instanceof ExpressionFault ? error.message : String(error))];
	}
}

function checkReference(node: string, name: string, { declared, known }: Around): Problem[] {
	const reference = referenceOf(name);
	if (!reference) return [problem('variable_name', node, name)];
	const { scope, key } = reference;
	if (scope === 'now' || scope === 'today') return [];
	if (scope === 'run') return declared.has(key) ? [] : [problem('variable_unknown', node, name)];
	if ((FACTS[scope] as readonly string[]).includes(key)) return [];
	const there = {
		contact: known.contactAttributes,
		conversation: known.conversationAttributes,
		tenant: known.tenantVariables,
		message: new Set<string>()
	}[scope];
	return there && !there.has(key) ? [problem('variable_unknown', node, name)] : [];
}

/** A body that begins like JSON and, with something in the place of its variables, is none. */
function isBrokenJson(body: string): boolean {
	if (!/^\s*[[{]/.test(body)) return false;
	try {
		JSON.parse(body.replace(/\{\{[^{}\n]*\}\}/g, '0'));
		return false;
	} catch {
		return true;
	}
}
