/** What people are told about. `sql/82_notification_preferences.sql` holds the same; a test proves that both agree. */
export const NOTIFICATION_TYPES = [
	'assigned',
	'transferred',
	'mentioned',
	'message',
	'participating',
	'snooze_over',
	'sla_due',
	'rule'
] as const;

export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** By which ways: the bell and a toast, a sound, a push on their devices, a mail when they are away. */
export const NOTIFICATION_WAYS = ['in_app', 'sound', 'push', 'digest'] as const;

export type NotificationWay = (typeof NOTIFICATION_WAYS)[number];

export type Ways = Record<NotificationWay, boolean>;

/** What holds until a person says otherwise. */
export const DEFAULT_WAYS: Record<NotificationType, Ways> = {
	assigned: { in_app: true, sound: true, push: true, digest: true },
	transferred: { in_app: true, sound: true, push: true, digest: true },
	mentioned: { in_app: true, sound: true, push: true, digest: true },
	message: { in_app: true, sound: true, push: true, digest: true },
	participating: { in_app: true, sound: false, push: false, digest: false },
	snooze_over: { in_app: true, sound: true, push: true, digest: false },
	sla_due: { in_app: true, sound: true, push: true, digest: true },
	rule: { in_app: true, sound: false, push: false, digest: false }
};

export function isNotificationType(type: string): type is NotificationType {
	return (NOTIFICATION_TYPES as readonly string[]).includes(type);
}
