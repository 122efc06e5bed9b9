import type { TransactionSql } from 'postgres';

/** A role each company made for itself, and whom they have invited into it and not heard from yet. */
const ACCESS: Record<string, { role: string; description: string; permissions: string[]; invited: string }> = {
	padaria: {
		role: 'Caixa',
		description: 'Consulta pedidos e pagamentos, sem responder clientes.',
		permissions: [
			'channels.read',
			'contacts.read',
			'conversations.read',
			'conversations.read_all',
			'costs.read',
			'members.read',
			'templates.read',
			'tenant.read'
		],
		invited: 'helena@padaria.test'
	},
	oficina: {
		role: 'Recepção',
		description: 'Atende e distribui para os mecânicos.',
		permissions: [
			'availability.manage',
			'contacts.read',
			'contacts.write',
			'conversations.assign',
			'conversations.close',
			'conversations.pick',
			'conversations.read',
			'conversations.read_all',
			'conversations.reply',
			'members.read',
			'templates.read',
			'tenant.read'
		],
		invited: 'marcio@oficina.test'
	}
};

/** A role of the company's own and an open invitation into it. The company has its first steps behind it. */
export async function seedAccess(sql: TransactionSql, slug: string, tenantId: string, adminId: string): Promise<void> {
	await sql`update public.tenants set first_steps_closed_at = now() where id = ${tenantId}`;
	const access = ACCESS[slug];
	if (!access) return;
	await sql`
		with role as (
			insert into public.roles (tenant_id, name, description, permissions)
			values (${tenantId}, ${access.role}, ${access.description}, ${access.permissions})
			returning id
		)
		insert into public.invitations (tenant_id, email, role_id, invited_by, sent_at, created_at, expires_at)
		select ${tenantId}, ${access.invited}, id, ${adminId}, now() - interval '2 days', now() - interval '2 days', now() + interval '5 days'
		from role`;
}
