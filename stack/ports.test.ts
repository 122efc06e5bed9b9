import { expect, test } from 'vitest';
import { readPorts } from './ports.ts';

test('without any setting every service stands where the README says', () => {
	expect(readPorts({})).toEqual({
		gateway: 54321,
		postgres: 54322,
		web: 3000,
		mail: 54324,
		functions: 54325,
		smtp: 54326,
		whatsapp: 54330,
		model: 54331,
		sgp: 54332
	});
});

test('one offset moves every port, also those that were named', () => {
	expect(readPorts({ PORT_OFFSET: '100', PORT_WEB: '8080' })).toMatchObject({ gateway: 54421, web: 8180 });
	expect(readPorts({ PORT_OFFSET: '-1000' })).toMatchObject({ web: 2000 });
});

test('an empty setting is no setting', () => {
	expect(readPorts({ PORT_WEB: ' ', PORT_OFFSET: '' })).toMatchObject({ web: 3000 });
});

test('what is no port is refused in a sentence that names the variable', () => {
	expect(() => readPorts({ PORT_WEB: 'http' })).toThrow('PORT_WEB is "http", which is not a whole number.');
	expect(() => readPorts({ PORT_OFFSET: '1e3' })).toThrow('PORT_OFFSET is "1e3"');
	expect(() => readPorts({ PORT_OFFSET: '20000' })).toThrow(
		'PORT_GATEWAY would be 74321 (shifted by PORT_OFFSET=20000)'
	);
	expect(() => readPorts({ PORT_WEB: '0' })).toThrow('between 1 and 65535');
});

test('two services cannot share a port', () => {
	expect(() => readPorts({ PORT_MAIL: '54321' })).toThrow('PORT_GATEWAY and PORT_MAIL are both 54321');
});
