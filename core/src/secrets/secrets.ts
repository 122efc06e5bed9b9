/** The keys of `SECRETS_KEY`: the first encrypts, all of them decrypt, so that a key can be replaced step by step. */
export interface SecretKeys {
	current: string;
	keys: Map<string, CryptoKey>;
}

export interface Encrypted {
	key_id: string;
	nonce: Uint8Array<ArrayBuffer>;
	ciphertext: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();

/**
 * Reads `SECRETS_KEY`: `<key id>:<base64 of 32 bytes>[,<older id>:<base64>]`.
 * Throws with a sentence for whoever set it when it is not of that form; the sentence holds no key.
 */
export async function readSecretKeys(setting: string): Promise<SecretKeys> {
	const keys = new Map<string, CryptoKey>();
	for (const part of setting.split(',')) {
		const [, id, base64] = /^\s*([\w.-]+):([A-Za-z0-9+/]{43}=)\s*$/.exec(part) ?? [];
		if (id === undefined || base64 === undefined) {
			throw new Error('SECRETS_KEY must be <key id>:<base64 of 32 bytes>, several separated by commas');
		}
		if (keys.has(id)) throw new Error(`SECRETS_KEY names the key ${id} twice`);
		const raw = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
		keys.set(id, await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']));
	}
	const [current] = keys.keys();
	if (current === undefined) throw new Error('SECRETS_KEY is empty');
	return { current, keys };
}

/**
 * AES-256-GCM under the current key with a fresh nonce. `associated` (`<channel id>:<secret name>`) is bound in: a
 * ciphertext copied to another channel or name does not decrypt there.
 */
export async function encryptSecret(keys: SecretKeys, plaintext: string, associated: string): Promise<Encrypted> {
	const nonce = crypto.getRandomValues(new Uint8Array(12));
	const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: encoder.encode(associated) };
	const ciphertext = await crypto.subtle.encrypt(algorithm, keyOf(keys, keys.current), encoder.encode(plaintext));
	return { key_id: keys.current, nonce, ciphertext: new Uint8Array(ciphertext) };
}

/** The plaintext. Throws when the key is unknown, or anything was altered or belongs elsewhere. */
export async function decryptSecret(keys: SecretKeys, secret: Encrypted, associated: string): Promise<string> {
	const algorithm = { name: 'AES-GCM', iv: secret.nonce, additionalData: encoder.encode(associated) };
	const plaintext = await crypto.subtle.decrypt(algorithm, keyOf(keys, secret.key_id), secret.ciphertext);
	return new TextDecoder().decode(plaintext);
}

function keyOf(keys: SecretKeys, id: string): CryptoKey {
	const key = keys.keys.get(id);
	if (!key) throw new Error(`SECRETS_KEY has no key ${id}`);
	return key;
}
