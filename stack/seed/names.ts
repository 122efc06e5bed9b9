import type { Random } from './random.ts';

const FIRST = [
	'Adriana',
	'Aline',
	'André',
	'Antônia',
	'Beatriz',
	'Bruna',
	'Camila',
	'Carlos',
	'Cecília',
	'Cláudio',
	'Cristiane',
	'Daniel',
	'Débora',
	'Diego',
	'Eduarda',
	'Elaine',
	'Fábio',
	'Fernanda',
	'Flávia',
	'Francisco',
	'Gabriel',
	'Gisele',
	'Gustavo',
	'Helena',
	'Henrique',
	'Igor',
	'Isabela',
	'Ivan',
	'Jaqueline',
	'Jéssica',
	'José',
	'Juliana',
	'Kátia',
	'Leandro',
	'Letícia',
	'Lucas',
	'Luciana',
	'Luiz',
	'Marcela',
	'Márcio',
	'Mariana',
	'Mateus',
	'Natália',
	'Nelson',
	'Olívia',
	'Paula',
	'Pedro',
	'Priscila',
	'Rafael',
	'Raquel',
	'Renata',
	'Ricardo',
	'Rodrigo',
	'Rosângela',
	'Sandra',
	'Sérgio',
	'Simone',
	'Tatiana',
	'Thiago',
	'Valéria',
	'Vanessa',
	'Vinícius',
	'Yasmin'
] as const;

const LAST = [
	'Almeida',
	'Alves',
	'Amaral',
	'Andrade',
	'Araújo',
	'Barbosa',
	'Barros',
	'Batista',
	'Borges',
	'Campos',
	'Cardoso',
	'Castro',
	'Coelho',
	'Correia',
	'Costa',
	'Dias',
	'Esteves',
	'Fonseca',
	'Freitas',
	'Gomes',
	'Gonçalves',
	'Guimarães',
	'Machado',
	'Magalhães',
	'Melo',
	'Mendes',
	'Monteiro',
	'Moraes',
	'Moura',
	'Nascimento',
	'Oliveira',
	'Pacheco',
	'Peixoto',
	'Pereira',
	'Pinto',
	'Queiroz',
	'Ramos',
	'Reis',
	'Ribeiro',
	'Rocha',
	'Santana',
	'Santos',
	'Silva',
	'Siqueira',
	'Soares',
	'Souza',
	'Teixeira',
	'Vasconcelos',
	'Vieira',
	'Xavier'
] as const;

/** Area codes, the neighbourhood's own most of all. */
const AREAS = [
	'11',
	'11',
	'11',
	'11',
	'11',
	'11',
	'12',
	'13',
	'19',
	'21',
	'31',
	'41',
	'48',
	'51',
	'61',
	'71',
	'81',
	'85'
] as const;

export interface Person {
	name: string;
	/** Digits with the country code. Null for somebody who hides it. */
	phone: string | null;
	username?: string;
	/** Business-scoped user id, where the person is known by one. */
	bsuid?: string;
}

/** Invented people, no two alike and none with a number of `taken`. */
export function inventPeople(random: Random, count: number, taken: Iterable<string | null>): Person[] {
	const names = new Set<string>();
	const phones = new Set(taken);
	const people: Person[] = [];
	while (people.length < count) {
		const name = `${random.pick(FIRST)} ${random.pick(LAST)}`;
		const phone = `55${random.pick(AREAS)}9${random.between(60_000_000, 99_999_999)}`;
		if (names.has(name) || phones.has(phone)) continue;
		names.add(name);
		phones.add(phone);
		people.push({ name, phone });
	}
	return people;
}
