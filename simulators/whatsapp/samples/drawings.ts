/** A photo's worth of picture: things on a table, with light from a window. SVG, 1,280 × 960 unless said otherwise. */
const scene = (body: string, [wall, table]: [string, string], width = 1280, height = 960) => `
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<defs>
<linearGradient id="wall" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".75"/><stop offset="1" stop-color="#000" stop-opacity=".18"/></linearGradient>
<radialGradient id="light" cx=".3" cy=".2" r=".9"><stop offset="0" stop-color="#fff8e0" stop-opacity=".55"/><stop offset="1" stop-color="#402010" stop-opacity=".25"/></radialGradient>
<filter id="soft" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="14"/></filter>
<filter id="grain" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2" seed="7"/><feColorMatrix values="0 0 0 0 .5  0 0 0 0 .45  0 0 0 0 .4  0 0 0 .16 0"/></filter>
<filter id="crumb" x="-5%" y="-5%" width="110%" height="110%"><feTurbulence type="fractalNoise" baseFrequency=".05" numOctaves="4" seed="3" result="n"/><feDisplacementMap in="SourceGraphic" in2="n" scale="22"/></filter>
</defs>
<rect width="${width}" height="${height}" fill="${wall}"/><rect width="${width}" height="${height}" fill="url(#wall)"/>
<rect y="${height * 0.62}" width="${width}" height="${height * 0.38}" fill="${table}"/>
${body}
<rect width="${width}" height="${height}" fill="url(#light)"/><rect width="${width}" height="${height}" filter="url(#grain)"/>
</svg>`;

const strawberry = (x: number, y: number) =>
	`<g transform="translate(${x} ${y})"><path d="M0 46 C-34 20 -38 -16 -14 -22 C0 -26 0 -26 14 -22 C38 -16 34 20 0 46Z" fill="#c8202c"/><path d="M-20 -22 L0 -34 L20 -22 L0 -14Z" fill="#3f7d3a"/><circle cx="-10" cy="2" r="2.5" fill="#ffd98a"/><circle cx="8" cy="-4" r="2.5" fill="#ffd98a"/><circle cx="2" cy="18" r="2.5" fill="#ffd98a"/></g>`;

/** The birthday cake somebody has in mind. */
export const cake = scene(
	`<ellipse cx="640" cy="800" rx="430" ry="70" fill="#000" opacity=".35" filter="url(#soft)"/>
<ellipse cx="640" cy="770" rx="420" ry="80" fill="#f4f1ea"/>
<path d="M320 560 V740 A320 70 0 0 0 960 740 V560Z" fill="#4a2616"/><ellipse cx="640" cy="560" rx="320" ry="72" fill="#5d3220"/>
<path d="M320 560 q30 90 60 10 q30 130 70 20 q40 100 80 10 q40 120 90 10 q40 110 90 0 q40 100 80 10 q40 110 80 -10 q40 60 90 -50 A320 72 0 0 1 320 560Z" fill="#2c140a"/>
<path d="M420 380 V520 A220 48 0 0 0 860 520 V380Z" fill="#f2c6cf"/><ellipse cx="640" cy="380" rx="220" ry="50" fill="#fbe3e7"/>
${[440, 520, 600, 680, 760, 840].map((x, i) => strawberry(x, 352 + (i % 2) * 16)).join('')}
<g stroke="#e9b949" stroke-width="9"><path d="M560 330 V220 M640 326 V206 M720 330 V220"/></g>
<g fill="#ffb02e"><path d="M560 214 q-16 -26 0 -52 q16 26 0 52Z M640 200 q-16 -26 0 -52 q16 26 0 52Z M720 214 q-16 -26 0 -52 q16 26 0 52Z"/></g>
<text x="640" y="470" text-anchor="middle" font-family="serif" font-style="italic" font-size="58" fill="#a33c55">Parabéns, Alice</text>`,
	['#c9b8a8', '#8a5a36']
);

/** Yesterday's loaf, cut. */
export const bread = scene(
	`<ellipse cx="640" cy="770" rx="470" ry="70" fill="#000" opacity=".4" filter="url(#soft)"/>
<rect x="170" y="660" width="940" height="110" rx="26" fill="#b98550"/><rect x="170" y="660" width="940" height="30" rx="15" fill="#d3a26b"/>
<g filter="url(#crumb)"><path d="M250 650 C230 430 420 340 640 350 C880 340 1050 440 1030 650 Q1030 690 640 690 Q250 690 250 650Z" fill="#8c5223"/>
<path d="M300 630 C300 470 450 395 640 400 C830 395 980 470 980 630 Q980 660 640 660 Q300 660 300 630Z" fill="#d9a866"/>
${[420, 560, 700, 840].map((x) => `<path d="M${x} 400 q50 40 30 110 q-60 -40 -30 -110Z" fill="#f1d3a0"/>`).join('')}</g>
<g transform="rotate(-14 930 560)"><path d="M700 610 H1120 q40 0 40 26 H700Z" fill="#dfe3e6"/><rect x="560" y="604" width="150" height="36" rx="16" fill="#3a2a20"/></g>`,
	['#b9c2c4', '#6f4a31']
);

/** A dashboard with its engine light on. */
export const dashboard = scene(
	`<rect x="0" y="230" width="1280" height="560" rx="120" fill="#17191d"/>
${[360, 920]
	.map(
		(x, i) => `<circle cx="${x}" cy="500" r="220" fill="#0c0d10" stroke="#3b4048" stroke-width="14"/>
<g stroke="#e7ecef" stroke-width="6">${Array.from({ length: 13 }, (_, k) => {
			const a = Math.PI * (0.75 + (k * 1.5) / 12);
			return `<path d="M${x + 178 * Math.cos(a)} ${500 + 178 * Math.sin(a)} L${x + 204 * Math.cos(a)} ${500 + 204 * Math.sin(a)}"/>`;
		}).join('')}</g>
<path d="M${x} 500 L${x + (i ? -96 : -140)} ${i ? 385 : 560}" stroke="#e23b2e" stroke-width="11" stroke-linecap="round"/><circle cx="${x}" cy="500" r="26" fill="#2a2e35"/>`
	)
	.join('')}
<g transform="translate(640 650)"><rect x="-70" y="-44" width="140" height="88" rx="16" fill="#2b1a05"/><path d="M-40 -16 h16 v-14 h34 v14 h18 l14 14 v22 h-14 l-14 12 h-38 l-16 -16 Z" fill="none" stroke="#ffb020" stroke-width="8"/></g>
<text x="640" y="350" text-anchor="middle" font-family="monospace" font-size="54" fill="#9fe0ff">084.512 km</text>`,
	['#3c4652', '#20242a']
);

/** One moment of the sticker that waves: a loaf with a face, 0 to 1 of its swing. */
export function wavingLoaf(moment: number, size = 384): string {
	const lean = Math.sin(moment * Math.PI * 2) * 10;
	const arm = -40 + Math.sin(moment * Math.PI * 4) * 35;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 384 384"><g transform="rotate(${lean} 192 330)">
<path d="M86 330 C60 190 110 90 192 92 C274 90 324 190 298 330 Q298 352 192 352 Q86 352 86 330Z" fill="#fff" stroke="#fff" stroke-width="26" stroke-linejoin="round"/>
<g transform="rotate(${arm} 292 214)"><path d="M286 214 q50 -18 72 -62" stroke="#8c5223" stroke-width="18" fill="none" stroke-linecap="round"/></g>
<path d="M96 214 q-40 30 -44 70" stroke="#8c5223" stroke-width="18" fill="none" stroke-linecap="round"/>
<path d="M86 330 C60 190 110 90 192 92 C274 90 324 190 298 330 Q298 352 192 352 Q86 352 86 330Z" fill="#c98742"/>
<path d="M140 120 q24 24 12 60 M192 108 q24 24 12 60 M240 122 q24 24 12 60" stroke="#f4d9a6" stroke-width="14" fill="none" stroke-linecap="round"/>
<circle cx="154" cy="230" r="15" fill="#33200f"/><circle cx="230" cy="230" r="15" fill="#33200f"/><circle cx="159" cy="225" r="5" fill="#fff"/><circle cx="235" cy="225" r="5" fill="#fff"/>
<path d="M160 268 q32 36 64 0" stroke="#33200f" stroke-width="10" fill="none" stroke-linecap="round"/><circle cx="128" cy="262" r="13" fill="#e78f7a" opacity=".7"/><circle cx="256" cy="262" r="13" fill="#e78f7a" opacity=".7"/>
</g></svg>`;
}
