import type { Business } from '../state/business.ts';
import { userIdFor, type Customer } from '../state/customer.ts';
import { NotThere, type ControlCall } from './call.ts';

/** The business a call names. Throws NotThere with the ones there are. */
export function business(call: ControlCall, phoneNumberId: string): Business {
	const found = call.world.businessOf(phoneNumberId);
	if (found) return found;
	const numbers = call.world.businesses().map((one) => one.phone_number_id);
	throw new NotThere(`no phone number ${phoneNumberId}; there are ${numbers.join(', ')}`);
}

/** The person a call names, by any address. Throws NotThere. */
export function customer(call: ControlCall, id: string): Customer {
	const found = call.world.directory.find(id, call.world.businesses());
	if (!found) throw new NotThere(`no customer ${id}`);
	return found;
}

/** A person as the control API shows them: with the id each account knows them by. */
export const shown = (call: ControlCall, person: Customer): object => ({
	...person,
	user_ids: Object.fromEntries(call.world.businesses().map((one) => [one.waba_id, userIdFor(person, one.waba_id)]))
});
