/** Lucide's shapes (ISC licence), drawn at 24 × 24. @type {Record<string, [string, Record<string, string>][]>} */
const shapes = {
	paperclip: [
		[
			'path',
			{
				d: 'm16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551'
			}
		]
	],
	'send-horizontal': [
		[
			'path',
			{
				d: 'M3.714 3.048a.498.498 0 0 0-.683.627l2.843 7.627a2 2 0 0 1 0 1.396l-2.842 7.627a.498.498 0 0 0 .682.627l18-8.5a.5.5 0 0 0 0-.904z'
			}
		],
		['path', { d: 'M6 12h16' }]
	],
	reply: [
		['path', { d: 'M20 18v-2a4 4 0 0 0-4-4H4' }],
		['path', { d: 'm9 17-5-5 5-5' }]
	],
	pencil: [
		[
			'path',
			{
				d: 'M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497z'
			}
		],
		['path', { d: 'm15 5 4 4' }]
	],
	trash: [
		['path', { d: 'M10 11v6' }],
		['path', { d: 'M14 11v6' }],
		['path', { d: 'M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6' }],
		['path', { d: 'M3 6h18' }],
		['path', { d: 'M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2' }]
	],
	image: [
		['rect', { width: '18', height: '18', x: '3', y: '3', rx: '2', ry: '2' }],
		['circle', { cx: '9', cy: '9', r: '2' }],
		['path', { d: 'm21 15-3.086-3.086a2 2 0 0 0-2.828 0L6 21' }]
	],
	'file-text': [
		[
			'path',
			{
				d: 'M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z'
			}
		],
		['path', { d: 'M14 2v5a1 1 0 0 0 1 1h5' }],
		['path', { d: 'M10 9H8' }],
		['path', { d: 'M16 13H8' }],
		['path', { d: 'M16 17H8' }]
	],
	'map-pin': [
		[
			'path',
			{ d: 'M20 10c0 4.993-5.539 10.193-7.399 11.799a1 1 0 0 1-1.202 0C9.539 20.193 4 14.993 4 10a8 8 0 0 1 16 0' }
		],
		['circle', { cx: '12', cy: '10', r: '3' }]
	],
	'user-round': [
		['circle', { cx: '12', cy: '8', r: '5' }],
		['path', { d: 'M20 21a8 8 0 0 0-16 0' }]
	],
	sticker: [
		[
			'path',
			{
				d: 'M21 9a2.4 2.4 0 0 0-.706-1.706l-3.588-3.588A2.4 2.4 0 0 0 15 3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2z'
			}
		],
		['path', { d: 'M15 3v5a1 1 0 0 0 1 1h5' }],
		['path', { d: 'M8 13h.01' }],
		['path', { d: 'M16 13h.01' }],
		['path', { d: 'M10 16s.8 1 2 1c1.3 0 2-1 2-1' }]
	],
	mic: [
		['path', { d: 'M12 19v3' }],
		['path', { d: 'M19 10v2a7 7 0 0 1-14 0v-2' }],
		['rect', { x: '9', y: '2', width: '6', height: '13', rx: '3' }]
	],
	x: [
		['path', { d: 'M18 6 6 18' }],
		['path', { d: 'm6 6 12 12' }]
	],
	plus: [
		['path', { d: 'M5 12h14' }],
		['path', { d: 'M12 5v14' }]
	],
	'sliders-horizontal': [
		['path', { d: 'M10 5H3' }],
		['path', { d: 'M12 19H3' }],
		['path', { d: 'M14 3v4' }],
		['path', { d: 'M16 17v4' }],
		['path', { d: 'M21 12h-9' }],
		['path', { d: 'M21 19h-5' }],
		['path', { d: 'M21 5h-7' }],
		['path', { d: 'M8 10v4' }],
		['path', { d: 'M8 12H3' }]
	],
	users: [
		['path', { d: 'M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2' }],
		['path', { d: 'M16 3.128a4 4 0 0 1 0 7.744' }],
		['path', { d: 'M22 21v-2a4 4 0 0 0-3-3.87' }],
		['circle', { cx: '9', cy: '7', r: '4' }]
	],
	check: [['path', { d: 'M20 6 9 17l-5-5' }]],
	'check-check': [
		['path', { d: 'M18 6 7 17l-5-5' }],
		['path', { d: 'm22 10-7.5 7.5L13 16' }]
	],
	clock: [
		['circle', { cx: '12', cy: '12', r: '10' }],
		['path', { d: 'M12 6v6l4 2' }]
	],
	power: [
		['path', { d: 'M12 2v10' }],
		['path', { d: 'M18.4 6.6a9 9 0 1 1-12.77.04' }]
	],
	moon: [
		[
			'path',
			{
				d: 'M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401'
			}
		]
	],
	sun: [
		['circle', { cx: '12', cy: '12', r: '4' }],
		['path', { d: 'M12 2v2' }],
		['path', { d: 'M12 20v2' }],
		['path', { d: 'm4.93 4.93 1.41 1.41' }],
		['path', { d: 'm17.66 17.66 1.41 1.41' }],
		['path', { d: 'M2 12h2' }],
		['path', { d: 'M20 12h2' }],
		['path', { d: 'm6.34 17.66-1.41 1.41' }],
		['path', { d: 'm19.07 4.93-1.41 1.41' }]
	],
	languages: [
		['path', { d: 'm5 8 6 6' }],
		['path', { d: 'm4 14 6-6 2-3' }],
		['path', { d: 'M2 5h12' }],
		['path', { d: 'M7 2h1' }],
		['path', { d: 'm22 22-5-10-5 10' }],
		['path', { d: 'M14 18h6' }]
	],
	'chevron-down': [['path', { d: 'm6 9 6 6 6-6' }]],
	'triangle-alert': [
		['path', { d: 'm21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3' }],
		['path', { d: 'M12 9v4' }],
		['path', { d: 'M12 17h.01' }]
	],
	ban: [
		['circle', { cx: '12', cy: '12', r: '10' }],
		['path', { d: 'M4.929 4.929 19.07 19.071' }]
	],
	list: [
		['path', { d: 'M3 5h.01' }],
		['path', { d: 'M3 12h.01' }],
		['path', { d: 'M3 19h.01' }],
		['path', { d: 'M8 5h13' }],
		['path', { d: 'M8 12h13' }],
		['path', { d: 'M8 19h13' }]
	],
	play: [['path', { d: 'M5 5a2 2 0 0 1 3.008-1.728l11.997 6.998a2 2 0 0 1 .003 3.458l-12 7A2 2 0 0 1 5 19z' }]],
	download: [
		['path', { d: 'M12 15V3' }],
		['path', { d: 'M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4' }],
		['path', { d: 'm7 10 5 5 5-5' }]
	],
	megaphone: [
		[
			'path',
			{
				d: 'M11 6a13 13 0 0 0 8.4-2.8A1 1 0 0 1 21 4v12a1 1 0 0 1-1.6.8A13 13 0 0 0 11 14H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z'
			}
		],
		['path', { d: 'M6 14a12 12 0 0 0 2.4 7.2 2 2 0 0 0 3.2-2.4A8 8 0 0 1 10 14' }],
		['path', { d: 'M8 6v8' }]
	],
	forward: [
		['path', { d: 'm15 17 5-5-5-5' }],
		['path', { d: 'M4 18v-2a4 4 0 0 1 4-4h12' }]
	],
	store: [
		['path', { d: 'M15 21v-5a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v5' }],
		[
			'path',
			{
				d: 'M17.774 10.31a1.12 1.12 0 0 0-1.549 0 2.5 2.5 0 0 1-3.451 0 1.12 1.12 0 0 0-1.548 0 2.5 2.5 0 0 1-3.452 0 1.12 1.12 0 0 0-1.549 0 2.5 2.5 0 0 1-3.77-3.248l2.889-4.184A2 2 0 0 1 7 2h10a2 2 0 0 1 1.653.873l2.895 4.192a2.5 2.5 0 0 1-3.774 3.244'
			}
		],
		['path', { d: 'M4 10.95V19a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-8.05' }]
	],
	'arrow-up-right': [
		['path', { d: 'M7 7h10v10' }],
		['path', { d: 'M7 17 17 7' }]
	],
	'arrow-down-left': [
		['path', { d: 'M17 7 7 17' }],
		['path', { d: 'M17 17H7V7' }]
	],
	'shopping-bag': [
		['path', { d: 'M16 10a4 4 0 0 1-8 0' }],
		['path', { d: 'M3.103 6.034h17.794' }],
		[
			'path',
			{
				d: 'M3.4 5.467a2 2 0 0 0-.4 1.2V20a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2V6.667a2 2 0 0 0-.4-1.2l-2-2.667A2 2 0 0 0 17 2H7a2 2 0 0 0-1.6.8z'
			}
		]
	]
};

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An icon that says nothing to screen readers: whatever holds it carries the words.
 * @param {string} name
 * @param {number} [size]
 * @returns {SVGSVGElement}
 */
export function icon(name, size = 18) {
	const svg = document.createElementNS(SVG, 'svg');
	const attributes = { viewBox: '0 0 24 24', width: size, height: size, fill: 'none', stroke: 'currentColor' };
	for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
	svg.setAttribute('stroke-width', '1.75');
	svg.setAttribute('stroke-linecap', 'round');
	svg.setAttribute('stroke-linejoin', 'round');
	svg.setAttribute('aria-hidden', 'true');
	for (const [tag, shape] of shapes[name] ?? []) {
		const part = document.createElementNS(SVG, tag);
		for (const [key, value] of Object.entries(shape)) part.setAttribute(key, value);
		svg.append(part);
	}
	return svg;
}
