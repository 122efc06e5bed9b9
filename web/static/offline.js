// Shows the inbox as it was last seen in this browser, where the address is one of the inbox. Only reads: what is written
// here waits in the app. Words come from what was kept, so that nothing has to be loaded.
const WORDS = {
	'pt-BR': {
		title: 'Você está sem conexão',
		age: (moment, ago) => `Caixa de entrada como você a viu em ${moment}, ${ago}. Nada aqui está atualizado.`,
		thread: (moment, ago) => `Conversa como você a viu em ${moment}, ${ago}.`,
		list: 'Conversas',
		back: 'Voltar à lista',
		retry: 'Tentar de novo',
		pick: 'Escolha uma conversa. As últimas que você abriu estão guardadas neste dispositivo.',
		missing: 'Esta conversa não está guardada neste dispositivo.',
		note: 'Nota interna',
		you: 'Equipe',
		unread: (count) => `${count} não lidas`
	},
	en: {
		title: 'You are offline',
		age: (moment, ago) => `The inbox as you saw it on ${moment}, ${ago}. Nothing here is current.`,
		thread: (moment, ago) => `The conversation as you saw it on ${moment}, ${ago}.`,
		list: 'Conversations',
		back: 'Back to the list',
		retry: 'Try again',
		pick: 'Choose a conversation. The last ones you opened are kept on this device.',
		missing: 'This conversation is not kept on this device.',
		note: 'Private note',
		you: 'Team',
		unread: (count) => `${count} unread`
	}
};

addEventListener('online', () => location.reload());

const [, workspace, section, conversation] = location.pathname.split('/');
const pointer = read(localStorage.getItem('prosa-seen'));
if (section === 'inbox' && pointer?.workspace === workspace) show(pointer.name).catch(() => undefined);

async function show(name) {
	if (!(await indexedDB.databases()).some((database) => database.name === name)) return;
	const database = await wait(indexedDB.open(name));
	const list = await wait(database.transaction('list').objectStore('list').get('list'));
	if (list?.workspace !== workspace) return;
	const thread = conversation
		? await wait(database.transaction('threads').objectStore('threads').get(conversation))
		: null;
	draw(list, thread);
}

function draw(list, thread) {
	const words = WORDS[list.locale] ?? WORDS['pt-BR'];
	document.documentElement.lang = list.locale;
	document.title = `${words.title} · Prosa`;
	const say = clock(list.locale);
	const rows = list.rows.map((row) => {
		const link = element('a', { href: `/${workspace}/inbox/${row.id}`, className: 'row' }, [
			element('span', { className: 'top' }, [
				element('strong', {}, [row.name]),
				element('time', { dateTime: row.at }, [say.short(row.at)])
			]),
			element('span', { className: 'line' }, [
				element('span', {}, [row.line]),
				...(row.unread > 0 ? [element('b', { title: words.unread(row.unread) }, [String(row.unread)])] : [])
			])
		]);
		if (row.id === conversation) link.setAttribute('aria-current', 'page');
		return element('li', {}, [link]);
	});
	const lines = (thread?.lines ?? []).map((line) =>
		element('li', { className: line.note ? 'note' : line.out ? 'out' : 'in' }, [
			...(line.out || line.note
				? [
						element('small', {}, [
							line.note ? `${words.note} · ${line.author ?? words.you}` : (line.author ?? words.you)
						])
					]
				: []),
			element('p', {}, [line.text]),
			element('time', { dateTime: line.at }, [say.short(line.at)])
		])
	);
	const mark = element('p', { className: 'mark' }, [words.age(say.exact(list.at), say.ago(list.at))]);
	mark.setAttribute('role', 'status');
	const head = element('header', {}, [
		element('div', {}, [element('h1', {}, [words.title]), mark]),
		element('a', { href: '', className: 'retry' }, [words.retry])
	]);
	const nav = element('nav', {}, [element('ul', {}, rows)]);
	nav.setAttribute('aria-label', words.list);
	const main = element('main', {}, [
		...(conversation ? [element('a', { href: `/${workspace}/inbox`, className: 'back' }, [`← ${words.back}`])] : []),
		...(thread
			? [
					element('h2', {}, [thread.name]),
					element('p', { className: 'mark' }, [words.thread(say.exact(thread.at), say.ago(thread.at))]),
					element('ol', {}, lines)
				]
			: [element('p', { className: 'empty' }, [conversation ? words.missing : words.pick])])
	]);
	document.body.className = conversation ? 'seen one' : 'seen';
	document.body.replaceChildren(head, nav, main);
	main.scrollTop = main.scrollHeight;
}

function clock(locale) {
	const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
	const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
	const day = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit' });
	const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
	return {
		exact: (at) => exact.format(new Date(at)),
		short: (at) => (new Date(at).toDateString() === new Date().toDateString() ? time : day).format(new Date(at)),
		ago(at) {
			const minutes = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 60_000));
			if (minutes < 60) return relative.format(-minutes, 'minute');
			if (minutes < 2_880) return relative.format(-Math.round(minutes / 60), 'hour');
			return relative.format(-Math.round(minutes / 1_440), 'day');
		}
	};
}

function element(tag, properties, children) {
	const made = Object.assign(document.createElement(tag), properties);
	made.append(...children);
	return made;
}

function wait(request) {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}

function read(text) {
	try {
		return JSON.parse(text ?? 'null');
	} catch {
		return null;
	}
}
