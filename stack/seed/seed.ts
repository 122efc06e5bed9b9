import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import postgres, { type TransactionSql } from 'postgres';
import { demoTemplates, listed } from '../../simulators/whatsapp/src/state/demo_templates.ts';
import { demoCustomers, userIdFor } from '../../simulators/whatsapp/src/state/customer.ts';
import { seedAccess } from './access.ts';
import { seedActions } from './actions.ts';
import { insertAi } from './ai.ts';
import { insertCanned } from './canned.ts';
import { writeCompany } from './company.ts';
import { TEAMS, demoTenants, type DemoPerson, type DemoTenant } from './demo.ts';
import { readDialogues } from './dialogue.ts';
import { bakery } from './dialogues/bakery.ts';
import { workshop } from './dialogues/workshop.ts';
import { showFiles, type PutFile } from './files.ts';
import { insertFlows } from './flows.ts';
import { insertHours } from './hours.ts';
import { insertRows } from './insert.ts';
import { insertModules } from './modules.ts';
import { inventPeople, type Person } from './names.ts';
import { seedNotifications } from './notifications.ts';
import { seedPromises } from './promises.ts';
import { createRandom, type Random } from './random.ts';
import { seedSeeing } from './seeing.ts';
import { seedTeams } from './teams.ts';
import type { Agent } from './thread.ts';
import { seedWorking } from './working.ts';
import { insertFilters } from './views.ts';

export interface SeedOptions {
	dbUrl: string;
	/** Makes the accounts and gives their ids by email. */
	users: (people: DemoPerson[]) => Promise<Map<string, string>>;
	/** SECRETS_KEY: encrypts the channels' tokens. */
	secretsKey: string;
	/** The access token of a company's channel at the simulator. */
	tokenOf: (slug: string) => string;
	/** Where the played SGP is. */
	sgpUrl: string;
	/** Stores the files that past messages show. */
	putFile: PutFile;
	say: (sentence: string) => void;
}

const SIZES: Record<string, { people: number; open: number; dialogues: string }> = {
	padaria: { people: 60, open: 24, dialogues: bakery },
	oficina: { people: 40, open: 15, dialogues: workshop }
};

/**
 * Fills an installation that has no company yet with the demo ones. What it writes differs between two runs in its dates
 * alone. Says whether it did.
 */
export async function seedWhenEmpty(options: SeedOptions): Promise<boolean> {
	const sql = postgres(options.dbUrl, { max: 1, onnotice: () => {} });
	try {
		const [found] = await sql`select from public.tenants limit 1`;
		if (found) return false;
		const startedAt = performance.now();
		const users = await options.users(demoTenants.flatMap(({ people }) => people));
		await sql.begin(async (transaction) => {
			for (const tenant of demoTenants) await seedTenant(transaction, tenant, users, options);
		});
		await sql`analyze`;
		options.say(`Seeded two demo companies in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
		return true;
	} finally {
		await sql.end();
	}
}

async function seedTenant(
	sql: TransactionSql,
	tenant: DemoTenant,
	users: Map<string, string>,
	options: SeedOptions
): Promise<void> {
	const random = createRandom(tenant.slug);
	const size = SIZES[tenant.slug] ?? { people: 20, open: 8, dialogues: bakery };
	const [tenantId, channelId] = [random.uuid(), random.uuid()];

	await sql`insert into public.tenants ${sql({ id: tenantId, name: tenant.name, slug: tenant.slug })}`;
	const agents = tenant.people.map(({ email, name }): Agent & { email: string } => ({
		id: users.get(email) ?? '',
		name,
		email
	}));
	await sql`insert into public.memberships ${sql(
		tenant.people.map(({ email, name, role }) => ({
			tenant_id: tenantId,
			user_id: users.get(email) ?? '',
			role,
			display_name: name
		}))
	)}`;
	await sql`insert into public.channels ${sql({ id: channelId, tenant_id: tenantId, type: 'whatsapp', ...tenant.channel })}`;
	await insertToken(sql, channelId, options);
	await insertTemplates(sql, tenantId, tenant.channel.waba_id);
	await insertHours(sql, tenantId, tenant.slug, new Date());

	const teams = TEAMS.map((name) => ({
		id: random.uuid(),
		name,
		members: agents.filter(({ email }) =>
			tenant.people.some((person) => person.email === email && person.teams.includes(name))
		)
	}));
	await sql`insert into public.teams ${sql(teams.map(({ id, name }) => ({ id, tenant_id: tenantId, name })))}`;
	await sql`insert into public.team_members ${sql(
		teams.flatMap(({ id, members }) =>
			members.map((member) => ({ tenant_id: tenantId, team_id: id, user_id: member.id }))
		)
	)}`;

	const answering = agents.filter(({ email }) =>
		tenant.people.some((person) => person.email === email && person.role === 'agent')
	);
	const company = {
		tenant_id: tenantId,
		channel_id: channelId,
		teams,
		agents: answering,
		people: peopleOf(tenant, size.people, random),
		dialogues: readDialogues(size.dialogues),
		open: size.open
	};
	const rows = writeCompany(company, new Date(), random);
	await showFiles(rows.messages, tenantId, tenant.slug, options.putFile);
	await insertRows(sql, rows);
	// After the past, which no rule was there for.
	await seedActions(sql, tenantId, tenant.slug, createRandom(`${tenant.slug} actions`));
	await seedTeams(sql, tenantId, teams, new Date(), random);
	await seedWorking(sql, tenant.slug, tenantId, answering);
	await seedSeeing(sql, tenant.slug, tenantId, answering, createRandom(`${tenant.slug} seeing`));
	await insertFilters(sql, {
		tenant_id: tenantId,
		supervisor: users.get(tenant.people.find(({ role }) => role === 'supervisor')?.email ?? '') ?? '',
		agents: answering.map(({ id }) => id)
	});
	const authorId = agents[0]?.id ?? '';
	await seedAccess(sql, tenant.slug, tenantId, authorId);
	await insertCanned(sql, { tenantId, slug: tenant.slug, authorId, random, put: options.putFile });
	await insertFlows(sql, tenantId, tenant.slug, authorId, createRandom(`${tenant.slug} flows`));
	const { secretsKey, sgpUrl } = options;
	await insertModules(sql, {
		tenantId,
		slug: tenant.slug,
		secretsKey,
		sgpUrl,
		random: createRandom(`${tenant.slug} modules`)
	});
	const handOverTeam = teams[0]?.id ?? '';
	await insertAi(sql, {
		tenantId,
		slug: tenant.slug,
		authorId,
		handOverTeam,
		random: createRandom(`${tenant.slug} ai`)
	});
	await seedPromises(sql, tenantId);
	await seedNotifications(sql, tenantId);

	async function insertToken(
		sql: TransactionSql,
		channel_id: string,
		{ secretsKey, tokenOf }: SeedOptions
	): Promise<void> {
		const keys = await readSecretKeys(secretsKey);
		const { key_id, nonce, ciphertext } = await encryptSecret(keys, tokenOf(tenant.slug), `${channel_id}:access_token`);
		await sql`
			insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
			values (${channel_id}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
	}
}

/** What the simulated WhatsApp holds for the account, as if it had just been read. */
async function insertTemplates(sql: TransactionSql, tenantId: string, wabaId: string): Promise<void> {
	const list = demoTemplates()
		.filter((template) => template.waba_id === wabaId)
		.map(listed);
	const at = new Date();
	await sql`
		insert into public.template_syncs (tenant_id, waba_id, status, found, started_at, finished_at, read_at)
		values (${tenantId}, ${wabaId}, 'done', 0, ${at}, ${at}, ${at})`;
	await sql`select private.store_templates(${tenantId}, ${wabaId}, ${at}, ${JSON.stringify(list)}::text::jsonb)`;
}

/** Those one can play on the simulator's phone are known to both companies, as neighbours are; the rest is invented. */
function peopleOf(tenant: DemoTenant, count: number, random: Random): Person[] {
	const playable = demoCustomers()
		.filter(({ on_whatsapp }) => on_whatsapp)
		.map((customer): Person => ({
			name: customer.name ?? '',
			phone: customer.wa_id,
			bsuid: userIdFor(customer, tenant.channel.waba_id),
			...(customer.username ? { username: customer.username.replace(/^@/, '') } : {})
		}));
	return [
		...playable,
		...inventPeople(
			random,
			count - playable.length,
			playable.map(({ phone }) => phone)
		)
	];
}
