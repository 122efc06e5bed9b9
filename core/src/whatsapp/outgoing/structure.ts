import { faultsBy, isObject, isThere } from './check.ts';
import type { Fault } from './faults.ts';
import type { ObjectRule, SectionsRule } from './rule.ts';

type Path = Fault['path'];

/** What is wrong with an object as a whole, once its fields were looked at one by one. */
export function* structureFaults(rule: ObjectRule, value: Record<string, unknown>, path: Path): Generator<Fault> {
	const present = (names: string[]) => names.filter((name) => isThere(value[name]));
	const { exactly_one: one, at_least_one: some, needs, also = [], sections, alike } = rule;

	if (one && present(one.of).length !== 1)
		yield { code: present(one.of).length === 0 ? one.none : one.many, path: [...path, one.of[0] ?? ''] };
	if (some && present(some.of).length === 0) yield { code: some.none, path: [...path, some.of[0] ?? ''] };
	if (needs && isThere(value[needs.with])) {
		for (const name of needs.fields) if (!isThere(value[name])) yield { code: needs.fault, path: [...path, name] };
	}
	for (const { when, is, field, rule: inner } of also) {
		if ((value[when] === true) === is && isThere(value[field])) yield* faultsBy(inner, value[field], [...path, field]);
	}
	if (sections && Array.isArray(value.sections)) yield* sectionsFaults(sections, value.sections, [...path, 'sections']);
	if (alike && Array.isArray(value.cards)) {
		const shapes = value.cards.map(shapeOf);
		const odd = shapes.findIndex((shape) => shape !== shapes[0]);
		if (odd > 0) yield { code: alike.fault, path: [...path, 'cards', odd] };
	}
}

function* sectionsFaults(rule: SectionsRule, sections: unknown[], path: Path): Generator<Fault> {
	const places = sections.flatMap((section, at) => {
		const items = isObject(section) ? section[rule.items] : undefined;
		return Array.isArray(items) ? items.map((item: unknown, index) => ({ item, at, index })) : [];
	});
	if (places.length > rule.max) yield { code: rule.many, path, limit: rule.max };

	const seen = new Set<unknown>();
	for (const { item, at, index } of places) {
		const id = isObject(item) ? item[rule.id] : undefined;
		if (typeof id !== 'string') continue;
		if (seen.has(id)) yield { code: rule.repeated, path: [...path, at, rule.items, index, rule.id] };
		seen.add(id);
	}
	if (sections.length < 2) return;
	for (const [at, section] of sections.entries())
		if (!isObject(section) || !isThere(section.title)) yield { code: rule.untitled, path: [...path, at, 'title'] };
}

/** What must be the same in every card: the kind of its header, the kinds of its buttons, whether it has a body. */
function shapeOf(card: unknown): string {
	if (!isObject(card)) return '';
	const header = isObject(card.header) && typeof card.header.type === 'string' ? card.header.type : '';
	const buttons = isObject(card.action) && Array.isArray(card.action.buttons) ? card.action.buttons.length : 0;
	return `${typeof card.type === 'string' ? card.type : ''} ${header} ${buttons}`;
}
