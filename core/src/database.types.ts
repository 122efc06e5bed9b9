// Made by "npm run db:types" from sql/. Do not edit.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
	public: {
		Tables: {
			agent_availability: {
				Row: {
					is_here: boolean;
					since: string;
					state: string;
					tenant_id: string;
					user_id: string;
					wanted: string;
					wanted_by: string | null;
				};
				Insert: {
					is_here?: boolean;
					since?: string;
					state?: string;
					tenant_id: string;
					user_id: string;
					wanted?: string;
					wanted_by?: string | null;
				};
				Update: {
					is_here?: boolean;
					since?: string;
					state?: string;
					tenant_id?: string;
					user_id?: string;
					wanted?: string;
					wanted_by?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'agent_availability_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: true;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			agent_skills: {
				Row: { capacity: number | null; languages: string[]; tag_ids: string[]; tenant_id: string; user_id: string };
				Insert: {
					capacity?: number | null;
					languages?: string[];
					tag_ids?: string[];
					tenant_id: string;
					user_id: string;
				};
				Update: {
					capacity?: number | null;
					languages?: string[];
					tag_ids?: string[];
					tenant_id?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'agent_skills_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: true;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			ai_agent_versions: {
				Row: {
					agent_id: string;
					created_at: string;
					definition: Json;
					id: string;
					note: string;
					number: number;
					published_by: string | null;
					tenant_id: string;
				};
				Insert: {
					agent_id: string;
					created_at?: string;
					definition: Json;
					id?: string;
					note?: string;
					number: number;
					published_by?: string | null;
					tenant_id: string;
				};
				Update: {
					agent_id?: string;
					created_at?: string;
					definition?: Json;
					id?: string;
					note?: string;
					number?: number;
					published_by?: string | null;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_agent_versions_tenant_id_agent_id_fkey';
						columns: ['tenant_id', 'agent_id'];
						isOneToOne: false;
						referencedRelation: 'ai_agents';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			ai_agents: {
				Row: {
					channel_ids: string[];
					created_at: string;
					draft: Json;
					gather_seconds: number;
					hand_over_team_id: string | null;
					id: string;
					name: string;
					published_version_id: string | null;
					revision: number;
					team_ids: string[];
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					channel_ids?: string[];
					created_at?: string;
					draft: Json;
					gather_seconds?: number;
					hand_over_team_id?: string | null;
					id?: string;
					name: string;
					published_version_id?: string | null;
					revision?: number;
					team_ids?: string[];
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					channel_ids?: string[];
					created_at?: string;
					draft?: Json;
					gather_seconds?: number;
					hand_over_team_id?: string | null;
					id?: string;
					name?: string;
					published_version_id?: string | null;
					revision?: number;
					team_ids?: string[];
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_agents_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'ai_agents_tenant_id_hand_over_team_id_fkey';
						columns: ['tenant_id', 'hand_over_team_id'];
						isOneToOne: false;
						referencedRelation: 'teams';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'ai_agents_tenant_id_published_version_id_fkey';
						columns: ['tenant_id', 'published_version_id'];
						isOneToOne: false;
						referencedRelation: 'ai_agent_versions';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			ai_calls: {
				Row: {
					agent_id: string | null;
					cached_tokens: number | null;
					conversation_id: string | null;
					cost: number | null;
					created_at: string;
					done_at: string | null;
					error: string | null;
					id: string;
					input_tokens: number | null;
					latency_ms: number | null;
					model: string;
					output_tokens: number | null;
					prompt: string;
					purpose: string;
					reserved: number;
					status: string;
					tenant_id: string;
					tools: string[];
					user_id: string | null;
					version_id: string | null;
				};
				Insert: {
					agent_id?: string | null;
					cached_tokens?: number | null;
					conversation_id?: string | null;
					cost?: number | null;
					created_at?: string;
					done_at?: string | null;
					error?: string | null;
					id?: string;
					input_tokens?: number | null;
					latency_ms?: number | null;
					model: string;
					output_tokens?: number | null;
					prompt: string;
					purpose: string;
					reserved?: number;
					status?: string;
					tenant_id: string;
					tools?: string[];
					user_id?: string | null;
					version_id?: string | null;
				};
				Update: {
					agent_id?: string | null;
					cached_tokens?: number | null;
					conversation_id?: string | null;
					cost?: number | null;
					created_at?: string;
					done_at?: string | null;
					error?: string | null;
					id?: string;
					input_tokens?: number | null;
					latency_ms?: number | null;
					model?: string;
					output_tokens?: number | null;
					prompt?: string;
					purpose?: string;
					reserved?: number;
					status?: string;
					tenant_id?: string;
					tools?: string[];
					user_id?: string | null;
					version_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_calls_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			ai_documents: {
				Row: {
					body: string | null;
					created_at: string;
					error: string | null;
					filename: string | null;
					format: string;
					id: string;
					indexed_at: string | null;
					path: string | null;
					pieces: number;
					progress: number;
					revision: number;
					size: number;
					tenant_id: string;
					title: string;
					updated_at: string;
				};
				Insert: {
					body?: string | null;
					created_at?: string;
					error?: string | null;
					filename?: string | null;
					format: string;
					id?: string;
					indexed_at?: string | null;
					path?: string | null;
					pieces?: number;
					progress?: number;
					revision?: number;
					size: number;
					tenant_id: string;
					title: string;
					updated_at?: string;
				};
				Update: {
					body?: string | null;
					created_at?: string;
					error?: string | null;
					filename?: string | null;
					format?: string;
					id?: string;
					indexed_at?: string | null;
					path?: string | null;
					pieces?: number;
					progress?: number;
					revision?: number;
					size?: number;
					tenant_id?: string;
					title?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_documents_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			ai_evaluation_cases: {
				Row: {
					agent_id: string;
					conversation_id: string | null;
					created_at: string;
					created_by: string | null;
					expected: Json;
					id: string;
					name: string;
					said: Json;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					agent_id: string;
					conversation_id?: string | null;
					created_at?: string;
					created_by?: string | null;
					expected: Json;
					id?: string;
					name: string;
					said: Json;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					agent_id?: string;
					conversation_id?: string | null;
					created_at?: string;
					created_by?: string | null;
					expected?: Json;
					id?: string;
					name?: string;
					said?: Json;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_evaluation_cases_tenant_id_agent_id_fkey';
						columns: ['tenant_id', 'agent_id'];
						isOneToOne: false;
						referencedRelation: 'ai_agents';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'ai_evaluation_cases_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			ai_evaluation_results: {
				Row: {
					answer: Json | null;
					asked: Json;
					case_id: string;
					done_at: string | null;
					faults: Json | null;
					run_id: string;
					tenant_id: string;
				};
				Insert: {
					answer?: Json | null;
					asked: Json;
					case_id: string;
					done_at?: string | null;
					faults?: Json | null;
					run_id: string;
					tenant_id: string;
				};
				Update: {
					answer?: Json | null;
					asked?: Json;
					case_id?: string;
					done_at?: string | null;
					faults?: Json | null;
					run_id?: string;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_evaluation_results_tenant_id_run_id_fkey';
						columns: ['tenant_id', 'run_id'];
						isOneToOne: false;
						referencedRelation: 'ai_evaluation_runs';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			ai_evaluation_runs: {
				Row: {
					agent_id: string;
					cost: number | null;
					created_at: string;
					definition: Json;
					done: number;
					done_at: string | null;
					error: string | null;
					id: string;
					passed: number;
					revision: number | null;
					status: string;
					tenant_id: string;
					total: number;
					user_id: string | null;
					version_id: string | null;
				};
				Insert: {
					agent_id: string;
					cost?: number | null;
					created_at?: string;
					definition: Json;
					done?: number;
					done_at?: string | null;
					error?: string | null;
					id?: string;
					passed?: number;
					revision?: number | null;
					status?: string;
					tenant_id: string;
					total: number;
					user_id?: string | null;
					version_id?: string | null;
				};
				Update: {
					agent_id?: string;
					cost?: number | null;
					created_at?: string;
					definition?: Json;
					done?: number;
					done_at?: string | null;
					error?: string | null;
					id?: string;
					passed?: number;
					revision?: number | null;
					status?: string;
					tenant_id?: string;
					total?: number;
					user_id?: string | null;
					version_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_evaluation_runs_tenant_id_agent_id_fkey';
						columns: ['tenant_id', 'agent_id'];
						isOneToOne: false;
						referencedRelation: 'ai_agents';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'ai_evaluation_runs_tenant_id_version_id_fkey';
						columns: ['tenant_id', 'version_id'];
						isOneToOne: false;
						referencedRelation: 'ai_agent_versions';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			ai_pieces: {
				Row: { body: string; document_id: string; heading: string; position: number; tenant_id: string; words: string };
				Insert: { body: string; document_id: string; heading?: string; position: number; tenant_id: string };
				Update: { body?: string; document_id?: string; heading?: string; position?: number; tenant_id?: string };
				Relationships: [
					{
						foreignKeyName: 'ai_pieces_tenant_id_document_id_fkey';
						columns: ['tenant_id', 'document_id'];
						isOneToOne: false;
						referencedRelation: 'ai_documents';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			ai_settings: {
				Row: {
					calls_per_minute: number;
					daily_limit: number | null;
					enabled: boolean;
					monthly_limit: number | null;
					prices: Json;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					calls_per_minute?: number;
					daily_limit?: number | null;
					enabled?: boolean;
					monthly_limit?: number | null;
					prices?: Json;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					calls_per_minute?: number;
					daily_limit?: number | null;
					enabled?: boolean;
					monthly_limit?: number | null;
					prices?: Json;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_settings_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: true;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			ai_trials: {
				Row: {
					agent_id: string;
					answer: Json | null;
					created_at: string;
					definition: Json;
					done_at: string | null;
					error: string | null;
					id: string;
					said: Json;
					tenant_id: string;
					user_id: string;
				};
				Insert: {
					agent_id: string;
					answer?: Json | null;
					created_at?: string;
					definition: Json;
					done_at?: string | null;
					error?: string | null;
					id?: string;
					said: Json;
					tenant_id: string;
					user_id: string;
				};
				Update: {
					agent_id?: string;
					answer?: Json | null;
					created_at?: string;
					definition?: Json;
					done_at?: string | null;
					error?: string | null;
					id?: string;
					said?: Json;
					tenant_id?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_trials_tenant_id_agent_id_fkey';
						columns: ['tenant_id', 'agent_id'];
						isOneToOne: false;
						referencedRelation: 'ai_agents';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			ai_turns: {
				Row: {
					actions: Json;
					agent_id: string;
					citations: Json;
					conversation_id: string;
					created_at: string;
					decision: Json;
					id: string;
					message_id: string | null;
					outcome: string;
					reason: string;
					tenant_id: string;
					version_id: string;
				};
				Insert: {
					actions?: Json;
					agent_id: string;
					citations?: Json;
					conversation_id: string;
					created_at?: string;
					decision?: Json;
					id?: string;
					message_id?: string | null;
					outcome: string;
					reason?: string;
					tenant_id: string;
					version_id: string;
				};
				Update: {
					actions?: Json;
					agent_id?: string;
					citations?: Json;
					conversation_id?: string;
					created_at?: string;
					decision?: Json;
					id?: string;
					message_id?: string | null;
					outcome?: string;
					reason?: string;
					tenant_id?: string;
					version_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ai_turns_tenant_id_agent_id_fkey';
						columns: ['tenant_id', 'agent_id'];
						isOneToOne: false;
						referencedRelation: 'ai_agents';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'ai_turns_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'ai_turns_tenant_id_version_id_fkey';
						columns: ['tenant_id', 'version_id'];
						isOneToOne: false;
						referencedRelation: 'ai_agent_versions';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			attribute_definitions: {
				Row: {
					created_at: string;
					id: string;
					key: string;
					label: string;
					options: string[];
					position: number;
					required_on_close: boolean;
					subject: string;
					tenant_id: string;
					type: string;
					updated_at: string;
				};
				Insert: {
					created_at?: string;
					id?: string;
					key: string;
					label: string;
					options?: string[];
					position?: number;
					required_on_close?: boolean;
					subject: string;
					tenant_id: string;
					type: string;
					updated_at?: string;
				};
				Update: {
					created_at?: string;
					id?: string;
					key?: string;
					label?: string;
					options?: string[];
					position?: number;
					required_on_close?: boolean;
					subject?: string;
					tenant_id?: string;
					type?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'attribute_definitions_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			audit_log: {
				Row: {
					action: string;
					actor_id: string | null;
					after: Json | null;
					before: Json | null;
					created_at: string;
					id: number;
					row_id: string;
					table_name: string;
					tenant_id: string;
				};
				Insert: {
					action: string;
					actor_id?: string | null;
					after?: Json | null;
					before?: Json | null;
					created_at?: string;
					row_id: string;
					table_name: string;
					tenant_id: string;
				};
				Update: {
					action?: string;
					actor_id?: string | null;
					after?: Json | null;
					before?: Json | null;
					created_at?: string;
					row_id?: string;
					table_name?: string;
					tenant_id?: string;
				};
				Relationships: [];
			};
			automation_rules: {
				Row: {
					actions: Json;
					conditions: Json;
					created_at: string;
					enabled: boolean;
					id: string;
					name: string;
					position: number;
					stop_after: boolean;
					tenant_id: string;
					trigger: string;
					updated_at: string;
					waiting_minutes: number | null;
				};
				Insert: {
					actions: Json;
					conditions?: Json;
					created_at?: string;
					enabled?: boolean;
					id?: string;
					name: string;
					position?: number;
					stop_after?: boolean;
					tenant_id: string;
					trigger: string;
					updated_at?: string;
					waiting_minutes?: number | null;
				};
				Update: {
					actions?: Json;
					conditions?: Json;
					created_at?: string;
					enabled?: boolean;
					id?: string;
					name?: string;
					position?: number;
					stop_after?: boolean;
					tenant_id?: string;
					trigger?: string;
					updated_at?: string;
					waiting_minutes?: number | null;
				};
				Relationships: [
					{
						foreignKeyName: 'automation_rules_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			automation_runs: {
				Row: {
					conversation_id: string;
					created_at: string;
					errors: Json;
					id: string;
					message_id: string | null;
					outcome: string;
					rule_id: string;
					tenant_id: string;
					trigger: string;
					waited_since: string | null;
				};
				Insert: {
					conversation_id: string;
					created_at?: string;
					errors?: Json;
					id?: string;
					message_id?: string | null;
					outcome: string;
					rule_id: string;
					tenant_id: string;
					trigger: string;
					waited_since?: string | null;
				};
				Update: {
					conversation_id?: string;
					created_at?: string;
					errors?: Json;
					id?: string;
					message_id?: string | null;
					outcome?: string;
					rule_id?: string;
					tenant_id?: string;
					trigger?: string;
					waited_since?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'automation_runs_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'automation_runs_tenant_id_rule_id_fkey';
						columns: ['tenant_id', 'rule_id'];
						isOneToOne: false;
						referencedRelation: 'automation_rules';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			availability_periods: {
				Row: {
					by_id: string | null;
					ended_at: string | null;
					started_at: string;
					state: string;
					tenant_id: string;
					user_id: string;
				};
				Insert: {
					by_id?: string | null;
					ended_at?: string | null;
					started_at: string;
					state: string;
					tenant_id: string;
					user_id: string;
				};
				Update: {
					by_id?: string | null;
					ended_at?: string | null;
					started_at?: string;
					state?: string;
					tenant_id?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'availability_periods_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			business_hours: {
				Row: {
					away_enabled: boolean;
					away_message: string;
					created_at: string;
					first_reply_minutes: number | null;
					id: string;
					next_reply_minutes: number | null;
					pauses_outside: boolean;
					team_id: string | null;
					tenant_id: string;
					timezone: string;
					updated_at: string;
					warning_minutes: number | null;
					week: Json;
				};
				Insert: {
					away_enabled?: boolean;
					away_message?: string;
					created_at?: string;
					first_reply_minutes?: number | null;
					id?: string;
					next_reply_minutes?: number | null;
					pauses_outside?: boolean;
					team_id?: string | null;
					tenant_id: string;
					timezone?: string;
					updated_at?: string;
					warning_minutes?: number | null;
					week?: Json;
				};
				Update: {
					away_enabled?: boolean;
					away_message?: string;
					created_at?: string;
					first_reply_minutes?: number | null;
					id?: string;
					next_reply_minutes?: number | null;
					pauses_outside?: boolean;
					team_id?: string | null;
					tenant_id?: string;
					timezone?: string;
					updated_at?: string;
					warning_minutes?: number | null;
					week?: Json;
				};
				Relationships: [
					{
						foreignKeyName: 'business_hours_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'business_hours_tenant_id_team_id_fkey';
						columns: ['tenant_id', 'team_id'];
						isOneToOne: true;
						referencedRelation: 'teams';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			canned_response_files: {
				Row: {
					filename: string;
					kind: string;
					mime_type: string;
					path: string;
					position: number;
					response_id: string;
					size: number;
					tenant_id: string;
					version: number;
				};
				Insert: {
					filename: string;
					kind: string;
					mime_type: string;
					path: string;
					position: number;
					response_id: string;
					size: number;
					tenant_id: string;
					version: number;
				};
				Update: {
					filename?: string;
					kind?: string;
					mime_type?: string;
					path?: string;
					position?: number;
					response_id?: string;
					size?: number;
					tenant_id?: string;
					version?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'canned_response_files_tenant_id_response_id_version_fkey';
						columns: ['tenant_id', 'response_id', 'version'];
						isOneToOne: false;
						referencedRelation: 'canned_response_versions';
						referencedColumns: ['tenant_id', 'response_id', 'version'];
					}
				];
			};
			canned_response_uses: {
				Row: {
					conversation_id: string;
					message_created_at: string;
					message_id: string;
					tenant_id: string;
					used_at: string;
					user_id: string | null;
					variant_id: string;
				};
				Insert: {
					conversation_id: string;
					message_created_at: string;
					message_id: string;
					tenant_id: string;
					used_at?: string;
					user_id?: string | null;
					variant_id: string;
				};
				Update: {
					conversation_id?: string;
					message_created_at?: string;
					message_id?: string;
					tenant_id?: string;
					used_at?: string;
					user_id?: string | null;
					variant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'canned_response_uses_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'canned_response_uses_tenant_id_variant_id_fkey';
						columns: ['tenant_id', 'variant_id'];
						isOneToOne: false;
						referencedRelation: 'canned_response_variants';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			canned_response_variants: {
				Row: {
					channel_type: string | null;
					id: string;
					position: number;
					response_id: string;
					tenant_id: string;
					text: string;
					version: number;
					weight: number;
				};
				Insert: {
					channel_type?: string | null;
					id?: string;
					position: number;
					response_id: string;
					tenant_id: string;
					text: string;
					version: number;
					weight: number;
				};
				Update: {
					channel_type?: string | null;
					id?: string;
					position?: number;
					response_id?: string;
					tenant_id?: string;
					text?: string;
					version?: number;
					weight?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'canned_response_variants_tenant_id_response_id_version_fkey';
						columns: ['tenant_id', 'response_id', 'version'];
						isOneToOne: false;
						referencedRelation: 'canned_response_versions';
						referencedColumns: ['tenant_id', 'response_id', 'version'];
					}
				];
			};
			canned_response_versions: {
				Row: {
					created_at: string;
					created_by: string | null;
					response_id: string;
					restored_from: number | null;
					tenant_id: string;
					version: number;
				};
				Insert: {
					created_at?: string;
					created_by?: string | null;
					response_id: string;
					restored_from?: number | null;
					tenant_id: string;
					version: number;
				};
				Update: {
					created_at?: string;
					created_by?: string | null;
					response_id?: string;
					restored_from?: number | null;
					tenant_id?: string;
					version?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'canned_response_versions_response_fkey';
						columns: ['tenant_id', 'response_id'];
						isOneToOne: false;
						referencedRelation: 'canned_responses';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			canned_responses: {
				Row: {
					archived_at: string | null;
					category: string;
					created_at: string;
					created_by: string | null;
					id: string;
					language: string | null;
					owner_id: string | null;
					published_version: number | null;
					scope: string;
					shortcut: string;
					team_id: string | null;
					tenant_id: string;
					title: string;
					updated_at: string;
				};
				Insert: {
					archived_at?: string | null;
					category?: string;
					created_at?: string;
					created_by?: string | null;
					id?: string;
					language?: string | null;
					owner_id?: string | null;
					published_version?: number | null;
					scope: string;
					shortcut: string;
					team_id?: string | null;
					tenant_id: string;
					title: string;
					updated_at?: string;
				};
				Update: {
					archived_at?: string | null;
					category?: string;
					created_at?: string;
					created_by?: string | null;
					id?: string;
					language?: string | null;
					owner_id?: string | null;
					published_version?: number | null;
					scope?: string;
					shortcut?: string;
					team_id?: string | null;
					tenant_id?: string;
					title?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'canned_responses_published_fkey';
						columns: ['tenant_id', 'id', 'published_version'];
						isOneToOne: false;
						referencedRelation: 'canned_response_versions';
						referencedColumns: ['tenant_id', 'response_id', 'version'];
					},
					{
						foreignKeyName: 'canned_responses_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'canned_responses_tenant_id_owner_id_fkey';
						columns: ['tenant_id', 'owner_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					},
					{
						foreignKeyName: 'canned_responses_tenant_id_team_id_fkey';
						columns: ['tenant_id', 'team_id'];
						isOneToOne: false;
						referencedRelation: 'teams';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			channel_events: {
				Row: {
					channel_id: string;
					created_at: string;
					field: string;
					id: string;
					occurred_at: string;
					payload: Json;
					tenant_id: string;
				};
				Insert: {
					channel_id: string;
					created_at?: string;
					field: string;
					id?: string;
					occurred_at: string;
					payload: Json;
					tenant_id: string;
				};
				Update: {
					channel_id?: string;
					created_at?: string;
					field?: string;
					id?: string;
					occurred_at?: string;
					payload?: Json;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'channel_events_tenant_id_channel_id_fkey';
						columns: ['tenant_id', 'channel_id'];
						isOneToOne: false;
						referencedRelation: 'channels';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			channels: {
				Row: {
					created_at: string;
					default_team_id: string | null;
					display_phone_number: string | null;
					id: string;
					messages_per_second: number | null;
					messaging_limit: number | null;
					name: string;
					phone_number_id: string | null;
					portfolio_id: string | null;
					quality_rating: string | null;
					status: Database['public']['Enums']['channel_status'];
					status_detail: Json | null;
					tenant_id: string;
					token_expires_at: string | null;
					type: Database['public']['Enums']['channel_type'];
					updated_at: string;
					verified_name: string | null;
					waba_id: string | null;
				};
				Insert: {
					created_at?: string;
					default_team_id?: string | null;
					display_phone_number?: string | null;
					id?: string;
					messages_per_second?: number | null;
					messaging_limit?: number | null;
					name: string;
					phone_number_id?: string | null;
					portfolio_id?: string | null;
					quality_rating?: string | null;
					status?: Database['public']['Enums']['channel_status'];
					status_detail?: Json | null;
					tenant_id: string;
					token_expires_at?: string | null;
					type: Database['public']['Enums']['channel_type'];
					updated_at?: string;
					verified_name?: string | null;
					waba_id?: string | null;
				};
				Update: {
					created_at?: string;
					default_team_id?: string | null;
					display_phone_number?: string | null;
					id?: string;
					messages_per_second?: number | null;
					messaging_limit?: number | null;
					name?: string;
					phone_number_id?: string | null;
					portfolio_id?: string | null;
					quality_rating?: string | null;
					status?: Database['public']['Enums']['channel_status'];
					status_detail?: Json | null;
					tenant_id?: string;
					token_expires_at?: string | null;
					type?: Database['public']['Enums']['channel_type'];
					updated_at?: string;
					verified_name?: string | null;
					waba_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'channels_tenant_id_default_team_id_fkey';
						columns: ['tenant_id', 'default_team_id'];
						isOneToOne: false;
						referencedRelation: 'teams';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'channels_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			charges: {
				Row: {
					amount: number | null;
					author: Database['public']['Enums']['message_author'];
					author_id: string | null;
					category: string;
					channel_id: string;
					charged_on: string;
					contact_id: string;
					conversation_id: string;
					country: string | null;
					created_at: string;
					currency: string;
					delivered_at: string | null;
					free_reason: string | null;
					is_counted: boolean;
					market: string | null;
					message_created_at: string;
					message_id: string;
					occurred_at: string;
					price_list_id: string | null;
					pricing_model: string | null;
					pricing_type: string | null;
					reason: string | null;
					region: string | null;
					template: string | null;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					amount?: number | null;
					author: Database['public']['Enums']['message_author'];
					author_id?: string | null;
					category: string;
					channel_id: string;
					charged_on: string;
					contact_id: string;
					conversation_id: string;
					country?: string | null;
					created_at?: string;
					currency: string;
					delivered_at?: string | null;
					free_reason?: string | null;
					is_counted?: boolean;
					market?: string | null;
					message_created_at: string;
					message_id: string;
					occurred_at: string;
					price_list_id?: string | null;
					pricing_model?: string | null;
					pricing_type?: string | null;
					reason?: string | null;
					region?: string | null;
					template?: string | null;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					amount?: number | null;
					author?: Database['public']['Enums']['message_author'];
					author_id?: string | null;
					category?: string;
					channel_id?: string;
					charged_on?: string;
					contact_id?: string;
					conversation_id?: string;
					country?: string | null;
					created_at?: string;
					currency?: string;
					delivered_at?: string | null;
					free_reason?: string | null;
					is_counted?: boolean;
					market?: string | null;
					message_created_at?: string;
					message_id?: string;
					occurred_at?: string;
					price_list_id?: string | null;
					pricing_model?: string | null;
					pricing_type?: string | null;
					reason?: string | null;
					region?: string | null;
					template?: string | null;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'charges_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			consent_events: {
				Row: {
					channel_type: Database['public']['Enums']['channel_type'] | null;
					contact_id: string;
					created_at: string;
					evidence_message_id: string | null;
					id: string;
					note: string;
					occurred_at: string;
					purpose: string;
					recorded_by: string | null;
					source: string;
					state: string;
					tenant_id: string;
				};
				Insert: {
					channel_type?: Database['public']['Enums']['channel_type'] | null;
					contact_id: string;
					created_at?: string;
					evidence_message_id?: string | null;
					id?: string;
					note?: string;
					occurred_at: string;
					purpose: string;
					recorded_by?: string | null;
					source: string;
					state: string;
					tenant_id: string;
				};
				Update: {
					channel_type?: Database['public']['Enums']['channel_type'] | null;
					contact_id?: string;
					created_at?: string;
					evidence_message_id?: string | null;
					id?: string;
					note?: string;
					occurred_at?: string;
					purpose?: string;
					recorded_by?: string | null;
					source?: string;
					state?: string;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'consent_events_tenant_id_contact_id_fkey';
						columns: ['tenant_id', 'contact_id'];
						isOneToOne: false;
						referencedRelation: 'contacts';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			consents: {
				Row: {
					channel_type: Database['public']['Enums']['channel_type'];
					contact_id: string;
					event_id: string;
					purpose: string;
					since: string;
					state: string;
					tenant_id: string;
				};
				Insert: {
					channel_type: Database['public']['Enums']['channel_type'];
					contact_id: string;
					event_id: string;
					purpose: string;
					since: string;
					state: string;
					tenant_id: string;
				};
				Update: {
					channel_type?: Database['public']['Enums']['channel_type'];
					contact_id?: string;
					event_id?: string;
					purpose?: string;
					since?: string;
					state?: string;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'consents_tenant_id_contact_id_fkey';
						columns: ['tenant_id', 'contact_id'];
						isOneToOne: false;
						referencedRelation: 'contacts';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'consents_tenant_id_event_id_fkey';
						columns: ['tenant_id', 'event_id'];
						isOneToOne: false;
						referencedRelation: 'consent_events';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			contact_facts: {
				Row: {
					agent_id: string | null;
					contact_id: string;
					conversation_id: string | null;
					created_at: string;
					erased_at: string | null;
					id: string;
					key: string;
					message_id: string | null;
					said_at: string | null;
					tenant_id: string;
					text: string;
					updated_at: string;
					written_by: string | null;
				};
				Insert: {
					agent_id?: string | null;
					contact_id: string;
					conversation_id?: string | null;
					created_at?: string;
					erased_at?: string | null;
					id?: string;
					key: string;
					message_id?: string | null;
					said_at?: string | null;
					tenant_id: string;
					text: string;
					updated_at?: string;
					written_by?: string | null;
				};
				Update: {
					agent_id?: string | null;
					contact_id?: string;
					conversation_id?: string | null;
					created_at?: string;
					erased_at?: string | null;
					id?: string;
					key?: string;
					message_id?: string | null;
					said_at?: string | null;
					tenant_id?: string;
					text?: string;
					updated_at?: string;
					written_by?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'contact_facts_tenant_id_contact_id_fkey';
						columns: ['tenant_id', 'contact_id'];
						isOneToOne: false;
						referencedRelation: 'contacts';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			contact_identities: {
				Row: {
					address: string;
					beside: string | null;
					contact_id: string;
					created_at: string;
					kind: Database['public']['Enums']['identity_kind'];
					tenant_id: string;
					value: string;
				};
				Insert: {
					address: string;
					beside?: string | null;
					contact_id: string;
					created_at?: string;
					kind: Database['public']['Enums']['identity_kind'];
					tenant_id: string;
					value: string;
				};
				Update: {
					address?: string;
					beside?: string | null;
					contact_id?: string;
					created_at?: string;
					kind?: Database['public']['Enums']['identity_kind'];
					tenant_id?: string;
					value?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'contact_identities_tenant_id_contact_id_fkey';
						columns: ['tenant_id', 'contact_id'];
						isOneToOne: false;
						referencedRelation: 'contacts';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			contact_merges: {
				Row: {
					evidence: Json | null;
					gone_id: string;
					gone_identities: Json;
					gone_name: string;
					id: string;
					kept_id: string;
					kept_name: string;
					merged_at: string;
					merged_by: string | null;
					parted_at: string | null;
					parted_by: string | null;
					position: number;
					tenant_id: string;
				};
				Insert: {
					evidence?: Json | null;
					gone_id: string;
					gone_identities: Json;
					gone_name: string;
					id?: string;
					kept_id: string;
					kept_name: string;
					merged_at?: string;
					merged_by?: string | null;
					parted_at?: string | null;
					parted_by?: string | null;
					tenant_id: string;
				};
				Update: {
					evidence?: Json | null;
					gone_id?: string;
					gone_identities?: Json;
					gone_name?: string;
					id?: string;
					kept_id?: string;
					kept_name?: string;
					merged_at?: string;
					merged_by?: string | null;
					parted_at?: string | null;
					parted_by?: string | null;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'contact_merges_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			contacts: {
				Row: {
					attributes: Json;
					created_at: string;
					email: string | null;
					id: string;
					language: string | null;
					marketing_opt_out: boolean;
					marketing_opt_out_at: string;
					name: string;
					name_at: string | null;
					phone: string | null;
					phone_at: string;
					tag_ids: string[];
					tenant_id: string;
					updated_at: string;
					username: string | null;
					username_at: string;
				};
				Insert: {
					attributes?: Json;
					created_at?: string;
					email?: string | null;
					id?: string;
					language?: string | null;
					marketing_opt_out?: boolean;
					marketing_opt_out_at?: string;
					name?: string;
					name_at?: string | null;
					phone?: string | null;
					phone_at?: string;
					tag_ids?: string[];
					tenant_id: string;
					updated_at?: string;
					username?: string | null;
					username_at?: string;
				};
				Update: {
					attributes?: Json;
					created_at?: string;
					email?: string | null;
					id?: string;
					language?: string | null;
					marketing_opt_out?: boolean;
					marketing_opt_out_at?: string;
					name?: string;
					name_at?: string | null;
					phone?: string | null;
					phone_at?: string;
					tag_ids?: string[];
					tenant_id?: string;
					updated_at?: string;
					username?: string | null;
					username_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'contacts_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			conversation_summaries: {
				Row: {
					conversation_id: string;
					created_at: string;
					language: string;
					made_by: string;
					points: Json;
					tenant_id: string;
					text: string;
					up_to_seq: number;
					updated_at: string;
				};
				Insert: {
					conversation_id: string;
					created_at?: string;
					language: string;
					made_by: string;
					points?: Json;
					tenant_id: string;
					text: string;
					up_to_seq: number;
					updated_at?: string;
				};
				Update: {
					conversation_id?: string;
					created_at?: string;
					language?: string;
					made_by?: string;
					points?: Json;
					tenant_id?: string;
					text?: string;
					up_to_seq?: number;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'conversation_summaries_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			conversation_tags: {
				Row: {
					assignee_id: string | null;
					conversation_id: string;
					folder: string;
					last_message_at: string;
					tag_id: string;
					team_id: string | null;
					tenant_id: string;
				};
				Insert: {
					assignee_id?: string | null;
					conversation_id: string;
					folder: string;
					last_message_at: string;
					tag_id: string;
					team_id?: string | null;
					tenant_id: string;
				};
				Update: {
					assignee_id?: string | null;
					conversation_id?: string;
					folder?: string;
					last_message_at?: string;
					tag_id?: string;
					team_id?: string | null;
					tenant_id?: string;
				};
				Relationships: [];
			};
			conversations: {
				Row: {
					assigned_at: string | null;
					assignee_id: string | null;
					attributes: Json;
					away_check_at: string;
					channel_id: string;
					closed_at: string | null;
					contact_id: string;
					created_at: string;
					first_reply_at: string | null;
					folder: string;
					id: string;
					is_followed: boolean;
					is_history: boolean;
					is_spam: boolean;
					last_inbound_at: string | null;
					last_message_at: string;
					last_seq: number;
					merged_into_id: string | null;
					owner: Database['public']['Enums']['conversation_owner'];
					owner_epoch: number;
					preview: string;
					preview_at: string;
					preview_direction: Database['public']['Enums']['message_direction'] | null;
					preview_kind: string | null;
					priority: number;
					read_seq: number;
					sla_due_at: string | null;
					snoozed_until: string | null;
					status: Database['public']['Enums']['conversation_status'];
					tag_ids: string[];
					team_id: string | null;
					tenant_id: string;
					unread_count: number;
					updated_at: string;
					waiting_since: string | null;
					window_expires_at: string | null;
				};
				Insert: {
					assigned_at?: string | null;
					assignee_id?: string | null;
					attributes?: Json;
					away_check_at?: string;
					channel_id: string;
					closed_at?: string | null;
					contact_id: string;
					created_at?: string;
					first_reply_at?: string | null;
					id?: string;
					is_followed?: boolean;
					is_history?: boolean;
					is_spam?: boolean;
					last_inbound_at?: string | null;
					last_message_at?: string;
					last_seq?: number;
					merged_into_id?: string | null;
					owner?: Database['public']['Enums']['conversation_owner'];
					owner_epoch?: number;
					preview?: string;
					preview_at?: string;
					preview_direction?: Database['public']['Enums']['message_direction'] | null;
					preview_kind?: string | null;
					priority?: number;
					read_seq?: number;
					sla_due_at?: string | null;
					snoozed_until?: string | null;
					status?: Database['public']['Enums']['conversation_status'];
					tag_ids?: string[];
					team_id?: string | null;
					tenant_id: string;
					unread_count?: number;
					updated_at?: string;
					waiting_since?: string | null;
					window_expires_at?: string | null;
				};
				Update: {
					assigned_at?: string | null;
					assignee_id?: string | null;
					attributes?: Json;
					away_check_at?: string;
					channel_id?: string;
					closed_at?: string | null;
					contact_id?: string;
					created_at?: string;
					first_reply_at?: string | null;
					id?: string;
					is_followed?: boolean;
					is_history?: boolean;
					is_spam?: boolean;
					last_inbound_at?: string | null;
					last_message_at?: string;
					last_seq?: number;
					merged_into_id?: string | null;
					owner?: Database['public']['Enums']['conversation_owner'];
					owner_epoch?: number;
					preview?: string;
					preview_at?: string;
					preview_direction?: Database['public']['Enums']['message_direction'] | null;
					preview_kind?: string | null;
					priority?: number;
					read_seq?: number;
					sla_due_at?: string | null;
					snoozed_until?: string | null;
					status?: Database['public']['Enums']['conversation_status'];
					tag_ids?: string[];
					team_id?: string | null;
					tenant_id?: string;
					unread_count?: number;
					updated_at?: string;
					waiting_since?: string | null;
					window_expires_at?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'conversations_tenant_id_assignee_id_fkey';
						columns: ['tenant_id', 'assignee_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					},
					{
						foreignKeyName: 'conversations_tenant_id_channel_id_fkey';
						columns: ['tenant_id', 'channel_id'];
						isOneToOne: false;
						referencedRelation: 'channels';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'conversations_tenant_id_contact_id_fkey';
						columns: ['tenant_id', 'contact_id'];
						isOneToOne: false;
						referencedRelation: 'contacts';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'conversations_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'conversations_tenant_id_merged_into_id_fkey';
						columns: ['tenant_id', 'merged_into_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'conversations_tenant_id_team_id_fkey';
						columns: ['tenant_id', 'team_id'];
						isOneToOne: false;
						referencedRelation: 'teams';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flow_counts: {
				Row: {
					branch: string;
					completed: number;
					contained: number;
					day: string;
					flow_id: string;
					left_here: number;
					node: string;
					runs: number;
					tenant_id: string;
				};
				Insert: {
					branch: string;
					completed?: number;
					contained?: number;
					day: string;
					flow_id: string;
					left_here?: number;
					node: string;
					runs?: number;
					tenant_id: string;
				};
				Update: {
					branch?: string;
					completed?: number;
					contained?: number;
					day?: string;
					flow_id?: string;
					left_here?: number;
					node?: string;
					runs?: number;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'flow_counts_tenant_id_flow_id_fkey';
						columns: ['tenant_id', 'flow_id'];
						isOneToOne: false;
						referencedRelation: 'flows';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flow_replay_conversations: {
				Row: {
					after: string | null;
					after_path: Json;
					after_said: number;
					before: string | null;
					before_path: Json;
					before_said: number;
					changed: boolean;
					conversation_id: string;
					done: boolean;
					guessed: boolean;
					number: number;
					replay_id: string;
					run_id: string | null;
					started_at: string;
					tenant_id: string;
				};
				Insert: {
					after?: string | null;
					after_path?: Json;
					after_said?: number;
					before?: string | null;
					before_path?: Json;
					before_said?: number;
					changed?: boolean;
					conversation_id: string;
					done?: boolean;
					guessed?: boolean;
					number: number;
					replay_id: string;
					run_id?: string | null;
					started_at: string;
					tenant_id: string;
				};
				Update: {
					after?: string | null;
					after_path?: Json;
					after_said?: number;
					before?: string | null;
					before_path?: Json;
					before_said?: number;
					changed?: boolean;
					conversation_id?: string;
					done?: boolean;
					guessed?: boolean;
					number?: number;
					replay_id?: string;
					run_id?: string | null;
					started_at?: string;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'flow_replay_conversations_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'flow_replay_conversations_tenant_id_replay_id_fkey';
						columns: ['tenant_id', 'replay_id'];
						isOneToOne: false;
						referencedRelation: 'flow_replays';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'flow_replay_conversations_tenant_id_run_id_fkey';
						columns: ['tenant_id', 'run_id'];
						isOneToOne: false;
						referencedRelation: 'flow_runs';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flow_replays: {
				Row: {
					created_at: string;
					days: number;
					definition: Json;
					done: number;
					fault: string | null;
					finished_at: string | null;
					flow_id: string;
					guess: string;
					id: string;
					requested_by: string | null;
					revision: number;
					status: string;
					tally: Json | null;
					tenant_id: string;
					total: number;
				};
				Insert: {
					created_at?: string;
					days: number;
					definition: Json;
					done?: number;
					fault?: string | null;
					finished_at?: string | null;
					flow_id: string;
					guess: string;
					id?: string;
					requested_by?: string | null;
					revision: number;
					status?: string;
					tally?: Json | null;
					tenant_id: string;
					total?: number;
				};
				Update: {
					created_at?: string;
					days?: number;
					definition?: Json;
					done?: number;
					fault?: string | null;
					finished_at?: string | null;
					flow_id?: string;
					guess?: string;
					id?: string;
					requested_by?: string | null;
					revision?: number;
					status?: string;
					tally?: Json | null;
					tenant_id?: string;
					total?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'flow_replays_tenant_id_flow_id_fkey';
						columns: ['tenant_id', 'flow_id'];
						isOneToOne: false;
						referencedRelation: 'flows';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flow_results: {
				Row: {
					content: Json;
					conversation_id: string;
					created_at: string;
					id: string;
					kind: string;
					run_id: string;
					tenant_id: string;
				};
				Insert: {
					content: Json;
					conversation_id: string;
					created_at?: string;
					id?: string;
					kind: string;
					run_id: string;
					tenant_id: string;
				};
				Update: {
					content?: Json;
					conversation_id?: string;
					created_at?: string;
					id?: string;
					kind?: string;
					run_id?: string;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'flow_results_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'flow_results_tenant_id_run_id_fkey';
						columns: ['tenant_id', 'run_id'];
						isOneToOne: false;
						referencedRelation: 'flow_runs';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flow_runs: {
				Row: {
					begins_with: Json;
					conversation_id: string;
					counted: boolean;
					cursor: number;
					ended_at: string | null;
					fault: string | null;
					flow_id: string;
					id: string;
					outcome: string | null;
					owner_epoch: number;
					pins: Json;
					revision: number;
					started_at: string;
					started_by: string | null;
					state: Json | null;
					status: string;
					tenant_id: string;
					trigger_id: string | null;
					version_id: string;
					visits: number;
					waiting_until: string | null;
				};
				Insert: {
					begins_with?: Json;
					conversation_id: string;
					counted?: boolean;
					cursor: number;
					ended_at?: string | null;
					fault?: string | null;
					flow_id: string;
					id?: string;
					outcome?: string | null;
					owner_epoch: number;
					pins: Json;
					revision?: number;
					started_at?: string;
					started_by?: string | null;
					state?: Json | null;
					status?: string;
					tenant_id: string;
					trigger_id?: string | null;
					version_id: string;
					visits?: number;
					waiting_until?: string | null;
				};
				Update: {
					begins_with?: Json;
					conversation_id?: string;
					counted?: boolean;
					cursor?: number;
					ended_at?: string | null;
					fault?: string | null;
					flow_id?: string;
					id?: string;
					outcome?: string | null;
					owner_epoch?: number;
					pins?: Json;
					revision?: number;
					started_at?: string;
					started_by?: string | null;
					state?: Json | null;
					status?: string;
					tenant_id?: string;
					trigger_id?: string | null;
					version_id?: string;
					visits?: number;
					waiting_until?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'flow_runs_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'flow_runs_tenant_id_flow_id_fkey';
						columns: ['tenant_id', 'flow_id'];
						isOneToOne: false;
						referencedRelation: 'flows';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'flow_runs_tenant_id_version_id_fkey';
						columns: ['tenant_id', 'version_id'];
						isOneToOne: false;
						referencedRelation: 'flow_versions';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flow_steps: {
				Row: {
					at: string;
					branch: string | null;
					fault: string | null;
					flow_id: string;
					node: string;
					number: number;
					run_id: string;
					tenant_id: string;
				};
				Insert: {
					at: string;
					branch?: string | null;
					fault?: string | null;
					flow_id: string;
					node: string;
					number: number;
					run_id: string;
					tenant_id: string;
				};
				Update: {
					at?: string;
					branch?: string | null;
					fault?: string | null;
					flow_id?: string;
					node?: string;
					number?: number;
					run_id?: string;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'flow_steps_tenant_id_run_id_fkey';
						columns: ['tenant_id', 'run_id'];
						isOneToOne: false;
						referencedRelation: 'flow_runs';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flow_triggers: {
				Row: {
					active: boolean;
					active_since: string;
					flow_id: string;
					id: string;
					needles: string[];
					on_message: boolean;
					position: number;
					settings: Json;
					tenant_id: string;
					type: string;
				};
				Insert: {
					active?: boolean;
					active_since?: string;
					flow_id: string;
					id?: string;
					needles?: string[];
					position?: number;
					settings: Json;
					tenant_id: string;
					type: string;
				};
				Update: {
					active?: boolean;
					active_since?: string;
					flow_id?: string;
					id?: string;
					needles?: string[];
					position?: number;
					settings?: Json;
					tenant_id?: string;
					type?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'flow_triggers_tenant_id_flow_id_fkey';
						columns: ['tenant_id', 'flow_id'];
						isOneToOne: false;
						referencedRelation: 'flows';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flow_variables: {
				Row: { name: string; tenant_id: string; updated_at: string; value: Json };
				Insert: { name: string; tenant_id: string; updated_at?: string; value: Json };
				Update: { name?: string; tenant_id?: string; updated_at?: string; value?: Json };
				Relationships: [
					{
						foreignKeyName: 'flow_variables_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			flow_versions: {
				Row: {
					calls: string[];
					created_at: string;
					definition: Json;
					flow_id: string;
					hours_of: string[];
					id: string;
					note: string;
					number: number;
					published_by: string | null;
					tenant_id: string;
				};
				Insert: {
					calls?: string[];
					created_at?: string;
					definition: Json;
					flow_id: string;
					hours_of?: string[];
					id?: string;
					note?: string;
					number: number;
					published_by?: string | null;
					tenant_id: string;
				};
				Update: {
					calls?: string[];
					created_at?: string;
					definition?: Json;
					flow_id?: string;
					hours_of?: string[];
					id?: string;
					note?: string;
					number?: number;
					published_by?: string | null;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'flow_versions_tenant_id_flow_id_fkey';
						columns: ['tenant_id', 'flow_id'];
						isOneToOne: false;
						referencedRelation: 'flows';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			flows: {
				Row: {
					archived_at: string | null;
					created_at: string;
					draft: Json;
					id: string;
					name: string;
					published_version_id: string | null;
					revision: number;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					archived_at?: string | null;
					created_at?: string;
					draft: Json;
					id?: string;
					name: string;
					published_version_id?: string | null;
					revision?: number;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					archived_at?: string | null;
					created_at?: string;
					draft?: Json;
					id?: string;
					name?: string;
					published_version_id?: string | null;
					revision?: number;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'flows_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'flows_tenant_id_published_version_id_fkey';
						columns: ['tenant_id', 'published_version_id'];
						isOneToOne: false;
						referencedRelation: 'flow_versions';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			holidays: {
				Row: {
					created_at: string;
					day: string;
					every_year: boolean;
					id: string;
					name: string;
					spans: Json;
					team_id: string | null;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					created_at?: string;
					day: string;
					every_year?: boolean;
					id?: string;
					name: string;
					spans?: Json;
					team_id?: string | null;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					created_at?: string;
					day?: string;
					every_year?: boolean;
					id?: string;
					name?: string;
					spans?: Json;
					team_id?: string | null;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'holidays_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'holidays_tenant_id_team_id_fkey';
						columns: ['tenant_id', 'team_id'];
						isOneToOne: false;
						referencedRelation: 'teams';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			invitations: {
				Row: {
					accepted_by: string | null;
					closed_at: string | null;
					created_at: string;
					email: string;
					error: string | null;
					expires_at: string;
					id: string;
					invited_by: string | null;
					role: Database['public']['Enums']['member_role'] | null;
					role_id: string | null;
					sent_at: string | null;
					team_ids: string[];
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					accepted_by?: string | null;
					closed_at?: string | null;
					created_at?: string;
					email: string;
					error?: string | null;
					expires_at?: string;
					id?: string;
					invited_by?: string | null;
					role?: Database['public']['Enums']['member_role'] | null;
					role_id?: string | null;
					sent_at?: string | null;
					team_ids?: string[];
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					accepted_by?: string | null;
					closed_at?: string | null;
					created_at?: string;
					email?: string;
					error?: string | null;
					expires_at?: string;
					id?: string;
					invited_by?: string | null;
					role?: Database['public']['Enums']['member_role'] | null;
					role_id?: string | null;
					sent_at?: string | null;
					team_ids?: string[];
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'invitations_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'invitations_tenant_id_role_id_fkey';
						columns: ['tenant_id', 'role_id'];
						isOneToOne: false;
						referencedRelation: 'roles';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			leads: {
				Row: {
					closed_at: string | null;
					contact_id: string;
					conversation_id: string | null;
					created_at: string;
					currency: string;
					id: string;
					reason: string;
					source: string;
					source_id: string | null;
					status: string;
					temperature: string;
					tenant_id: string;
					title: string;
					updated_at: string;
					value: number | null;
				};
				Insert: {
					closed_at?: string | null;
					contact_id: string;
					conversation_id?: string | null;
					created_at?: string;
					currency?: string;
					id?: string;
					reason?: string;
					source: string;
					source_id?: string | null;
					status?: string;
					temperature: string;
					tenant_id: string;
					title: string;
					updated_at?: string;
					value?: number | null;
				};
				Update: {
					closed_at?: string | null;
					contact_id?: string;
					conversation_id?: string | null;
					created_at?: string;
					currency?: string;
					id?: string;
					reason?: string;
					source?: string;
					source_id?: string | null;
					status?: string;
					temperature?: string;
					tenant_id?: string;
					title?: string;
					updated_at?: string;
					value?: number | null;
				};
				Relationships: [
					{
						foreignKeyName: 'leads_tenant_id_contact_id_fkey';
						columns: ['tenant_id', 'contact_id'];
						isOneToOne: false;
						referencedRelation: 'contacts';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'leads_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'leads_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			macros: {
				Row: {
					actions: Json;
					created_at: string;
					id: string;
					name: string;
					owner_id: string | null;
					position: number;
					shortcut: string | null;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					actions: Json;
					created_at?: string;
					id?: string;
					name: string;
					owner_id?: string | null;
					position?: number;
					shortcut?: string | null;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					actions?: Json;
					created_at?: string;
					id?: string;
					name?: string;
					owner_id?: string | null;
					position?: number;
					shortcut?: string | null;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'macros_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'macros_tenant_id_owner_id_fkey';
						columns: ['tenant_id', 'owner_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			memberships: {
				Row: {
					avatar: string | null;
					created_at: string;
					deactivated_at: string | null;
					display_name: string;
					onboarding: string | null;
					role: Database['public']['Enums']['member_role'] | null;
					role_id: string | null;
					tenant_id: string;
					updated_at: string;
					user_id: string;
				};
				Insert: {
					avatar?: string | null;
					created_at?: string;
					deactivated_at?: string | null;
					display_name: string;
					onboarding?: string | null;
					role?: Database['public']['Enums']['member_role'] | null;
					role_id?: string | null;
					tenant_id: string;
					updated_at?: string;
					user_id: string;
				};
				Update: {
					avatar?: string | null;
					created_at?: string;
					deactivated_at?: string | null;
					display_name?: string;
					onboarding?: string | null;
					role?: Database['public']['Enums']['member_role'] | null;
					role_id?: string | null;
					tenant_id?: string;
					updated_at?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'memberships_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'memberships_tenant_id_role_id_fkey';
						columns: ['tenant_id', 'role_id'];
						isOneToOne: false;
						referencedRelation: 'roles';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			mentions: {
				Row: {
					conversation_id: string;
					created_at: string;
					message_id: string;
					read_at: string | null;
					tenant_id: string;
					user_id: string;
				};
				Insert: {
					conversation_id: string;
					created_at?: string;
					message_id: string;
					read_at?: string | null;
					tenant_id: string;
					user_id: string;
				};
				Update: {
					conversation_id?: string;
					created_at?: string;
					message_id?: string;
					read_at?: string | null;
					tenant_id?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'mentions_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'mentions_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			message_attempts: {
				Row: {
					error: Json | null;
					finished_at: string | null;
					id: string;
					message_created_at: string;
					message_id: string;
					result: Database['public']['Enums']['attempt_result'] | null;
					started_at: string;
					tenant_id: string;
				};
				Insert: {
					error?: Json | null;
					finished_at?: string | null;
					id?: string;
					message_created_at: string;
					message_id: string;
					result?: Database['public']['Enums']['attempt_result'] | null;
					started_at?: string;
					tenant_id: string;
				};
				Update: {
					error?: Json | null;
					finished_at?: string | null;
					id?: string;
					message_created_at?: string;
					message_id?: string;
					result?: Database['public']['Enums']['attempt_result'] | null;
					started_at?: string;
					tenant_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'message_attempts_tenant_id_message_id_message_created_at_fkey';
						columns: ['tenant_id', 'message_id', 'message_created_at'];
						isOneToOne: false;
						referencedRelation: 'messages';
						referencedColumns: ['tenant_id', 'id', 'created_at'];
					}
				];
			};
			message_events: {
				Row: {
					created_at: string;
					detail: Json;
					message_created_at: string;
					message_id: string;
					occurred_at: string;
					tenant_id: string;
					type: string;
				};
				Insert: {
					created_at?: string;
					detail?: Json;
					message_created_at: string;
					message_id: string;
					occurred_at: string;
					tenant_id: string;
					type: string;
				};
				Update: {
					created_at?: string;
					detail?: Json;
					message_created_at?: string;
					message_id?: string;
					occurred_at?: string;
					tenant_id?: string;
					type?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'message_events_tenant_id_message_id_message_created_at_fkey';
						columns: ['tenant_id', 'message_id', 'message_created_at'];
						isOneToOne: false;
						referencedRelation: 'messages';
						referencedColumns: ['tenant_id', 'id', 'created_at'];
					}
				];
			};
			message_translations: {
				Row: {
					created_at: string;
					language: string;
					made_by: string;
					message_created_at: string;
					message_id: string;
					source_language: string | null;
					tenant_id: string;
					text: string;
					updated_at: string;
				};
				Insert: {
					created_at?: string;
					language: string;
					made_by: string;
					message_created_at: string;
					message_id: string;
					source_language?: string | null;
					tenant_id: string;
					text: string;
					updated_at?: string;
				};
				Update: {
					created_at?: string;
					language?: string;
					made_by?: string;
					message_created_at?: string;
					message_id?: string;
					source_language?: string | null;
					tenant_id?: string;
					text?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'message_translations_tenant_id_message_id_message_created__fkey';
						columns: ['tenant_id', 'message_id', 'message_created_at'];
						isOneToOne: false;
						referencedRelation: 'messages';
						referencedColumns: ['tenant_id', 'id', 'created_at'];
					}
				];
			};
			messages: {
				Row: {
					author: Database['public']['Enums']['message_author'];
					author_id: string | null;
					body: string;
					channel_id: string;
					client_id: string | null;
					contact_id: string;
					content: Json;
					conversation_id: string;
					counts_unread: boolean;
					created_at: string;
					direction: Database['public']['Enums']['message_direction'];
					edited_at: string | null;
					error: Json | null;
					external_id: string | null;
					id: string;
					identity: string | null;
					is_private: boolean;
					kind: string;
					lane: number;
					media: Json | null;
					quoted_message_id: string | null;
					revoked_at: string | null;
					sent_at: string;
					seq: number;
					status: Database['public']['Enums']['message_status'];
					target_external_id: string | null;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					author: Database['public']['Enums']['message_author'];
					author_id?: string | null;
					body?: string;
					channel_id: string;
					client_id?: string | null;
					contact_id: string;
					content: Json;
					conversation_id: string;
					counts_unread?: boolean;
					created_at?: string;
					direction: Database['public']['Enums']['message_direction'];
					edited_at?: string | null;
					error?: Json | null;
					external_id?: string | null;
					id?: string;
					identity?: string | null;
					is_private?: boolean;
					kind: string;
					lane?: number;
					media?: Json | null;
					quoted_message_id?: string | null;
					revoked_at?: string | null;
					sent_at?: string;
					seq: number;
					status: Database['public']['Enums']['message_status'];
					target_external_id?: string | null;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					author?: Database['public']['Enums']['message_author'];
					author_id?: string | null;
					body?: string;
					channel_id?: string;
					client_id?: string | null;
					contact_id?: string;
					content?: Json;
					conversation_id?: string;
					counts_unread?: boolean;
					created_at?: string;
					direction?: Database['public']['Enums']['message_direction'];
					edited_at?: string | null;
					error?: Json | null;
					external_id?: string | null;
					id?: string;
					identity?: string | null;
					is_private?: boolean;
					kind?: string;
					lane?: number;
					media?: Json | null;
					quoted_message_id?: string | null;
					revoked_at?: string | null;
					sent_at?: string;
					seq?: number;
					status?: Database['public']['Enums']['message_status'];
					target_external_id?: string | null;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'messages_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			notification_preferences: {
				Row: {
					digest: boolean;
					in_app: boolean;
					push: boolean;
					sound: boolean;
					tenant_id: string;
					type: string;
					updated_at: string;
					user_id: string;
				};
				Insert: {
					digest: boolean;
					in_app: boolean;
					push: boolean;
					sound: boolean;
					tenant_id: string;
					type: string;
					updated_at?: string;
					user_id: string;
				};
				Update: {
					digest?: boolean;
					in_app?: boolean;
					push?: boolean;
					sound?: boolean;
					tenant_id?: string;
					type?: string;
					updated_at?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'notification_preferences_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			notification_settings: {
				Row: {
					digest: string;
					digest_at: string;
					locale: string | null;
					quiet_days: number[];
					quiet_from: string | null;
					quiet_until: string | null;
					sound: string;
					tenant_id: string;
					timezone: string | null;
					updated_at: string;
					user_id: string;
					volume: number;
				};
				Insert: {
					digest?: string;
					digest_at?: string;
					locale?: string | null;
					quiet_days?: number[];
					quiet_from?: string | null;
					quiet_until?: string | null;
					sound?: string;
					tenant_id: string;
					timezone?: string | null;
					updated_at?: string;
					user_id: string;
					volume?: number;
				};
				Update: {
					digest?: string;
					digest_at?: string;
					locale?: string | null;
					quiet_days?: number[];
					quiet_from?: string | null;
					quiet_until?: string | null;
					sound?: string;
					tenant_id?: string;
					timezone?: string | null;
					updated_at?: string;
					user_id?: string;
					volume?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'notification_settings_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: true;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			notifications: {
				Row: {
					actor_id: string | null;
					conversation_id: string | null;
					count: number;
					created_at: string;
					detail: Json;
					digest: boolean;
					id: string;
					in_app: boolean;
					mailed_at: string | null;
					message_id: string | null;
					read_at: string | null;
					tenant_id: string;
					type: string;
					user_id: string;
				};
				Insert: {
					actor_id?: string | null;
					conversation_id?: string | null;
					count?: number;
					created_at?: string;
					detail?: Json;
					digest?: boolean;
					id?: string;
					in_app?: boolean;
					mailed_at?: string | null;
					message_id?: string | null;
					read_at?: string | null;
					tenant_id: string;
					type: string;
					user_id: string;
				};
				Update: {
					actor_id?: string | null;
					conversation_id?: string | null;
					count?: number;
					created_at?: string;
					detail?: Json;
					digest?: boolean;
					id?: string;
					in_app?: boolean;
					mailed_at?: string | null;
					message_id?: string | null;
					read_at?: string | null;
					tenant_id?: string;
					type?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'notifications_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'notifications_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			participants: {
				Row: { conversation_id: string; created_at: string; tenant_id: string; user_id: string };
				Insert: { conversation_id: string; created_at?: string; tenant_id: string; user_id: string };
				Update: { conversation_id?: string; created_at?: string; tenant_id?: string; user_id?: string };
				Relationships: [
					{
						foreignKeyName: 'participants_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'participants_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			roles: {
				Row: {
					created_at: string;
					description: string;
					id: string;
					name: string;
					permissions: string[];
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					created_at?: string;
					description?: string;
					id?: string;
					name: string;
					permissions?: string[];
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					created_at?: string;
					description?: string;
					id?: string;
					name?: string;
					permissions?: string[];
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'roles_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			saved_filters: {
				Row: {
					conditions: Json;
					created_at: string;
					id: string;
					is_shared: boolean;
					name: string;
					position: number;
					sort: string;
					tenant_id: string;
					updated_at: string;
					user_id: string | null;
				};
				Insert: {
					conditions: Json;
					created_at?: string;
					id?: string;
					is_shared?: boolean;
					name: string;
					position?: number;
					sort?: string;
					tenant_id: string;
					updated_at?: string;
					user_id?: string | null;
				};
				Update: {
					conditions?: Json;
					created_at?: string;
					id?: string;
					is_shared?: boolean;
					name?: string;
					position?: number;
					sort?: string;
					tenant_id?: string;
					updated_at?: string;
					user_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'saved_filters_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'saved_filters_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			scheduled_messages: {
				Row: {
					author_id: string;
					client_id: string;
					content: Json;
					conversation_id: string;
					created_at: string;
					failure: string | null;
					id: string;
					send_at: string;
					settled_at: string | null;
					status: string;
					tenant_id: string;
					unless_answered: boolean;
					updated_at: string;
					variant_ids: string[];
					written_at: string;
				};
				Insert: {
					author_id: string;
					client_id: string;
					content: Json;
					conversation_id: string;
					created_at?: string;
					failure?: string | null;
					id?: string;
					send_at: string;
					settled_at?: string | null;
					status?: string;
					tenant_id: string;
					unless_answered?: boolean;
					updated_at?: string;
					variant_ids?: string[];
					written_at?: string;
				};
				Update: {
					author_id?: string;
					client_id?: string;
					content?: Json;
					conversation_id?: string;
					created_at?: string;
					failure?: string | null;
					id?: string;
					send_at?: string;
					settled_at?: string | null;
					status?: string;
					tenant_id?: string;
					unless_answered?: boolean;
					updated_at?: string;
					variant_ids?: string[];
					written_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'scheduled_messages_tenant_id_author_id_fkey';
						columns: ['tenant_id', 'author_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					},
					{
						foreignKeyName: 'scheduled_messages_tenant_id_conversation_id_fkey';
						columns: ['tenant_id', 'conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			tags: {
				Row: {
					color: string;
					created_at: string;
					id: string;
					name: string;
					position: number;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					color?: string;
					created_at?: string;
					id?: string;
					name: string;
					position?: number;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					color?: string;
					created_at?: string;
					id?: string;
					name?: string;
					position?: number;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'tags_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			team_members: {
				Row: { created_at: string; team_id: string; tenant_id: string; turn: number; user_id: string };
				Insert: { created_at?: string; team_id: string; tenant_id: string; turn?: number; user_id: string };
				Update: { created_at?: string; team_id?: string; tenant_id?: string; turn?: number; user_id?: string };
				Relationships: [
					{
						foreignKeyName: 'team_members_tenant_id_team_id_fkey';
						columns: ['tenant_id', 'team_id'];
						isOneToOne: false;
						referencedRelation: 'teams';
						referencedColumns: ['tenant_id', 'id'];
					},
					{
						foreignKeyName: 'team_members_tenant_id_user_id_fkey';
						columns: ['tenant_id', 'user_id'];
						isOneToOne: false;
						referencedRelation: 'memberships';
						referencedColumns: ['tenant_id', 'user_id'];
					}
				];
			};
			teams: {
				Row: {
					archived_at: string | null;
					capacity: number;
					created_at: string;
					id: string;
					is_sticky: boolean;
					language_rule: string;
					name: string;
					online_only: boolean;
					skill_rule: string;
					strategy: string;
					tenant_id: string;
					updated_at: string;
				};
				Insert: {
					archived_at?: string | null;
					capacity?: number;
					created_at?: string;
					id?: string;
					is_sticky?: boolean;
					language_rule?: string;
					name: string;
					online_only?: boolean;
					skill_rule?: string;
					strategy?: string;
					tenant_id: string;
					updated_at?: string;
				};
				Update: {
					archived_at?: string | null;
					capacity?: number;
					created_at?: string;
					id?: string;
					is_sticky?: boolean;
					language_rule?: string;
					name?: string;
					online_only?: boolean;
					skill_rule?: string;
					strategy?: string;
					tenant_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'teams_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			template_events: {
				Row: {
					actor_id: string | null;
					created_at: string;
					detail: Json;
					id: string;
					kind: string;
					occurred_at: string;
					template_id: string;
					tenant_id: string;
					value: string;
				};
				Insert: {
					actor_id?: string | null;
					created_at?: string;
					detail?: Json;
					id?: string;
					kind: string;
					occurred_at: string;
					template_id: string;
					tenant_id: string;
					value?: string;
				};
				Update: {
					actor_id?: string | null;
					created_at?: string;
					detail?: Json;
					id?: string;
					kind?: string;
					occurred_at?: string;
					template_id?: string;
					tenant_id?: string;
					value?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'template_events_tenant_id_template_id_fkey';
						columns: ['tenant_id', 'template_id'];
						isOneToOne: false;
						referencedRelation: 'templates';
						referencedColumns: ['tenant_id', 'id'];
					}
				];
			};
			template_syncs: {
				Row: {
					error: Json | null;
					finished_at: string | null;
					found: number;
					read_at: string | null;
					requested_at: string;
					started_at: string | null;
					status: string;
					tenant_id: string;
					updated_at: string;
					waba_id: string;
				};
				Insert: {
					error?: Json | null;
					finished_at?: string | null;
					found?: number;
					read_at?: string | null;
					requested_at?: string;
					started_at?: string | null;
					status: string;
					tenant_id: string;
					updated_at?: string;
					waba_id: string;
				};
				Update: {
					error?: Json | null;
					finished_at?: string | null;
					found?: number;
					read_at?: string | null;
					requested_at?: string;
					started_at?: string | null;
					status?: string;
					tenant_id?: string;
					updated_at?: string;
					waba_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'template_syncs_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			templates: {
				Row: {
					category: string | null;
					category_at: string;
					category_changes_at: string | null;
					components: Json | null;
					components_at: string;
					created_at: string;
					created_by: string | null;
					draft: Json | null;
					external_id: string | null;
					id: string;
					language: string;
					name: string;
					next_category: string | null;
					parameter_format: string;
					paused_until: string | null;
					previous_category: string | null;
					problem: Json | null;
					quality: string;
					quality_at: string;
					refusal: Json | null;
					rejected_reason: string | null;
					status: string;
					status_at: string;
					status_detail: Json | null;
					synced_at: string | null;
					tenant_id: string;
					updated_at: string;
					waba_id: string;
					work: string | null;
				};
				Insert: {
					category?: string | null;
					category_at?: string;
					category_changes_at?: string | null;
					components?: Json | null;
					components_at?: string;
					created_at?: string;
					created_by?: string | null;
					draft?: Json | null;
					external_id?: string | null;
					id?: string;
					language: string;
					name: string;
					next_category?: string | null;
					parameter_format?: string;
					paused_until?: string | null;
					previous_category?: string | null;
					problem?: Json | null;
					quality?: string;
					quality_at?: string;
					refusal?: Json | null;
					rejected_reason?: string | null;
					status?: string;
					status_at?: string;
					status_detail?: Json | null;
					synced_at?: string | null;
					tenant_id: string;
					updated_at?: string;
					waba_id: string;
					work?: string | null;
				};
				Update: {
					category?: string | null;
					category_at?: string;
					category_changes_at?: string | null;
					components?: Json | null;
					components_at?: string;
					created_at?: string;
					created_by?: string | null;
					draft?: Json | null;
					external_id?: string | null;
					id?: string;
					language?: string;
					name?: string;
					next_category?: string | null;
					parameter_format?: string;
					paused_until?: string | null;
					previous_category?: string | null;
					problem?: Json | null;
					quality?: string;
					quality_at?: string;
					refusal?: Json | null;
					rejected_reason?: string | null;
					status?: string;
					status_at?: string;
					status_detail?: Json | null;
					synced_at?: string | null;
					tenant_id?: string;
					updated_at?: string;
					waba_id?: string;
					work?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'templates_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			tenant_modules: {
				Row: {
					answered_ms: number | null;
					configuration: Json;
					created_at: string;
					enabled: boolean;
					id: string;
					last_detail: string | null;
					last_error: string | null;
					module: string;
					name: string;
					revision: number;
					secrets_set: Json;
					tenant_id: string;
					test_asked_at: string | null;
					tested_at: string | null;
					updated_at: string;
				};
				Insert: {
					answered_ms?: number | null;
					configuration?: Json;
					created_at?: string;
					enabled?: boolean;
					id?: string;
					last_detail?: string | null;
					last_error?: string | null;
					module: string;
					name?: string;
					revision?: number;
					secrets_set?: Json;
					tenant_id: string;
					test_asked_at?: string | null;
					tested_at?: string | null;
					updated_at?: string;
				};
				Update: {
					answered_ms?: number | null;
					configuration?: Json;
					created_at?: string;
					enabled?: boolean;
					id?: string;
					last_detail?: string | null;
					last_error?: string | null;
					module?: string;
					name?: string;
					revision?: number;
					secrets_set?: Json;
					tenant_id?: string;
					test_asked_at?: string | null;
					tested_at?: string | null;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'tenant_modules_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			tenants: {
				Row: {
					agents_pick: boolean;
					created_at: string;
					created_by: string | null;
					first_steps_closed_at: string | null;
					id: string;
					locale: string;
					name: string;
					push_shows: string;
					requires_mfa: boolean;
					send_read_receipts: boolean;
					slug: string;
					timezone: string;
					updated_at: string;
				};
				Insert: {
					agents_pick?: boolean;
					created_at?: string;
					created_by?: string | null;
					first_steps_closed_at?: string | null;
					id?: string;
					locale?: string;
					name: string;
					push_shows?: string;
					requires_mfa?: boolean;
					send_read_receipts?: boolean;
					slug: string;
					timezone?: string;
					updated_at?: string;
				};
				Update: {
					agents_pick?: boolean;
					created_at?: string;
					created_by?: string | null;
					first_steps_closed_at?: string | null;
					id?: string;
					locale?: string;
					name?: string;
					push_shows?: string;
					requires_mfa?: boolean;
					send_read_receipts?: boolean;
					slug?: string;
					timezone?: string;
					updated_at?: string;
				};
				Relationships: [];
			};
			webhook_events: {
				Row: {
					applied: number;
					channel_id: string | null;
					deliveries: number;
					dismissed_at: string | null;
					dismissed_by: string | null;
					error: string | null;
					failed_events: Json | null;
					id: string;
					mended_at: string | null;
					mended_by: string | null;
					original_failed_events: Json | null;
					original_raw: string | null;
					pending_events: Json | null;
					raw: string;
					received_at: string;
					sha256: string;
					status: Database['public']['Enums']['webhook_event_status'];
					tenant_id: string | null;
					tried_at: string | null;
					waba_id: string | null;
				};
				Insert: {
					applied?: number;
					channel_id?: string | null;
					deliveries?: number;
					dismissed_at?: string | null;
					dismissed_by?: string | null;
					error?: string | null;
					failed_events?: Json | null;
					id?: string;
					mended_at?: string | null;
					mended_by?: string | null;
					original_failed_events?: Json | null;
					original_raw?: string | null;
					pending_events?: Json | null;
					raw: string;
					received_at?: string;
					sha256: string;
					status: Database['public']['Enums']['webhook_event_status'];
					tenant_id?: string | null;
					tried_at?: string | null;
					waba_id?: string | null;
				};
				Update: {
					applied?: number;
					channel_id?: string | null;
					deliveries?: number;
					dismissed_at?: string | null;
					dismissed_by?: string | null;
					error?: string | null;
					failed_events?: Json | null;
					id?: string;
					mended_at?: string | null;
					mended_by?: string | null;
					original_failed_events?: Json | null;
					original_raw?: string | null;
					pending_events?: Json | null;
					raw?: string;
					received_at?: string;
					sha256?: string;
					status?: Database['public']['Enums']['webhook_event_status'];
					tenant_id?: string | null;
					tried_at?: string | null;
					waba_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'webhook_events_channel_id_fkey';
						columns: ['channel_id'];
						isOneToOne: false;
						referencedRelation: 'channels';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'webhook_events_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
			webhook_replays: {
				Row: {
					created_at: string;
					done: number;
					failed: number;
					finished_at: string | null;
					id: string;
					requested_by: string;
					tenant_id: string;
					total: number;
				};
				Insert: {
					created_at?: string;
					done?: number;
					failed?: number;
					finished_at?: string | null;
					id?: string;
					requested_by: string;
					tenant_id: string;
					total?: number;
				};
				Update: {
					created_at?: string;
					done?: number;
					failed?: number;
					finished_at?: string | null;
					id?: string;
					requested_by?: string;
					tenant_id?: string;
					total?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'webhook_replays_tenant_id_fkey';
						columns: ['tenant_id'];
						isOneToOne: false;
						referencedRelation: 'tenants';
						referencedColumns: ['id'];
					}
				];
			};
		};
		Views: Record<never, never>;
		Functions: {
			accept_invitation: { Args: { invitation_id: string | null; display_name: string | null }; Returns: string };
			add_brazilian_holidays: {
				Args: { tenant_id: string | null; year: number | null; with_optional?: boolean | null };
				Returns: number;
			};
			add_note: {
				Args: { conversation_id: string | null; client_id: string | null; content: Json | null };
				Returns: Database['public']['Tables']['messages']['Row'];
			};
			agent_loads: { Args: { tenant_id: string | null }; Returns: { user_id: string; load: number }[] };
			ai_agent_figures: {
				Args: { tenant_id: string | null };
				Returns: { agent_id: string; turns_today: number; handed_over_today: number; spent_month: number }[];
			};
			ai_status: { Args: { tenant_id: string | null }; Returns: Json };
			ai_turn_story: { Args: { turn_id: string | null }; Returns: Json };
			archive_canned_response: {
				Args: { response_id: string | null; archived: boolean | null };
				Returns: Database['public']['Tables']['canned_responses']['Row'];
			};
			archive_flow: { Args: { flow_id: string | null }; Returns: Database['public']['Tables']['flows']['Row'] };
			assign_conversation: {
				Args: { conversation_id: string | null; assignee_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			cancel_flow_replay: {
				Args: { flow_replay_id: string | null };
				Returns: Database['public']['Tables']['flow_replays']['Row'];
			};
			cancel_scheduled_message: {
				Args: { scheduled_message_id: string | null; cancelled?: boolean | null };
				Returns: Database['public']['Tables']['scheduled_messages']['Row'];
			};
			canned_response_results: {
				Args: { response_id: string | null };
				Returns: {
					variant_id: string;
					uses: number;
					settled: number;
					replied: number;
					resolved: number;
					median_reply_seconds: number;
					first_used_at: string;
				}[];
			};
			change_member_role: {
				Args: {
					tenant_id: string | null;
					user_id: string | null;
					role: Database['public']['Enums']['member_role'] | null;
					role_id: string | null;
				};
				Returns: Database['public']['Tables']['memberships']['Row'];
			};
			change_scheduled_message: {
				Args: {
					scheduled_message_id: string | null;
					content: Json | null;
					send_at: string | null;
					unless_answered: boolean | null;
				};
				Returns: Database['public']['Tables']['scheduled_messages']['Row'];
			};
			channel_health: { Args: { channel_id: string | null }; Returns: Json };
			check_channel: { Args: { channel_id: string | null }; Returns: undefined };
			close_conversation: {
				Args: { conversation_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			close_first_steps: { Args: { tenant_id: string | null; closed: boolean | null }; Returns: undefined };
			contact_cost: { Args: { contact_id: string | null }; Returns: Json };
			contact_story: {
				Args: { contact_id: string | null; before?: string | null; before_id?: string | null; size?: number | null };
				Returns: { at: string; id: string; type: string; conversation_id: string; seq: number; detail: Json }[];
			};
			continue_on_channel: {
				Args: { conversation_id: string | null; channel_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			conversation_cost: { Args: { conversation_id: string | null }; Returns: Json };
			costs: {
				Args: { tenant_id: string | null; since: string | null; until: string | null; by: string | null };
				Returns: {
					key: string;
					label: string;
					messages: number;
					charged: number;
					free: number;
					unknown: number;
					amount: number;
					currency: string;
				}[];
			};
			create_team: {
				Args: { tenant_id: string | null; name: string | null };
				Returns: Database['public']['Tables']['teams']['Row'];
			};
			create_workspace: {
				Args: {
					name: string | null;
					slug: string | null;
					display_name: string | null;
					locale?: string | null;
					timezone?: string | null;
				};
				Returns: string;
			};
			deactivate_member: {
				Args: { tenant_id: string | null; user_id: string | null; heir_id: string | null };
				Returns: Database['public']['Tables']['memberships']['Row'];
			};
			delete_ai_agent: { Args: { agent_id: string | null }; Returns: undefined };
			delete_ai_document: { Args: { document_id: string | null }; Returns: undefined };
			delete_ai_evaluation_case: { Args: { case_id: string | null }; Returns: undefined };
			delete_attribute: { Args: { attribute_id: string | null }; Returns: undefined };
			delete_business_hours: { Args: { tenant_id: string | null; team_id: string | null }; Returns: undefined };
			delete_filter: { Args: { filter_id: string | null }; Returns: undefined };
			delete_flow: { Args: { flow_id: string | null }; Returns: undefined };
			delete_holiday: { Args: { holiday_id: string | null }; Returns: undefined };
			delete_macro: { Args: { macro_id: string | null }; Returns: undefined };
			delete_module: { Args: { module_id: string | null }; Returns: undefined };
			delete_note: { Args: { message_id: string | null }; Returns: Database['public']['Tables']['messages']['Row'] };
			delete_role: {
				Args: {
					tenant_id: string | null;
					role_id: string | null;
					replacement?: Database['public']['Enums']['member_role'] | null;
					replacement_id?: string | null;
				};
				Returns: undefined;
			};
			delete_rule: { Args: { rule_id: string | null }; Returns: undefined };
			delete_tag: {
				Args: { tenant_id: string | null; tag_id: string | null; into_id?: string | null };
				Returns: undefined;
			};
			delete_team: { Args: { team_id: string | null; move_to?: string | null }; Returns: number };
			delete_template: {
				Args: { template_id: string | null };
				Returns: Database['public']['Tables']['templates']['Row'];
			};
			discard_template_draft: {
				Args: { template_id: string | null };
				Returns: Database['public']['Tables']['templates']['Row'];
			};
			disconnect_channel: {
				Args: { channel_id: string | null };
				Returns: Database['public']['Tables']['channels']['Row'];
			};
			dismiss_webhook_event: {
				Args: { webhook_event_id: string | null };
				Returns: Database['public']['Tables']['webhook_events']['Row'];
			};
			edit_contact: {
				Args: { contact_id: string | null; changes: Json | null };
				Returns: Database['public']['Tables']['contacts']['Row'];
			};
			edit_note: {
				Args: { message_id: string | null; content: Json | null };
				Returns: Database['public']['Tables']['messages']['Row'];
			};
			end_sessions: { Args: { session_id: string | null }; Returns: number };
			erase_contact_fact: { Args: { fact_id: string | null; erased?: boolean | null }; Returns: undefined };
			find_ai_knowledge: { Args: { tenant_id: string | null; question: string | null }; Returns: Json };
			first_steps: { Args: { tenant_id: string | null }; Returns: { step: string; done: boolean }[] };
			flow_performance: { Args: { flow_id: string | null; days?: number | null }; Returns: Json };
			flow_uses: { Args: { flow_id: string | null }; Returns: Json };
			follow_conversation: {
				Args: { conversation_id: string | null; user_id: string | null; following: boolean | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			forget_push_device: {
				Args: { tenant_id: string | null; id?: string | null; endpoint?: string | null };
				Returns: undefined;
			};
			heartbeat: {
				Args: { tenant_id: string | null };
				Returns: Database['public']['Tables']['agent_availability']['Row'];
			};
			i_am_here: { Args: { tenant_id: string | null; locale?: string | null }; Returns: undefined };
			import_canned_responses: {
				Args: { tenant_id: string | null; responses: Json | null; dry_run: boolean | null };
				Returns: Json;
			};
			inbox_counts: { Args: { tenant_id: string | null }; Returns: Json };
			invite_members: {
				Args: {
					tenant_id: string | null;
					emails: string[] | null;
					role: Database['public']['Enums']['member_role'] | null;
					role_id: string | null;
					team_ids?: string[] | null;
				};
				Returns: { email: string; outcome: string }[];
			};
			list_members: {
				Args: { tenant_id: string | null };
				Returns: {
					user_id: string;
					email: string;
					last_seen_at: string;
					has_mfa: boolean;
					open_conversations: number;
				}[];
			};
			list_webhook_events: {
				Args: {
					tenant_id: string | null;
					statuses?: string[] | null;
					of_channel?: string | null;
					since?: string | null;
					until?: string | null;
					with_error?: string | null;
					before_at?: string | null;
					before_id?: string | null;
					page?: number | null;
				};
				Returns: {
					id: string;
					channel_id: string;
					waba_id: string;
					status: Database['public']['Enums']['webhook_event_status'];
					error: string;
					deliveries: number;
					size: number;
					received_at: string;
					failed: number;
					left_to_apply: number;
					mended_at: string;
					dismissed_at: string;
				}[];
			};
			make_recovery_codes: { Args: Record<PropertyKey, never>; Returns: string[] };
			mark_read: {
				Args: { conversation_id: string | null; seq: number | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			mark_spam: {
				Args: { conversation_id: string | null; spam: boolean | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			mend_webhook_event: {
				Args: { webhook_event_id: string | null; raw?: string | null; failed_events?: Json | null };
				Returns: Database['public']['Tables']['webhook_events']['Row'];
			};
			mentionable_members: {
				Args: { conversation_id: string | null };
				Returns: { user_id: string; display_name: string }[];
			};
			merge_contacts: {
				Args: { keep: string | null; gone: string | null };
				Returns: Database['public']['Tables']['contact_merges']['Row'];
			};
			merge_conversations: {
				Args: { into_id: string | null; from_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			modules_for_ai: {
				Args: { tenant_id: string | null };
				Returns: { id: string; module: string; name: string; enabled: boolean }[];
			};
			modules_for_flows: {
				Args: { tenant_id: string | null };
				Returns: { id: string; module: string; name: string; enabled: boolean; url: string }[];
			};
			my_canned_uses: {
				Args: { tenant_id: string | null };
				Returns: { response_id: string; uses: number; last_used_at: string }[];
			};
			my_digest: {
				Args: { tenant_id: string | null };
				Returns: { email: string; sent_at: string; problem: string; problem_at: string; is_stopped: boolean }[];
			};
			my_invitation: {
				Args: { invitation_id: string | null };
				Returns: {
					workspace: string;
					slug: string;
					email: string;
					mine: boolean;
					status: string;
					role: Database['public']['Enums']['member_role'];
					role_name: string;
					invited_by: string;
				}[];
			};
			my_invitations: { Args: Record<PropertyKey, never>; Returns: { id: string; workspace: string }[] };
			my_push_devices: {
				Args: { tenant_id: string | null };
				Returns: { id: string; label: string; created_at: string; last_sent_at: string }[];
			};
			my_sessions: {
				Args: Record<PropertyKey, never>;
				Returns: {
					id: string;
					user_agent: string;
					ip: string;
					created_at: string;
					last_active_at: string;
					aal: string;
					is_this: boolean;
				}[];
			};
			my_workspaces: {
				Args: Record<PropertyKey, never>;
				Returns: {
					tenant_id: string;
					name: string;
					slug: string;
					role: Database['public']['Enums']['member_role'];
					role_id: string;
					role_name: string;
					permissions: string[];
					needs_mfa: boolean;
					onboarding: string;
					setting_up: boolean;
				}[];
			};
			note_canned_use: {
				Args: { tenant_id: string | null; client_id: string | null; variant_ids: string[] | null };
				Returns: undefined;
			};
			onboard_me: { Args: { tenant_id: string | null; next_step: string | null }; Returns: undefined };
			opening_now: {
				Args: { tenant_id: string | null };
				Returns: { team_id: string; is_open: boolean; changes_at: string }[];
			};
			order_attributes: { Args: { tenant_id: string | null; attribute_ids: string[] | null }; Returns: undefined };
			order_filters: { Args: { filter_ids: string[] | null }; Returns: undefined };
			order_macros: { Args: { tenant_id: string | null; macro_ids: string[] | null }; Returns: undefined };
			order_rules: { Args: { tenant_id: string | null; rule_ids: string[] | null }; Returns: undefined };
			order_tags: {
				Args: { tenant_id: string | null; tag_ids: string[] | null };
				Returns: Database['public']['Tables']['tags']['Row'][];
			};
			other_channels: {
				Args: { conversation_id: string | null };
				Returns: {
					channel_id: string;
					name: string;
					type: Database['public']['Enums']['channel_type'];
					number: string;
					open_id: string;
					taken: boolean;
				}[];
			};
			part_contacts: {
				Args: { merge_id: string | null };
				Returns: Database['public']['Tables']['contact_merges']['Row'];
			};
			perform_actions: { Args: { conversation_ids: string[] | null; actions: Json | null }; Returns: Json };
			preview_actions: { Args: { conversation_id: string | null; actions: Json | null }; Returns: Json };
			price_lists: {
				Args: { tenant_id: string | null };
				Returns: {
					id: string;
					provider: string;
					currency: string;
					effective_from: string;
					source: string;
					prices: number;
					missing: number;
				}[];
			};
			price_of: { Args: { conversation_id: string | null; category: string | null }; Returns: Json };
			propose_slug: { Args: { name: string | null }; Returns: string };
			publish_ai_agent: {
				Args: { agent_id: string | null; revision: number | null; note?: string | null };
				Returns: Database['public']['Tables']['ai_agent_versions']['Row'];
			};
			publish_flow: {
				Args: { flow_id: string | null; revision: number | null; note?: string | null };
				Returns: Database['public']['Tables']['flow_versions']['Row'];
			};
			reactivate_member: {
				Args: { tenant_id: string | null; user_id: string | null };
				Returns: Database['public']['Tables']['memberships']['Row'];
			};
			read_mentions: { Args: { conversation_id: string | null }; Returns: number };
			read_notifications: {
				Args: { tenant_id: string | null; ids?: string[] | null; conversation_id?: string | null };
				Returns: number;
			};
			read_webhook_event: {
				Args: { webhook_event_id: string | null };
				Returns: Database['public']['Tables']['webhook_events']['Row'];
			};
			reconnect_channel: {
				Args: { channel_id: string | null };
				Returns: Database['public']['Tables']['channels']['Row'];
			};
			record_consent: {
				Args: {
					contact_id: string | null;
					purpose: string | null;
					channel_type: Database['public']['Enums']['channel_type'] | null;
					state: string | null;
					note?: string | null;
					evidence_message_id?: string | null;
				};
				Returns: Database['public']['Tables']['consent_events']['Row'];
			};
			recovery_codes_left: { Args: Record<PropertyKey, never>; Returns: number };
			remove_member: {
				Args: { tenant_id: string | null; user_id: string | null; heir_id: string | null };
				Returns: undefined;
			};
			rename_me: {
				Args: { tenant_id: string | null; display_name: string | null };
				Returns: Database['public']['Tables']['memberships']['Row'];
			};
			reopen_conversation: {
				Args: { conversation_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			replay_webhook_events: {
				Args: {
					tenant_id: string | null;
					ids?: string[] | null;
					statuses?: string[] | null;
					of_channel?: string | null;
					since?: string | null;
					until?: string | null;
					with_error?: string | null;
				};
				Returns: Database['public']['Tables']['webhook_replays']['Row'];
			};
			reprice_costs: { Args: { tenant_id: string | null; since: string | null }; Returns: number };
			require_second_factor: { Args: { tenant_id: string | null; required: boolean | null }; Returns: undefined };
			resend_invitation: {
				Args: { invitation_id: string | null };
				Returns: Database['public']['Tables']['invitations']['Row'];
			};
			restore_canned_response: {
				Args: { response_id: string | null; version: number | null };
				Returns: Database['public']['Tables']['canned_responses']['Row'];
			};
			retry_message: { Args: { message_id: string | null }; Returns: Database['public']['Tables']['messages']['Row'] };
			revoke_invitation: {
				Args: { invitation_id: string | null };
				Returns: Database['public']['Tables']['invitations']['Row'];
			};
			roll_back_ai_agent: {
				Args: { agent_id: string | null; version_id: string | null };
				Returns: Database['public']['Tables']['ai_agents']['Row'];
			};
			roll_back_flow: {
				Args: { flow_id: string | null; version_id: string | null };
				Returns: Database['public']['Tables']['flows']['Row'];
			};
			rule_statistics: {
				Args: { tenant_id: string | null };
				Returns: {
					rule_id: string;
					runs: number;
					failures: number;
					last_run_at: string;
					last_failure_at: string;
					last_errors: Json;
				}[];
			};
			run_ai_evaluation: {
				Args: { agent_id: string | null; version_id?: string | null };
				Returns: Database['public']['Tables']['ai_evaluation_runs']['Row'];
			};
			run_macro: { Args: { macro_id: string | null; conversation_ids: string[] | null }; Returns: Json };
			save_agent_skills: {
				Args: {
					tenant_id: string | null;
					user_id: string | null;
					capacity: number | null;
					tag_ids: string[] | null;
					languages: string[] | null;
				};
				Returns: Database['public']['Tables']['agent_skills']['Row'];
			};
			save_ai_agent: {
				Args: {
					tenant_id: string | null;
					agent_id: string | null;
					draft: Json | null;
					revision: number | null;
					channel_ids: string[] | null;
					team_ids: string[] | null;
					hand_over_team_id: string | null;
				};
				Returns: Database['public']['Tables']['ai_agents']['Row'];
			};
			save_ai_document: {
				Args: {
					tenant_id: string | null;
					document_id: string | null;
					title: string | null;
					format: string | null;
					body: string | null;
				};
				Returns: Database['public']['Tables']['ai_documents']['Row'];
			};
			save_ai_evaluation_case: {
				Args: {
					agent_id: string | null;
					case_id: string | null;
					name: string | null;
					said: Json | null;
					expected: Json | null;
					conversation_id?: string | null;
				};
				Returns: Database['public']['Tables']['ai_evaluation_cases']['Row'];
			};
			save_ai_file: {
				Args: {
					tenant_id: string | null;
					title: string | null;
					format: string | null;
					path: string | null;
					filename: string | null;
				};
				Returns: Database['public']['Tables']['ai_documents']['Row'];
			};
			save_ai_settings: {
				Args: {
					tenant_id: string | null;
					enabled: boolean | null;
					daily_usd: number | null;
					monthly_usd: number | null;
					calls_per_minute: number | null;
					prices: Json | null;
				};
				Returns: Database['public']['Tables']['ai_settings']['Row'];
			};
			save_attribute: {
				Args: { tenant_id: string | null; attribute_id: string | null; attribute: Json | null };
				Returns: Database['public']['Tables']['attribute_definitions']['Row'];
			};
			save_business_hours: {
				Args: { tenant_id: string | null; team_id: string | null; hours: Json | null };
				Returns: Database['public']['Tables']['business_hours']['Row'];
			};
			save_canned_response: {
				Args: { tenant_id: string | null; response_id: string | null; response: Json | null };
				Returns: Database['public']['Tables']['canned_responses']['Row'];
			};
			save_contact: {
				Args: { tenant_id: string | null; name: string | null; phones: string[] | null };
				Returns: Database['public']['Tables']['contacts']['Row'];
			};
			save_contact_fact: {
				Args: { contact_id: string | null; fact_id: string | null; text: string | null };
				Returns: Database['public']['Tables']['contact_facts']['Row'];
			};
			save_filter: {
				Args: { tenant_id: string | null; filter_id: string | null; filter: Json | null };
				Returns: Database['public']['Tables']['saved_filters']['Row'];
			};
			save_flow: {
				Args: {
					tenant_id: string | null;
					flow_id: string | null;
					name: string | null;
					draft: Json | null;
					revision: number | null;
				};
				Returns: Database['public']['Tables']['flows']['Row'];
			};
			save_flow_triggers: {
				Args: { flow_id: string | null; triggers: Json | null };
				Returns: Database['public']['Tables']['flow_triggers']['Row'][];
			};
			save_flow_variable: {
				Args: { tenant_id: string | null; name: string | null; value: Json | null };
				Returns: undefined;
			};
			save_holiday: {
				Args: { tenant_id: string | null; holiday_id: string | null; holiday: Json | null };
				Returns: Database['public']['Tables']['holidays']['Row'];
			};
			save_lead: {
				Args: { conversation_id: string | null; lead_id: string | null; lead: Json | null };
				Returns: Database['public']['Tables']['leads']['Row'];
			};
			save_macro: {
				Args: { tenant_id: string | null; macro_id: string | null; macro: Json | null };
				Returns: Database['public']['Tables']['macros']['Row'];
			};
			save_notification_settings: {
				Args: { tenant_id: string | null; changes: Json | null };
				Returns: Database['public']['Tables']['notification_settings']['Row'];
			};
			save_push_device: {
				Args: {
					tenant_id: string | null;
					endpoint: string | null;
					p256dh: string | null;
					auth: string | null;
					label: string | null;
				};
				Returns: string;
			};
			save_role: {
				Args: {
					tenant_id: string | null;
					role_id: string | null;
					name: string | null;
					description: string | null;
					permissions: string[] | null;
				};
				Returns: Database['public']['Tables']['roles']['Row'];
			};
			save_rule: {
				Args: { tenant_id: string | null; rule_id: string | null; rule: Json | null };
				Returns: Database['public']['Tables']['automation_rules']['Row'];
			};
			save_tag: {
				Args: { tenant_id: string | null; tag_id: string | null; name: string | null; color: string | null };
				Returns: Database['public']['Tables']['tags']['Row'];
			};
			save_team: {
				Args: { team_id: string | null; settings: Json | null };
				Returns: Database['public']['Tables']['teams']['Row'];
			};
			save_template: {
				Args: { channel_id: string | null; template_id: string | null; template: Json | null };
				Returns: Database['public']['Tables']['templates']['Row'];
			};
			schedule_message: {
				Args: {
					conversation_id: string | null;
					client_id: string | null;
					content: Json | null;
					send_at: string | null;
					unless_answered?: boolean | null;
					variant_ids?: string[] | null;
				};
				Returns: Database['public']['Tables']['scheduled_messages']['Row'];
			};
			search_inbox: {
				Args: {
					tenant_id: string | null;
					query: string | null;
					filters?: Json | null;
					after?: Json | null;
					most?: number | null;
				};
				Returns: Json;
			};
			send_flow_event: {
				Args: { conversation_id: string | null; event: string | null; variables?: Json | null };
				Returns: string;
			};
			send_message: {
				Args: {
					conversation_id: string | null;
					client_id: string | null;
					content: Json | null;
					quoted_message_id?: string | null;
				};
				Returns: Database['public']['Tables']['messages']['Row'];
			};
			send_scheduled_message: {
				Args: { scheduled_message_id: string | null };
				Returns: Database['public']['Tables']['messages']['Row'];
			};
			set_availability: {
				Args: { tenant_id: string | null; availability: string | null; user_id?: string | null };
				Returns: Database['public']['Tables']['agent_availability']['Row'];
			};
			set_contact_attribute: {
				Args: { contact_id: string | null; key: string | null; value: Json | null };
				Returns: Database['public']['Tables']['contacts']['Row'];
			};
			set_conversation_attribute: {
				Args: { conversation_id: string | null; key: string | null; value: Json | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			set_default_team: {
				Args: { channel_id: string | null; team_id: string | null };
				Returns: Database['public']['Tables']['channels']['Row'];
			};
			set_my_avatar: { Args: { path: string | null }; Returns: undefined };
			set_notification_preference: {
				Args: {
					tenant_id: string | null;
					type: string | null;
					in_app: boolean | null;
					sound: boolean | null;
					push: boolean | null;
					digest: boolean | null;
				};
				Returns: Database['public']['Tables']['notification_preferences']['Row'];
			};
			set_priority: {
				Args: { conversation_id: string | null; priority: number | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			set_team_members: {
				Args: { team_id: string | null; user_ids: string[] | null };
				Returns: Database['public']['Tables']['team_members']['Row'][];
			};
			show_typing: { Args: { conversation_id: string | null }; Returns: undefined };
			snooze_conversation: {
				Args: { conversation_id: string | null; until: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			start_flow: {
				Args: { conversation_id: string | null; flow_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			start_flow_replay: {
				Args: { flow_id: string | null; revision: number | null; days?: number | null; guess?: string | null };
				Returns: Database['public']['Tables']['flow_replays']['Row'];
			};
			stop_ai: {
				Args: { conversation_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			stop_flow: {
				Args: { conversation_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			submit_template: {
				Args: { template_id: string | null };
				Returns: Database['public']['Tables']['templates']['Row'];
			};
			switch_module: {
				Args: { module_id: string | null; enabled: boolean | null };
				Returns: Database['public']['Tables']['tenant_modules']['Row'];
			};
			switch_rule: {
				Args: { rule_id: string | null; enabled: boolean | null };
				Returns: Database['public']['Tables']['automation_rules']['Row'];
			};
			sync_templates: {
				Args: { channel_id: string | null };
				Returns: Database['public']['Tables']['template_syncs']['Row'];
			};
			tag_contact: {
				Args: { contact_id: string | null; add: string[] | null; remove: string[] | null };
				Returns: Database['public']['Tables']['contacts']['Row'];
			};
			tag_conversation: {
				Args: { conversation_id: string | null; add?: string[] | null; remove?: string[] | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			tag_usage: {
				Args: { tenant_id: string | null };
				Returns: { tag_id: string; conversations: number; contacts: number }[];
			};
			tagged_conversations: {
				Args: { tenant_id: string | null; tag_id: string | null; up_to?: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'][];
			};
			tagged_conversations_any: {
				Args: { tenant_id: string | null; tag_ids: string[] | null };
				Returns: Database['public']['Tables']['conversations']['Row'][];
			};
			take_conversation: {
				Args: { conversation_id: string | null; over?: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			team_queue: { Args: { team_id: string | null }; Returns: Json };
			test_module: {
				Args: { module_id: string | null };
				Returns: Database['public']['Tables']['tenant_modules']['Row'];
			};
			test_push: { Args: { tenant_id: string | null; id: string | null }; Returns: undefined };
			thread_messages: {
				Args: { conversation_id: string | null; before?: number | null; since?: number | null; most?: number | null };
				Returns: Database['public']['Tables']['messages']['Row'][];
			};
			transfer_conversation: {
				Args: {
					conversation_id: string | null;
					team_id: string | null;
					assignee_id: string | null;
					note?: string | null;
				};
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			try_ai_agent: {
				Args: { agent_id: string | null; definition: Json | null; said: Json | null };
				Returns: Database['public']['Tables']['ai_trials']['Row'];
			};
			try_conditions: {
				Args: { tenant_id: string | null; conditions: Json | null };
				Returns: {
					conversation_id: string;
					contact_name: string;
					preview: string;
					last_message_at: string;
					matches: boolean;
				}[];
			};
			unarchive_flow: {
				Args: { flow_id: string | null; version_id?: string | null };
				Returns: Database['public']['Tables']['flows']['Row'];
			};
			undo_actions: { Args: { undo_ids: string[] | null }; Returns: Json };
			undo_handover: {
				Args: { conversation_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			unmerge_conversation: {
				Args: { conversation_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			unread_notification: { Args: { tenant_id: string | null; id: string | null }; Returns: undefined };
			unsnooze_conversation: {
				Args: { conversation_id: string | null };
				Returns: Database['public']['Tables']['conversations']['Row'];
			};
			use_recovery_code: { Args: { code: string | null }; Returns: string };
		};
		Enums: {
			attempt_result: 'accepted' | 'failed' | 'retry' | 'hold' | 'unknown';
			channel_status: 'connected' | 'attention' | 'disconnected';
			channel_type: 'whatsapp';
			conversation_owner: 'human' | 'bot' | 'ai';
			conversation_status: 'open' | 'closed';
			identity_kind: 'phone' | 'bsuid' | 'parent_bsuid';
			member_role: 'admin' | 'supervisor' | 'agent' | 'viewer' | 'analyst';
			message_author: 'contact' | 'agent' | 'bot' | 'ai' | 'system';
			message_direction: 'in' | 'out';
			message_status: 'received' | 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
			webhook_event_status: 'processed' | 'failed' | 'unclaimed' | 'pending';
		};
		CompositeTypes: Record<never, never>;
	};
};

type Public = Database['public'];

export type Tables<Name extends keyof Public['Tables']> = Public['Tables'][Name]['Row'];
export type TablesInsert<Name extends keyof Public['Tables']> = Public['Tables'][Name]['Insert'];
export type TablesUpdate<Name extends keyof Public['Tables']> = Public['Tables'][Name]['Update'];
export type Enums<Name extends keyof Public['Enums']> = Public['Enums'][Name];
