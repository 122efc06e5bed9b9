import type { CallContent } from '@prosa/core/whatsapp/content.ts';
import PhoneIncoming from '@lucide/svelte/icons/phone-incoming';
import PhoneMissed from '@lucide/svelte/icons/phone-missed';
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing';
import { m } from '#lib/paraglide/messages.js';
import { durationText } from '#lib/media/waveform.ts';

/** How a call is told: rang, missed, or how long it took. */
export function callOf({ status, event, duration_seconds: seconds }: CallContent, out: boolean) {
	const ended = event === 'terminate' || status !== null;
	const missed = ended && (!seconds || /reject|miss|fail|no_?answer|busy|timeout/i.test(status ?? ''));
	if (missed) return { icon: PhoneMissed, label: out ? m.call_unanswered() : m.call_missed(), note: null, missed };
	const icon = out ? PhoneOutgoing : PhoneIncoming;
	const label = out ? m.call_made() : m.call_received();
	return { icon, label, note: seconds ? durationText(seconds) : ended ? null : m.call_ringing(), missed };
}
