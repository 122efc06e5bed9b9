import Camera from '@lucide/svelte/icons/camera';
import Contact from '@lucide/svelte/icons/contact-round';
import ExternalLink from '@lucide/svelte/icons/external-link';
import File from '@lucide/svelte/icons/file-up';
import LayoutTemplate from '@lucide/svelte/icons/layout-template';
import Link from '@lucide/svelte/icons/link';
import List from '@lucide/svelte/icons/list';
import MapPin from '@lucide/svelte/icons/map-pin';
import MapPinned from '@lucide/svelte/icons/map-pinned';
import Buttons from '@lucide/svelte/icons/mouse-pointer-click';
import Workflow from '@lucide/svelte/icons/workflow';
import Mic from '@lucide/svelte/icons/mic';
import type { Component } from 'svelte';
import { m } from '#lib/paraglide/messages.js';

/** What can be sent besides text. Those of `FormName` open a form of their own. */
export type FormName = 'link' | 'location' | 'location_request' | 'contacts' | 'buttons' | 'list' | 'cta' | 'flow';
export type WayName = FormName | 'file' | 'camera' | 'voice' | 'template';

export interface Way {
	name: WayName;
	label: () => string;
	icon: Component<{ size?: number; strokeWidth?: number }>;
	/** The letter that chooses it in the open menu. */
	letter: string;
	/** A key that does it from anywhere in the conversation. */
	keys?: string;
	group: 'files' | 'asks';
}

export const ways: Way[] = [
	{ name: 'file', label: m.attach_file, icon: File, letter: 'f', keys: 'Ctrl Shift F', group: 'files' },
	{ name: 'camera', label: m.attach_camera, icon: Camera, letter: 'c', group: 'files' },
	{ name: 'voice', label: m.composer_record, icon: Mic, letter: 'v', keys: 'Ctrl Shift G', group: 'files' },
	{ name: 'link', label: m.attach_link, icon: Link, letter: 'k', group: 'files' },
	{ name: 'location', label: m.attach_location, icon: MapPin, letter: 'l', group: 'files' },
	{ name: 'contacts', label: m.attach_contacts, icon: Contact, letter: 'p', group: 'files' },
	{ name: 'buttons', label: m.attach_buttons, icon: Buttons, letter: 'b', group: 'asks' },
	{ name: 'list', label: m.attach_list, icon: List, letter: 'o', group: 'asks' },
	{ name: 'cta', label: m.attach_cta, icon: ExternalLink, letter: 'u', group: 'asks' },
	{ name: 'location_request', label: m.attach_location_request, icon: MapPinned, letter: 'q', group: 'asks' },
	{ name: 'flow', label: m.attach_flow, icon: Workflow, letter: 'w', group: 'asks' },
	{ name: 'template', label: m.attach_template, icon: LayoutTemplate, letter: 'm', group: 'asks' }
];

/** The key that opens the menu of them all. */
export const menuKeys = 'Ctrl Shift A';

/** The keys of a way, as the palette shows them. */
export const keysOf = ({ keys, letter }: Way): string => keys ?? `${menuKeys} ${letter.toUpperCase()}`;
