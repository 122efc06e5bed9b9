import type { Known } from '@prosa/core/flows/check.ts';
import type { Problem } from '@prosa/core/flows/problems.ts';
import type { Around } from './queries.ts';

/** A set that is replaced, never changed: what depends on it depends on which one it is. */
export const setOf = <Item>(items: Iterable<Item> = []): ReadonlySet<Item> => new Set(items);

/** The worst that is wrong with each block. */
export function worstOf(problems: readonly Problem[]): ReadonlyMap<string, Problem['level']> {
	const worst = new Map<string, Problem['level']>();
	for (const { node, level } of problems) if (node !== null && worst.get(node) !== 'error') worst.set(node, level);
	return worst;
}

/** The ways out of each block that lead somewhere, as one text. */
export function ledOf(edges: readonly { from: string; branch: string }[]): (id: string) => string {
	const led = new Map<string, string[]>();
	for (const { from, branch } of edges) led.set(from, [...(led.get(from) ?? []), branch]);
	return (id) => (led.get(id) ?? []).sort().join(' ');
}

/** Integrations as drawings are checked against them; nothing where they could not be asked for. */
function modulesOf(modules: Around['modules']): Pick<Known, 'modules' | 'connections'> {
	if (!modules) return {};
	return {
		modules: setOf(modules.filter(({ enabled }) => enabled).map(({ module }) => module)),
		connections: new Map(modules.filter(({ module }) => module === 'http').map(({ id, enabled }) => [id, enabled]))
	};
}

/** AI agents, and whether they answer anybody. */
const answeringOf = (agents: Around['aiAgents']): NonNullable<Known['aiAgents']> =>
	new Map(agents.map(({ id, published }) => [id, published]));

/** What there is in the company, as drawings are checked against it. */
export const knownOf = (around: Around) => ({
	flows: setOf(around.flows.filter(({ published }) => published).map(({ id }) => id)),
	teams: setOf(around.teams.map(({ id }) => id)),
	tags: setOf(around.tags.map(({ id }) => id)),
	templates: setOf(around.templates.map(({ name }) => name)),
	contactAttributes: setOf(around.contactAttributes),
	conversationAttributes: setOf(around.conversationAttributes),
	tenantVariables: setOf(around.tenantVariables),
	...modulesOf(around.modules),
	aiAgents: answeringOf(around.aiAgents)
});
