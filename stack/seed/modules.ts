import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import type { TransactionSql } from 'postgres';
import { SGP_APP, SGP_TOKEN } from '../../simulators/sgp/index.ts';
import type { Random } from './random.ts';

/** Who uses the played SGP. The bakery has nothing on: there one sees how an integration begins. */
const WITH_SGP = 'oficina';

/** The demo's integrations, switched on. */
export async function insertModules(
	sql: TransactionSql,
	{
		tenantId,
		slug,
		secretsKey,
		sgpUrl,
		random
	}: { tenantId: string; slug: string; secretsKey: string; sgpUrl: string; random: Random }
): Promise<void> {
	if (slug !== WITH_SGP) return;
	const id = random.uuid();
	const secret = await encryptSecret(await readSecretKeys(secretsKey), SGP_TOKEN, `${id}:token`);
	const configuration = JSON.stringify({ url: sgpUrl, app: SGP_APP, seconds: 8, unblock: true });
	const set = JSON.stringify({ token: new Date() });
	await sql`
		insert into public.tenant_modules (id, tenant_id, module, configuration, secrets_set)
		values (${id}, ${tenantId}, 'sgp', ${configuration}::text::jsonb, ${set}::text::jsonb)`;
	await sql`
		insert into private.module_secrets (module_id, name, key_id, nonce, ciphertext)
		values (${id}, 'token', ${secret.key_id}, ${Buffer.from(secret.nonce)}, ${Buffer.from(secret.ciphertext)})`;
}
