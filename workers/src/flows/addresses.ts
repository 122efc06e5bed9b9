import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Where no flow may call: our own network, whatever name leads there (RFC 6890 and the clouds' own). */
const closed = new BlockList();
for (const [network, bits] of [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4],
	['240.0.0.0', 4]
] as const) {
	closed.addSubnet(network, bits, 'ipv4');
}
/** Of IPv6 only what is given to the world is open, but for the ways from there into IPv4 and documentation. */
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');
const closed6 = new BlockList();
for (const [network, bits] of [
	['2001::', 23],
	['2001:db8::', 32],
	['2002::', 16],
	['3fff::', 20]
] as const) {
	closed6.addSubnet(network, bits, 'ipv6');
}

/** Whether an address is one of the world's. */
export function isPublic(address: string): boolean {
	if (isIP(address) === 4) return !closed.check(address, 'ipv4');
	return isIP(address) === 6 && open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
}

export class AddressRefused extends Error {
	override name = 'AddressRefused';
}

/** Finds a name's address as connecting does, and refuses the name when any of its addresses is not the world's. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
	resolve(hostname, { ...options, all: true }, (error, addresses) => {
		if (error) return callback(error, '');
		const refused = addresses.find(({ address }) => !isPublic(address));
		const [first] = addresses;
		if (refused || !first)
			return callback(new AddressRefused(`${hostname} leads to ${refused?.address ?? 'nowhere'}`), '');
		if (options.all) callback(null, addresses);
		else callback(null, first.address, first.family);
	});
};
