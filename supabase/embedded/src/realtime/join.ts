import { randomUUID } from 'node:crypto';
import { DatabaseUnavailable } from './authorization.ts';
import { bindingId, ChangesRefused } from './changes/index.ts';
import { Channel, type ChannelConfig } from './channel.ts';
import { isObject, type Incoming } from './frames.ts';
import type { Hub } from './hub.ts';
import { findReplay, readReplayRequest } from './replay.ts';
import type { Socket } from './socket.ts';
import { readToken, TokenRefused } from './token.ts';

/** Why a join was answered with an error; `code: message` is what the client sees. */
class JoinRefused extends Error {
	readonly code: string;
	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}

export const NO_DATABASE = 'Realtime was unable to connect to the project database';
export const mayNotRead = (name: string) => `You do not have permissions to read from this Channel topic: ${name}`;

/** Answers `phx_join`: the token is checked, then the policies for a private channel; a refusal says why. */
export async function join(hub: Hub, socket: Socket, message: Incoming): Promise<void> {
	socket.channels.get(message.topic)?.close();
	try {
		await admit(hub, socket, message);
	} catch (error) {
		const reason = explain(error);
		if (!reason) throw error;
		socket.reply(message, 'error', { reason });
		if (error instanceof JoinRefused && error.code === 'ClientJoinRateLimitReached') socket.close();
	}
}

async function admit(hub: Hub, socket: Socket, message: Incoming): Promise<void> {
	const { payload } = message;
	if (message.topic === 'realtime:') throw new JoinRefused('TopicNameRequired', 'You must provide a topic name');
	if (!socket.mayJoin()) throw new JoinRefused('ClientJoinRateLimitReached', 'Too many joins per second');
	if (socket.channels.size >= hub.limits.channelsPerSocket)
		throw new JoinRefused('ChannelRateLimitReached', 'Too many channels');

	const config = isObject(payload['config']) ? payload['config'] : {};
	const asked = payload['user_token'] ?? payload['access_token'];
	// a short API key speaks for nobody: then the socket's own key does
	const token = typeof asked === 'string' && asked !== '' && !asked.startsWith('sb_') ? asked : socket.token;
	const bearer = await readToken(hub.jwt, token);
	const channel = new Channel(
		hub,
		socket,
		message.topic,
		message.joinRef ?? message.ref,
		readConfig(config),
		bearer,
		token
	);
	channel.changes = readChanges(config);

	if (channel.isPrivate) {
		channel.access = await hub.authorization.read(channel.name, bearer);
		if (!channel.access.broadcast && !channel.access.presence)
			throw new JoinRefused('Unauthorized', mayNotRead(channel.name));
	}
	if (!socket.add(channel)) return;
	hub.topics.add(channel);
	try {
		const replayed = await replayFor(hub, channel, config);
		const { wait } = isObject(config['postgres_changes_options']) ? config['postgres_changes_options'] : {};
		if (channel.changes.length > 0 && wait === true) await hub.changes.subscribe(channel);
		if (channel.closed) return;

		channel.watchExpiry();
		channel.reply(message.ref, 'ok', {
			postgres_changes: channel.changes.map((change) => ({ ...change, id: bindingId(change) }))
		});
		if (channel.presence.enabled && channel.access.presence)
			channel.push('presence_state', hub.presence.state(channel));
		for (const broadcast of replayed) channel.replay(broadcast);
		const broadcast = isObject(config['broadcast']) ? config['broadcast'] : {};
		if (broadcast['replication_ready'] === true) channel.system('system', 'ok', 'Replication connection established');
		if (channel.changes.length > 0) {
			if (wait === true) channel.system('postgres_changes', 'ok', 'Subscribed to PostgreSQL');
			else void hub.changes.subscribeAndTell(channel);
		}
	} catch (error) {
		channel.forget();
		throw error;
	}
}

function readConfig(config: Record<string, unknown>): ChannelConfig {
	const broadcast = isObject(config['broadcast']) ? config['broadcast'] : {};
	const presence = isObject(config['presence']) ? config['presence'] : {};
	const key = presence['key'];
	return {
		isPrivate: config['private'] === true,
		self: broadcast['self'] === true,
		ack: broadcast['ack'] === true,
		presence: {
			enabled: presence['enabled'] === true,
			key: typeof key === 'string' && key !== '' ? key : randomUUID()
		}
	};
}

function readChanges(config: Record<string, unknown>): Record<string, unknown>[] {
	const changes = config['postgres_changes'];
	return Array.isArray(changes) ? changes.filter(isObject) : [];
}

async function replayFor(hub: Hub, channel: Channel, config: Record<string, unknown>) {
	const { replay } = isObject(config['broadcast']) ? config['broadcast'] : {};
	if (!isObject(replay)) return [];
	if (!channel.isPrivate) throw new JoinRefused('UnableToReplayMessages', 'Replay is not allowed for public channels');
	if (!channel.access.broadcast) throw new JoinRefused('Unauthorized', mayNotRead(channel.name));
	const request = readReplayRequest(replay);
	if (!request) throw new JoinRefused('UnableToReplayMessages', 'Replay params are not valid');
	channel.rememberHeard();
	return findReplay(hub.pool, channel.name, request).catch((error: Error) => {
		hub.log(`replay of ${channel.name}: ${error.message}`);
		throw new JoinRefused('UnableToReplayMessages', 'Realtime was unable to replay messages');
	});
}

function explain(error: unknown): string | null {
	if (error instanceof JoinRefused || error instanceof TokenRefused) return `${error.code}: ${error.message}`;
	if (error instanceof ChangesRefused) return `RealtimeDisabledForConfiguration: ${error.message}`;
	if (error instanceof DatabaseUnavailable) return `UnableToConnectToProject: ${NO_DATABASE}`;
	return null;
}
