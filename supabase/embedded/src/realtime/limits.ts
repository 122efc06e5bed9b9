/** What one client may ask for. The values are those of a hosted project on its paid plan, where it has the same limit. */
export interface Limits {
	channelsPerSocket: number;
	/** A socket that joins faster is closed. */
	joinsPerSecond: number;
	/** Messages a socket may send in one second, whatever they are; one that sends more is closed. */
	messagesPerSecond: number;
	/** Presence calls of one channel: so many in each window, then the channel is closed. */
	presenceCalls: number;
	presenceWindow: number;
	/** Bytes of one broadcast or presence payload. */
	payloadBytes: number;
	/** Bytes of one changed row; a larger one arrives without its large values. */
	changeBytes: number;
	/** Bytes of one incoming frame; a socket that sends a larger one is closed. */
	frameBytes: number;
	/** Bytes that may wait for a slow reader before its socket is closed. */
	bufferedBytes: number;
	/** Milliseconds without any frame, heartbeats included, after which a socket counts as dead. */
	idle: number;
}

export const LIMITS: Limits = {
	channelsPerSocket: 100,
	joinsPerSecond: 100,
	messagesPerSecond: 1000,
	presenceCalls: 5,
	presenceWindow: 30_000,
	payloadBytes: 3_000_000,
	changeBytes: 1_048_576,
	frameBytes: 5_000_000,
	bufferedBytes: 8_000_000,
	idle: 60_000
};
