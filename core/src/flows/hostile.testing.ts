/* Files that are no flows, as they come by accident or on purpose: what each is, its text, and the place that is refused. */

const start = { id: 's', type: 'start' };
const end = { id: 'e', type: 'end' };
const whole = { format: 1, nodes: [start, end], edges: [{ from: 's', branch: 'next', to: 'e' }] };
const text = (changes: object) => JSON.stringify({ ...whole, ...changes });
const withNode = (node: object) => text({ nodes: [start, end, node] });
const raw = (node: string) => `{"format":1,"nodes":[{"id":"s","type":"start"},${node}],"edges":[]}`;

export const HOSTILE: readonly { what: string; text: string; path: string; code: string }[] = [
	{ what: 'nothing at all', text: '', path: '', code: 'not_json' },
	{ what: 'a page of HTML', text: '<!doctype html><script>alert(1)</script>', path: '', code: 'not_json' },
	{ what: 'JSON with a comment', text: '{"format":1 /* oi */}', path: '@12', code: 'not_json' },
	{ what: 'a byte order mark kept as a character', text: `\ufeff${text({})}`, path: '', code: 'not_json' },
	{ what: 'UTF-16 read as UTF-8', text: text({}).split('').join('\0'), path: '@1', code: 'not_json' },
	{ what: 'two documents in a row', text: text({}) + text({}), path: `@${text({}).length}`, code: 'not_json' },
	{ what: 'NaN', text: '{"format":NaN}', path: '', code: 'not_json' },
	{ what: 'ten megabytes', text: `{"format":1,"x":"${'a'.repeat(10_000_000)}"}`, path: '', code: 'too_large' },
	{ what: 'a crowd of empty lists', text: `[${'[],'.repeat(200_000)}[]]`, path: '[99999]', code: 'too_large' },
	{
		what: 'a pit of objects',
		text: '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000),
		path: Array.from({ length: 25 }, () => 'a').join('.'),
		code: 'too_deep'
	},
	{
		what: 'a prototype deep inside',
		text: raw('{"id":"x","type":"http","headers":[{"__proto__":{"admin":true}}]}'),
		path: 'nodes[1].headers[0].__proto__',
		code: 'key_forbidden'
	},
	{
		what: 'a prototype by an escape',
		text: '{"\\u005f_proto__":{"x":1},"format":1}',
		path: '__proto__',
		code: 'key_forbidden'
	},
	{
		what: 'half a surrogate pair by an escape',
		text: raw('{"id":"x","type":"message","text":"\\ud83d"}'),
		path: 'nodes[1].text',
		code: 'characters_invalid'
	},
	{
		what: 'a field named by half a character',
		text: raw('{"id":"x","type":"message","\\udc00":1}'),
		path: 'nodes[1]',
		code: 'characters_invalid'
	},
	{
		what: 'a number beyond all numbers',
		text: raw('{"id":"x","type":"wait","seconds":1e999}'),
		path: 'nodes[1].seconds',
		code: 'not_json'
	},
	{
		what: 'a place beyond the paper',
		text: raw('{"id":"x","type":"end","position":{"x":1e300,"y":0}}'),
		path: 'nodes[1].position.x',
		code: 'too_big'
	},
	{ what: 'a format of tomorrow', text: text({ format: 2 }), path: 'format', code: 'invalid_value' },
	{ what: 'no format', text: '{"nodes":[],"edges":[]}', path: 'format', code: 'invalid_value' },
	{ what: 'a format as a word', text: text({ format: '1' }), path: 'format', code: 'invalid_value' },
	{ what: 'blocks by name, not in a list', text: text({ nodes: { s: start } }), path: 'nodes', code: 'invalid_type' },
	{ what: 'a block that is null', text: text({ nodes: [start, null] }), path: 'nodes[1]', code: 'invalid_type' },
	{
		what: 'a kind of block that runs code',
		text: withNode({ id: 'x', type: 'script' }),
		path: 'nodes[2].type',
		code: 'invalid_union'
	},
	{
		what: 'a kind that every object has',
		text: withNode({ id: 'x', type: 'toString' }),
		path: 'nodes[2].type',
		code: 'invalid_union'
	},
	{
		what: 'a number for a text',
		text: withNode({ id: 'x', type: 'message', text: 7 }),
		path: 'nodes[2].text',
		code: 'invalid_type'
	},
	{
		what: 'an id that is a path',
		text: withNode({ id: '../../etc', type: 'end' }),
		path: 'nodes[2].id',
		code: 'invalid_format'
	},
	{ what: 'an id twice', text: withNode(end), path: 'nodes[2].id', code: 'id_repeated' },
	{
		what: 'a line from nowhere',
		text: text({ edges: [{ from: 'x', branch: 'next', to: 'e' }] }),
		path: 'edges[0].from',
		code: 'node_unknown'
	},
	{
		what: 'a line with a secret field',
		text: text({ edges: [{ from: 's', branch: 'next', to: 'e', onclick: 'x()' }] }),
		path: 'edges[0].onclick',
		code: 'unrecognized_keys'
	},
	{
		what: 'another flow by a name',
		text: withNode({ id: 'x', type: 'flow', flow_id: "'; drop table flows" }),
		path: 'nodes[2].flow_id',
		code: 'invalid_format'
	},
	{
		what: 'a variable over what we keep',
		text: text({ variables: [{ name: 'tenant', type: 'text' }] }),
		path: 'variables[0].name',
		code: 'variable_name'
	},
	{
		what: 'a thousand lines too many',
		text: text({ edges: Array.from({ length: 2_001 }, () => whole.edges[0]) }),
		path: 'edges',
		code: 'too_big'
	}
];

/** Strange, and a flow all the same: what it says is data, and stays text. */
export const STRANGE: readonly { what: string; text: string }[] = [
	{
		what: 'scripts in texts',
		text: withNode({
			id: 'x',
			type: 'message',
			text: '<img src=x onerror=alert(1)>',
			name: '</script><script>alert(1)</script>'
		})
	},
	{
		what: 'a circle of blocks',
		text: text({
			nodes: [start, { id: 'a', type: 'message', text: 'Oi' }],
			edges: [
				{ from: 's', branch: 'next', to: 'a' },
				{ from: 'a', branch: 'next', to: 'a' }
			]
		})
	},
	{
		what: 'a flow that calls itself by an id that is not there',
		text: withNode({ id: 'x', type: 'flow', flow_id: '00000000-0000-4000-8000-000000000000' })
	}
];
