import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import { MODEL_KEY, startModelSimulator, type ModelSimulator } from '../index.ts';

export interface Stage {
	simulator: ModelSimulator;
	openai: OpenAI;
	/** `POST /_simulator/<path>`. */
	control(path: 'faults' | 'answers', body: object): Promise<Response>;
	/** Asks as a customer and takes the text. */
	says(text: string): Promise<string>;
}

export const MODEL = 'prosa-simulator';

/** A simulator of its own for one test, driven by OpenAI's own SDK. */
export async function stage({ key = MODEL_KEY, maxRetries = 0 } = {}): Promise<Stage> {
	const simulator = await startModelSimulator();
	onTestFinished(() => simulator.close());
	const openai = new OpenAI({ baseURL: simulator.baseUrl, apiKey: key, maxRetries, timeout: 10_000 });
	return {
		simulator,
		openai,
		control: (path, body) =>
			fetch(`${simulator.url}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) }),
		async says(text) {
			const messages = [{ role: 'user' as const, content: text }];
			const completion = await openai.chat.completions.create({ model: MODEL, messages });
			return completion.choices[0]?.message.content ?? '';
		}
	};
}
