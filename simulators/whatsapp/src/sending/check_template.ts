import { checkTemplate } from '@prosa/core/whatsapp/templates/check.ts';
import type { SendFault } from '@prosa/core/whatsapp/templates/faults.ts';
import { documented } from '../graph/error.ts';
import type { Business } from '../state/business.ts';
import type { Template } from '../state/templates.ts';
import type { World } from '../world.ts';

/** Which of Meta's codes a fault is answered with. */
function codeOf(fault: SendFault): number {
	if (fault === 'body_too_long' || fault === 'header_too_long') return 132005;
	if (fault === 'body_count' || fault === 'header_count' || fault === 'header_unexpected' || fault === 'cards_count')
		return 132000;
	if (fault === 'button_missing' || fault === 'value_empty' || fault === 'offer_missing') return 131008;
	return 132012;
}

/** The template a send names, if Meta would send it with these values. Throws 132001, 132015, 132016, 132000, 132005, 132012. */
export function checkSend(world: World, business: Business, content: Record<string, unknown>): Template {
	const { name, language, components } = content as { name: string; language: { code: string }; components?: unknown };
	const [template] = world.templates.named(business.waba_id, name, language.code.replace('-', '_'));
	if (template?.status === 'PAUSED') throw documented(132015);
	if (template?.status === 'DISABLED') throw documented(132016);
	if (template?.status !== 'APPROVED')
		throw documented(132001, `template name (${name}) does not exist in ${language.code}`);
	const { fault } = checkTemplate(template, components);
	if (fault) throw documented(codeOf(fault), `${name}: ${fault}`);
	return template;
}
