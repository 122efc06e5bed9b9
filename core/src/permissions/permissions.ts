/** What a person may do in a workspace. The same list stands in sql/11_memberships.sql; a test compares them. */
export const PERMISSIONS = [
	'conversations.read',
	'conversations.read_all',
	'conversations.pick',
	'conversations.reply',
	'conversations.assign',
	'conversations.close',
	'conversations.merge',
	'contacts.read',
	'contacts.write',
	'contacts.merge',
	'channels.read',
	'channels.manage',
	'modules.manage',
	'templates.read',
	'templates.manage',
	'costs.read',
	'members.read',
	'members.manage',
	'roles.manage',
	'teams.manage',
	'availability.manage',
	'hours.manage',
	'tags.manage',
	'attributes.manage',
	'filters.share',
	'macros.share',
	'canned_responses.manage',
	'automation.manage',
	'flows.read',
	'flows.manage',
	'ai.read',
	'ai.manage',
	'ai.assist',
	'webhooks.read',
	'audit.read',
	'reports.read',
	'tenant.read',
	'tenant.manage'
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['admin', 'supervisor', 'agent', 'viewer', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

const NOT_FOR_SUPERVISORS: Permission[] = [
	'tenant.manage',
	'members.manage',
	'roles.manage',
	'channels.manage',
	'modules.manage',
	'webhooks.read'
];

export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
	admin: PERMISSIONS,
	supervisor: PERMISSIONS.filter((permission) => !NOT_FOR_SUPERVISORS.includes(permission)),
	agent: [
		'conversations.read',
		'conversations.pick',
		'conversations.reply',
		'conversations.assign',
		'conversations.close',
		'conversations.merge',
		'contacts.read',
		'contacts.write',
		'channels.read',
		'templates.read',
		'flows.read',
		'ai.read',
		'ai.assist',
		'members.read',
		'tenant.read'
	],
	viewer: [
		'conversations.read',
		'conversations.read_all',
		'contacts.read',
		'channels.read',
		'templates.read',
		'flows.read',
		'ai.read',
		'members.read',
		'tenant.read'
	],
	analyst: ['reports.read', 'costs.read', 'tenant.read']
};

/** Whether a role holds a permission. The database decides; this only saves the web from showing what it would refuse. */
export function allows(role: Role, permission: Permission): boolean {
	return ROLE_PERMISSIONS[role].includes(permission);
}
