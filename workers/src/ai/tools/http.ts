import type { AgentConfig } from '@prosa/core/ai/agent.ts';
import { inputOf, requestOf } from '@prosa/core/ai/http_tools.ts';
import type { Reading } from '../reading.ts';
import { tool, type Tool } from './tool.ts';

/** The tenant's own tools, those whose connection is on. What a machine answers is told as data, failures too. */
export const ownTools = ({ tools, http_tools }: AgentConfig, { connections }: Reading): [string, Tool][] =>
	tools.includes('http')
		? http_tools
				.filter(({ connection }) => connections.includes(connection))
				.map((own) => [
					own.name,
					tool({
						description: () => own.description,
						input: () => inputOf(own),
						run: async (input, { outside }) => {
							const outcome = await outside.http(own.connection, requestOf(own, input), own.name);
							if (outcome.ok) return { ok: true, answer: outcome.body ?? null };
							const { code, status } = outcome;
							return { error: `the other system did not do it (${code})`, ...(status === undefined ? {} : { status }) };
						}
					})
				])
		: [];
