import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { Batcher } from './batcher.ts';
import { ChannelSecrets } from './channel_secrets.ts';
import { connect } from './database.ts';
import type { Delivery } from './delivery.ts';
import { createDoor } from './door.ts';
import { receiveAll, type Received } from './receive.ts';

const env = (name: string) => Deno.env.get(name) ?? null;

const url = env('SUPABASE_DB_URL');
if (url === null) throw new Error('SUPABASE_DB_URL is not set: the WhatsApp door does not know its database');

const database = connect(url);
const batcher = new Batcher<Delivery, Received>((deliveries) => receiveAll(database.receive, deliveries));
const secrets = new ChannelSecrets(database.secretsOf, () => readSecretKeys(env('SECRETS_KEY') ?? ''));

Deno.serve(
	createDoor({
		own: { app_secret: env('WHATSAPP_APP_SECRET'), verify_token: env('WHATSAPP_VERIFY_TOKEN') },
		secretsOf: (channel) => secrets.of(channel),
		receive: (delivery) => batcher.add(delivery, delivery.json.length)
	})
);
