import type { Content } from '@prosa/core/whatsapp/content.ts';
import ClipboardList from '@lucide/svelte/icons/clipboard-list';
import CircleHelp from '@lucide/svelte/icons/circle-help';
import Contact from '@lucide/svelte/icons/contact-round';
import File from '@lucide/svelte/icons/file-text';
import History from '@lucide/svelte/icons/history';
import Image from '@lucide/svelte/icons/image';
import Info from '@lucide/svelte/icons/info';
import LayoutTemplate from '@lucide/svelte/icons/layout-template';
import MapPin from '@lucide/svelte/icons/map-pin';
import Mic from '@lucide/svelte/icons/mic';
import Music from '@lucide/svelte/icons/music';
import Pencil from '@lucide/svelte/icons/pencil';
import Phone from '@lucide/svelte/icons/phone';
import ShoppingBag from '@lucide/svelte/icons/shopping-bag';
import Smile from '@lucide/svelte/icons/smile';
import Sticker from '@lucide/svelte/icons/sticker';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Reply from '@lucide/svelte/icons/mouse-pointer-click';
import Trash from '@lucide/svelte/icons/trash-2';
import Video from '@lucide/svelte/icons/video';
import type { Component } from 'svelte';
import { m } from '#lib/paraglide/messages.js';

type Icon = Component<{ size?: number; strokeWidth?: number }>;

/** How a kind of message is named and drawn, in the list and on its card. */
interface Kind {
	label: () => string;
	icon: Icon;
}

const kinds: Record<Exclude<Content['kind'], 'text'>, Kind> = {
	image: { label: m.kind_image, icon: Image },
	video: { label: m.kind_video, icon: Video },
	audio: { label: m.kind_audio, icon: Music },
	document: { label: m.kind_document, icon: File },
	sticker: { label: m.kind_sticker, icon: Sticker },
	location: { label: m.kind_location, icon: MapPin },
	contacts: { label: m.kind_contacts, icon: Contact },
	reaction: { label: m.kind_reaction, icon: Smile },
	interactive: { label: m.kind_interactive, icon: Reply },
	button: { label: m.kind_button, icon: Reply },
	order: { label: m.kind_order, icon: ShoppingBag },
	system: { label: m.kind_system, icon: Info },
	unsupported: { label: m.kind_unsupported, icon: CircleHelp },
	edit: { label: m.kind_edit, icon: Pencil },
	revoke: { label: m.kind_revoke, icon: Trash },
	template: { label: m.kind_template, icon: LayoutTemplate },
	call: { label: m.kind_call, icon: Phone },
	note: { label: m.kind_note, icon: StickyNote },
	activity: { label: m.kind_system, icon: Info },
	media_placeholder: { label: m.kind_media_placeholder, icon: History }
};

const voice: Kind = { label: m.kind_voice, icon: Mic };
const form: Kind = { label: m.kind_form, icon: ClipboardList };
const callPermission: Kind = { label: m.kind_call_permission, icon: Phone };

/** The name and icon of a kind; null for plain text, which needs neither. An unknown kind reads as unsupported. */
export function kindOf(kind: string, content?: Content): Kind | null {
	if (kind === 'text') return null;
	if (content?.kind === 'audio' && content.voice) return voice;
	if (content?.kind === 'interactive' && content.type === 'nfm_reply') return form;
	if (content?.kind === 'interactive' && content.type === 'call_permission_reply') return callPermission;
	return kinds[kind as keyof typeof kinds] ?? kinds.unsupported;
}
