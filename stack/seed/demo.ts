/*
 * The two demo companies: names that README, tests and tools rely on.
 */

export type Role = 'admin' | 'supervisor' | 'agent' | 'viewer' | 'analyst';

export interface DemoPerson {
	email: string;
	name: string;
	role: Role;
	teams: string[];
}

export interface DemoTenant {
	slug: string;
	name: string;
	channel: { name: string; phone_number_id: string; waba_id: string; display_phone_number: string };
	people: DemoPerson[];
}

export const DEMO_PASSWORD = 'demo-prosa';

export const TEAMS = ['Atendimento', 'Vendas'] as const;

export const demoTenants: DemoTenant[] = [
	{
		slug: 'padaria',
		name: 'Padaria Pão Quente',
		channel: {
			name: 'WhatsApp da padaria',
			phone_number_id: '106540352242922',
			waba_id: '102290129340398',
			display_phone_number: '551130030001'
		},
		people: [
			{ email: 'ana@padaria.test', name: 'Ana Ribeiro', role: 'admin', teams: [] },
			{ email: 'sofia@padaria.test', name: 'Sofia Martins', role: 'supervisor', teams: ['Atendimento', 'Vendas'] },
			{ email: 'caio@padaria.test', name: 'Caio Duarte', role: 'agent', teams: ['Atendimento'] },
			{ email: 'duda@padaria.test', name: 'Duda Farias', role: 'agent', teams: ['Vendas'] },
			{ email: 'vera@padaria.test', name: 'Vera Lopes', role: 'viewer', teams: [] }
		]
	},
	{
		slug: 'oficina',
		name: 'Oficina do Bruno',
		channel: {
			name: 'WhatsApp da oficina',
			phone_number_id: '106540352242933',
			waba_id: '102290129340399',
			display_phone_number: '551130030002'
		},
		people: [
			{ email: 'bruno@oficina.test', name: 'Bruno Tavares', role: 'admin', teams: [] },
			{ email: 'silvia@oficina.test', name: 'Sílvia Nunes', role: 'supervisor', teams: ['Atendimento', 'Vendas'] },
			{ email: 'edu@oficina.test', name: 'Edu Carvalho', role: 'agent', teams: ['Atendimento'] },
			{ email: 'gabi@oficina.test', name: 'Gabi Moreira', role: 'agent', teams: ['Vendas'] },
			{ email: 'vitor@oficina.test', name: 'Vitor Pires', role: 'viewer', teams: [] }
		]
	}
];
