import { createECDH, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { z } from 'zod';

const Secrets = z.object({
	jwt_secret: z.string(),
	whatsapp_app_secret: z.string(),
	whatsapp_verify_token: z.string(),
	/** SECRETS_KEY: `<key id>:<base64 of 32 bytes>`. */
	secrets_key: z.string(),
	graph_token: z.string(),
	worker_password: z.string(),
	door_password: z.string(),
	/** Signs pushes (RFC 8292): raw public point and private scalar, base64url. */
	vapid: z.object({ public_key: z.string(), private_key: z.string() }).default(() => vapidKeys()),
	/** Missing in a folder made by an older version: made then. */
	channels_password: z.string().default(() => random(24)),
	modules_password: z.string().default(() => random(24)),
	ai_password: z.string().default(() => random(24))
});

export type Secrets = z.infer<typeof Secrets>;

/**
 * The secrets of this installation, made at its first start and kept beside its data, readable by their owner alone:
 * a clone shares none with another, and the rows encrypted with them outlive a restart.
 */
export function loadSecrets(file: string): Secrets {
	if (fs.existsSync(file)) {
		const kept = Secrets.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
		save(file, kept);
		return kept;
	}

	const secrets: Secrets = {
		jwt_secret: random(40),
		whatsapp_app_secret: randomBytes(16).toString('hex'),
		whatsapp_verify_token: random(18),
		secrets_key: `k1:${randomBytes(32).toString('base64')}`,
		vapid: vapidKeys(),
		graph_token: `EAA${random(60)}`,
		worker_password: random(24),
		door_password: random(24),
		channels_password: random(24),
		modules_password: random(24),
		ai_password: random(24)
	};
	save(file, secrets);
	return secrets;
}

function save(file: string, secrets: Secrets): void {
	fs.writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
}

/** The access token the simulator knows a demo company's channel by. */
export function graphToken(secrets: Secrets, slug: string): string {
	return `${secrets.graph_token}${slug}`;
}

function random(bytes: number): string {
	return randomBytes(bytes).toString('base64url');
}

function vapidKeys(): { public_key: string; private_key: string } {
	const pair = createECDH('prime256v1');
	pair.generateKeys();
	return {
		public_key: pair.getPublicKey('base64url', 'uncompressed'),
		// A scalar that begins with zeroes comes shorter than its 32 bytes.
		private_key: Buffer.from(pair.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url')
	};
}
