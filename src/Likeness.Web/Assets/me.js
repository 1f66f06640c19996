// The open page follows what is done elsewhere: in a chat program, by the operator, in another window.
const me = document.getElementById('me');
const own = document.getElementById('own');
const events = new EventSource(me.dataset.events);

events.addEventListener('portrait', event => {
    const now = JSON.parse(event.data);
    for (const place of me.querySelectorAll('[data-place]')) {
        place.className = now[place.dataset.place] ? 'yes' : 'no';
    }
    document.getElementById('remove').hidden = !now.shown;
    const version = String(now.version);
    if (version !== me.dataset.version) {
        me.dataset.version = version;
        // Whoever wants less motion sees the first frame, of whatever comes.
        own.parentElement.querySelectorAll('source').forEach(still => still.remove());
        const less = matchMedia('(prefers-reduced-motion: reduce)').matches ? '&still=yes' : '';
        own.src = now.shown ? `${me.dataset.picture}?v=${version}${less}` : `${me.dataset.face}&v=${version}`;
        own.alt = now.shown ? own.dataset.shown : own.dataset.none;
    }
});
addEventListener('pagehide', () => events.close());
