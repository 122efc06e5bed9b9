import { decryptSecret, encryptSecret, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import {
	isSubscribed,
	numberOf,
	numbersOf,
	registerNumber,
	subscribeAccount,
	type GraphNumber
} from '@prosa/core/whatsapp/setup/numbers.ts';
import { SetupProblem, type AskGraph } from '@prosa/core/whatsapp/setup/problem.ts';
import { inspectToken, type TokenFacts } from '@prosa/core/whatsapp/setup/token.ts';
import { z } from 'zod';
import type { Action } from './handler.ts';
import { bytesOf, type ChannelsDatabase, type NamedSecret } from './database.ts';
import type { Person } from './person.ts';

export interface ActionNeeds {
	database: ChannelsDatabase;
	graph: (token: string) => AskGraph;
	keys: () => Promise<SecretKeys>;
}

const uuid = z.guid();
const token = z
	.string()
	.trim()
	.min(20)
	.max(1_000)
	.regex(/^[\x21-\x7e]+$/);
const metaId = z
	.string()
	.trim()
	.regex(/^[0-9]{5,32}$/);
const appSecret = z
	.string()
	.trim()
	.regex(/^[0-9a-f]{32}$/i);

function action<Input>(
	schema: z.ZodType<Input>,
	run: (needs: ActionNeeds, person: Person, input: Input) => Promise<object>
): Action<ActionNeeds> {
	return async (needs, person, body) => {
		const input = schema.safeParse(body);
		if (!input.success) throw new SetupProblem('input_invalid');
		return run(needs, person, input.data);
	};
}

/** Step 1: is the token good, what may it do, until when, which accounts was it given? */
const inspect = action(z.object({ tenant_id: uuid, token }), async ({ database, graph }, person, input) => {
	await database.mayConnect(person, input.tenant_id);
	return { token: shown(await inspectToken(graph(input.token), input.token)) };
});

/** Step 2: the numbers of an account, and which of them are connected already. */
const numbers = action(
	z.object({ tenant_id: uuid, token, waba_id: metaId }),
	async ({ database, graph }, person, input) => {
		await database.mayConnect(person, input.tenant_id);
		const found = await numbersOf(graph(input.token), input.waba_id);
		const places = await database.places(
			person,
			input.tenant_id,
			found.map(({ id }) => id)
		);
		return { numbers: found.map((number) => ({ ...number, place: places.get(number.id) ?? null })) };
	}
);

/** Step 3: everything once more, then the number is written down, its account's webhooks asked for. */
const connect = action(
	z.object({
		tenant_id: uuid,
		token,
		waba_id: metaId,
		phone_number_id: metaId,
		name: z.string().trim().min(1).max(80),
		pin: z
			.string()
			.regex(/^[0-9]{6}$/)
			.nullish(),
		app_secret: appSecret.nullish()
	}),
	async ({ database, graph, keys }, person, input) => {
		await database.mayConnect(person, input.tenant_id);
		const ask = graph(input.token);
		const facts = await inspectToken(ask, input.token);
		let number = (await numbersOf(ask, input.waba_id)).find(({ id }) => id === input.phone_number_id);
		if (!number) throw new SetupProblem('number_not_found');
		const places = await database.places(person, input.tenant_id, [number.id]);
		if (places.size > 0) throw new SetupProblem('number_taken');
		if (number.status !== null && number.status !== 'CONNECTED') {
			if (!input.pin) throw new SetupProblem('number_not_registered');
			await registerNumber(ask, number.id, input.pin);
			number = await numberOf(ask, number.id);
		}
		await subscribeAccount(ask, input.waba_id);

		const id = crypto.randomUUID();
		const secrets: Partial<Record<NamedSecret['name'], string>> = { access_token: input.token };
		const verify_token = input.app_secret ? newVerifyToken() : null;
		if (input.app_secret && verify_token) Object.assign(secrets, { app_secret: input.app_secret, verify_token });
		const { waba_id, phone_number_id, name } = input;
		const channel = { id, name, waba_id, phone_number_id, display_phone_number: number.display_phone_number };
		const found = { ...foundBy(facts, number), subscribed: true };
		await database.connect(person, input.tenant_id, channel, await encrypted(await keys(), id, secrets), found);
		// The verify token is ours, made for Meta's form: whoever connects the number has to copy it there.
		return { channel_id: id, verify_token };
	}
);

/** A new token for a channel: checked against its own number, then put in place of the old one. */
const changeToken = action(z.object({ channel_id: uuid, token }), async ({ database, graph, keys }, person, input) => {
	const channel = await database.managed(person, input.channel_id);
	const ask = graph(input.token);
	const facts = await inspectToken(ask, input.token);
	const number = await numberOf(ask, channel.phone_number_id);
	await subscribeAccount(ask, channel.waba_id);
	const secrets = await encrypted(await keys(), channel.id, { access_token: input.token });
	await database.change(person, channel.id, secrets, { ...foundBy(facts, number), subscribed: true });
	return { token: shown(facts) };
});

/** The secret of a tenant's own Meta app; a verify token is made for it. */
const changeApp = action(
	z.object({ channel_id: uuid, app_secret: appSecret }),
	async ({ database, keys }, person, input) => {
		const channel = await database.managed(person, input.channel_id);
		const verify_token = newVerifyToken();
		const secrets = { app_secret: input.app_secret, verify_token };
		await database.change(person, channel.id, await encrypted(await keys(), channel.id, secrets), null);
		return { verify_token };
	}
);

/** Asks once more for the webhooks of a channel's account, with the token that is kept. */
const subscribe = action(z.object({ channel_id: uuid }), async ({ database, graph, keys }, person, input) => {
	const channel = await database.managed(person, input.channel_id);
	const kept = await opened(await keys(), channel.id, channel.token);
	const ask = graph(kept);
	const facts = await inspectToken(ask, kept);
	await subscribeAccount(ask, channel.waba_id);
	const subscribed = await isSubscribed(ask, channel.waba_id, facts.app_id);
	await database.change(person, channel.id, [], { ...foundBy(facts, null), subscribed });
	return { subscribed };
});

export const ACTIONS: ReadonlyMap<string, Action<ActionNeeds>> = new Map([
	['inspect', inspect],
	['numbers', numbers],
	['connect', connect],
	['token', changeToken],
	['app', changeApp],
	['subscribe', subscribe]
]);

function shown({ app_name, scopes, expires_at, waba_ids }: TokenFacts) {
	return { app_name, scopes, expires_at, waba_ids };
}

function foundBy({ scopes, expires_at }: TokenFacts, number: GraphNumber | null) {
	return { token_valid: true, scopes, expires_at, error: null, ...(number ? { number } : {}) };
}

async function encrypted(
	keys: SecretKeys,
	channelId: string,
	secrets: Partial<Record<NamedSecret['name'], string>>
): Promise<NamedSecret[]> {
	return Promise.all(
		Object.entries(secrets).map(async ([name, text]) => ({
			name: name as NamedSecret['name'],
			...(await encryptSecret(keys, text, `${channelId}:${name}`))
		}))
	);
}

async function opened(
	keys: SecretKeys,
	channelId: string,
	kept: { key_id: string; nonce: string; ciphertext: string } | null
): Promise<string> {
	if (!kept) throw new SetupProblem('token_missing');
	const secret = { key_id: kept.key_id, nonce: bytesOf(kept.nonce), ciphertext: bytesOf(kept.ciphertext) };
	return decryptSecret(keys, secret, `${channelId}:access_token`).catch(() => {
		throw new SetupProblem('token_missing');
	});
}

function newVerifyToken(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
