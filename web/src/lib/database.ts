import type { Action } from '@prosa/core/actions/actions.ts';
import type { Performed, Undone } from '@prosa/core/actions/performed.ts';
import type { Database as Generated } from '@prosa/core/database.types.ts';
import type { OutgoingContent } from '@prosa/core/whatsapp/outgoing/content.ts';
import type { Content } from '@prosa/core/whatsapp/content.ts';
import type { Queue } from './teams/queries.ts';

/**
 * The rows as the database makes them (generated), with the two jsonb columns of a message given the shape that core
 * gives them. Timestamps stay text: JavaScript dates lose microseconds, and the cursors need them.
 */
type Public = Generated['public'];
export type Row<Name extends keyof Public['Tables']> = Public['Tables'][Name]['Row'];
type Enums = Public['Enums'];

/** Why the provider refused a message, in its own words. */
export type SendError = { code: number | string; title: string; details: string | null };

export type Message = Omit<Row<'messages'>, 'content' | 'error'> & { content: Content; error: SendError | null };

export type Conversation = Row<'conversations'>;
export type Contact = Row<'contacts'>;
export type ContactIdentity = Row<'contact_identities'>;
export type Channel = Row<'channels'>;
export type Notification = Row<'notifications'>;
export type NotificationSettings = Row<'notification_settings'>;
export type Membership = Row<'memberships'>;
export type Role = Enums['member_role'];
/** A person's role is a built-in one, or one of the company's own. */
export type Workspace = Omit<
	Public['Functions']['my_workspaces']['Returns'][number],
	'role' | 'role_id' | 'role_name'
> & { role: Role | null; role_id: string | null; role_name: string | null };
export type ConversationStatus = Enums['conversation_status'];
export type MessageStatus = Enums['message_status'];

type Functions = Public['Functions'];
type Answering<Name extends keyof Functions, Returns> = Omit<Functions[Name], 'Returns'> & { Returns: Returns };

export type Database = {
	public: Omit<Public, 'Tables' | 'Functions'> & {
		Tables: Omit<Public['Tables'], 'messages' | 'macros'> & {
			// The database lets in none that it could not carry out.
			macros: Omit<Public['Tables']['macros'], 'Row'> & { Row: Omit<Row<'macros'>, 'actions'> & { actions: Action[] } };
			messages: Omit<Public['Tables']['messages'], 'Row'> & { Row: Message };
		};
		Functions: Omit<
			Functions,
			| 'team_queue'
			| 'perform_actions'
			| 'run_macro'
			| 'undo_actions'
			| 'send_message'
			| 'retry_message'
			| 'add_note'
			| 'edit_note'
			| 'delete_note'
			| 'thread_messages'
		> & {
			send_message: {
				Args: Omit<Functions['send_message']['Args'], 'content'> & { content: OutgoingContent };
				Returns: Message;
			};
			retry_message: Answering<'retry_message', Message>;
			perform_actions: Answering<'perform_actions', Performed>;
			run_macro: Answering<'run_macro', Performed>;
			undo_actions: Answering<'undo_actions', Undone>;
			team_queue: Answering<'team_queue', Queue>;
			add_note: Answering<'add_note', Message>;
			edit_note: Answering<'edit_note', Message>;
			delete_note: Answering<'delete_note', Message>;
			thread_messages: Answering<'thread_messages', Message[]>;
		};
	};
};
