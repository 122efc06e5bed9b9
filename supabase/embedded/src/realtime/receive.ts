import { DatabaseUnavailable, type Extension } from './authorization.ts';
import type { Channel } from './channel.ts';
import { isObject, type Incoming } from './frames.ts';
import type { Hub } from './hub.ts';
import { join, mayNotRead, NO_DATABASE } from './join.ts';
import { persist } from './persist.ts';
import type { Socket } from './socket.ts';
import { readToken, TokenRefused } from './token.ts';

/** Does what a client's message asks for. Messages of one topic come in turn; those of different topics do not wait. */
export async function receive(hub: Hub, socket: Socket, message: Incoming): Promise<void> {
	const { event, topic, ref } = message;
	if (event === 'heartbeat' && topic === 'phoenix') return socket.reply(message, 'ok', {});
	if (event === 'phx_join' && topic.startsWith('realtime:')) return join(hub, socket, message);

	const channel = socket.channels.get(topic);
	if (event === 'phx_leave') {
		socket.reply(message, 'ok', {});
		return channel?.close();
	}
	if (!channel) return socket.reply(message, 'error', { reason: 'unmatched topic' });

	if (event === 'broadcast') return broadcast(hub, channel, message);
	if (event === 'presence') return presence(hub, channel, message);
	if (event === 'access_token') return refreshToken(hub, channel, message.payload['access_token']);
	hub.log(`unexpected message ${event} (${ref}) on ${topic}`);
}

async function broadcast(hub: Hub, channel: Channel, message: Incoming): Promise<void> {
	const sent = message.broadcast;
	if (!sent || !(await mayWrite(hub, channel, 'broadcast'))) return; // a hosted project drops it without a word too
	if (sent.body.length > hub.limits.payloadBytes) {
		if (channel.ack) channel.reply(message.ref, 'error', { reason: 'payload_size_exceeded' });
		return;
	}
	hub.topics.broadcast(channel.name, channel.isPrivate, sent, channel.self ? undefined : channel);
	if (message.persist && channel.isPrivate && !(await persist(hub.pool, channel.name, channel.bearer, sent)))
		return channel.reply(message.ref, 'error', {
			error: 'The policies on realtime.messages do not let this be stored'
		});
	if (channel.ack || message.persist) channel.reply(message.ref, 'ok');
}

async function presence(hub: Hub, channel: Channel, message: Incoming): Promise<void> {
	const now = Date.now();
	if (now > channel.presence.windowEnds) {
		channel.presence.windowEnds = now + hub.limits.presenceWindow;
		channel.presence.calls = 0;
	}
	if (++channel.presence.calls > hub.limits.presenceCalls)
		return channel.shutdown('Client presence rate limit exceeded');

	const event = String(message.payload['event']).toLowerCase();
	if (event === 'untrack') {
		hub.presence.untrack(channel);
		return channel.reply(message.ref, 'ok');
	}
	if (event !== 'track') return channel.reply(message.ref, 'error');
	if (!(await mayWrite(hub, channel, 'presence'))) return channel.reply(message.ref, 'error');
	const said = message.payload['payload'] ?? {};
	if (!isObject(said)) return channel.reply(message.ref, 'error', { reason: 'Presence track payload must be a map' });
	if (JSON.stringify(said).length > hub.limits.payloadBytes) return channel.shutdown('Track message size exceeded');

	hub.presence.track(channel, said);
	channel.reply(message.ref, 'ok');
	if (!channel.presence.enabled) {
		channel.presence.enabled = true; // who shows itself wants to see the others
		if (channel.access.presence) channel.push('presence_state', hub.presence.state(channel));
	}
}

/** Asked once for each channel, kind and token. */
async function mayWrite(hub: Hub, channel: Channel, extension: Extension): Promise<boolean> {
	if (!channel.isPrivate) return true;
	try {
		channel.mayWrite[extension] ??= await hub.authorization.write(channel.name, channel.bearer, extension);
	} catch (error) {
		if (!(error instanceof DatabaseUnavailable)) throw error;
		hub.log(`${extension} on ${channel.name}: ${error.message}`);
	}
	return channel.mayWrite[extension] === true;
}

/** A fresh token: the policies are asked anew, and a channel that may no longer be read is closed. */
async function refreshToken(hub: Hub, channel: Channel, token: unknown): Promise<void> {
	if (typeof token !== 'string' || token === channel.token || token.startsWith('sb_')) return;
	try {
		const bearer = await readToken(hub.jwt, token);
		const before = channel.access;
		const access = channel.isPrivate ? await hub.authorization.read(channel.name, bearer) : before;
		if (channel.closed) return;
		if (!access.broadcast && !access.presence) return channel.shutdown(mayNotRead(channel.name));
		const lost = (extension: Extension) => before[extension] && !access[extension];
		if (lost('broadcast') || (channel.presence.enabled && lost('presence')))
			return channel.shutdown(`You no longer have permission to read from this Channel topic: ${channel.name}`);

		Object.assign(channel, { token, bearer, access, mayWrite: {} });
		channel.watchExpiry();
		if (channel.changes.length > 0) await hub.changes.subscribeAndTell(channel);
	} catch (error) {
		if (error instanceof TokenRefused) return channel.shutdown(error.message);
		if (error instanceof DatabaseUnavailable) return channel.shutdown(NO_DATABASE);
		throw error;
	}
}
