// The crop. The number fields are the form; everything here only fills them in and shows what the server will make of them.
const form = document.getElementById('crop');
const file = document.getElementById('picture');
const stage = document.getElementById('stage');
const canvas = document.getElementById('canvas');
const film = document.getElementById('film');
const shoot = document.getElementById('shoot');
const said = document.getElementById('said');
const fields = Object.fromEntries(['size', 'x', 'y', 'angle'].map(name => [name, document.getElementById(name)]));
const mirror = document.getElementById('mirror');
const motion = document.getElementById('motion') ?? {};
const Moving = /^image\/(gif|webp)$/;
const Largest = 2048;
const Smallest = 8;
let picture = null;

for (const part of document.querySelectorAll('.ways.with-script')) {
    part.hidden = false;
}

motion.hidden = true;

const number = name => Number(fields[name].value) || 0;
const set = values => {
    for (const [name, value] of Object.entries(values)) {
        fields[name].value = Math.round(value);
    }
    draw();
};
const say = text => { said.textContent = text; };
const filled = (text, ...values) => text.replace(/\{(\d)\}/g, (_, at) => values[at]);

let saying = 0;
function announce() {
    clearTimeout(saying);
    saying = setTimeout(() => say(filled(form.dataset.moved, number('size'), number('x'), number('y'), number('angle'))), 400);
}

function draw() {
    if (!picture) {
        return;
    }
    const [size, angle] = [number('size') || 1, number('angle') * Math.PI / 180];
    const pen = canvas.getContext('2d');
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = 'high';
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.scale(canvas.width / size, canvas.width / size);
    pen.rotate(angle);
    pen.translate(-(number('x') + size / 2), -(number('y') + size / 2));
    if (mirror.checked) {
        pen.translate(picture.width, 0);
        pen.scale(-1, 1);
    }
    pen.drawImage(picture, 0, 0);
}

function reset() {
    const size = Math.min(picture.width, picture.height);
    mirror.checked = false;
    set({ size, x: (picture.width - size) / 2, y: (picture.height - size) / 2, angle: 0 });
    announce();
}

// Moves the square over the picture by so many of the picture's pixels as they are seen.
function move(right, down) {
    const angle = -number('angle') * Math.PI / 180;
    const [across, along] = [right * Math.cos(angle) - down * Math.sin(angle), right * Math.sin(angle) + down * Math.cos(angle)];
    const half = number('size') / 2;
    const within = (value, most) => Math.min(Math.max(value + half, 0), most) - half;
    set({ x: within(number('x') + across, picture.width), y: within(number('y') + along, picture.height) });
    announce();
}

function zoom(factor) {
    const before = number('size');
    const size = Math.min(Math.max(before * factor, Smallest), 2 * Math.max(picture.width, picture.height));
    set({ size, x: number('x') + (before - size) / 2, y: number('y') + (before - size) / 2 });
    announce();
}

function turn(degrees) {
    set({ angle: ((number('angle') + degrees + 180) % 360 + 360) % 360 - 180 });
    announce();
}

async function smaller(chosen, bitmap) {
    const scale = Largest / Math.max(bitmap.width, bitmap.height);
    const tooLarge = chosen.size > Number(form.dataset.largest);
    if (scale >= 1 && !tooLarge || Moving.test(chosen.type) && !tooLarge) {
        return [chosen, bitmap];
    }
    const sheet = document.createElement('canvas');
    sheet.width = Math.round(bitmap.width * Math.min(scale, 1));
    sheet.height = Math.round(bitmap.height * Math.min(scale, 1));
    const pen = sheet.getContext('2d');
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(bitmap, 0, 0, sheet.width, sheet.height);
    const blob = await new Promise(done => sheet.toBlob(done, chosen.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp', .92));
    say(form.dataset.shrunk);
    return [new File([blob], chosen.name, { type: blob.type }), await createImageBitmap(blob)];
}

function give(chosen) {
    const given = new DataTransfer();
    given.items.add(chosen);
    file.files = given.files;
}

async function choose(chosen) {
    if (!file) {
        return;
    }
    motion.hidden = !Moving.test(chosen.type);
    let bitmap;
    try {
        bitmap = await createImageBitmap(chosen);
    } catch {
        // The server may know it all the same; then the parts decide.
        picture = null;
        stage.hidden = document.getElementById('numbers').hidden = true;
        document.getElementById('parts').hidden = false;
        set({ size: 0, x: 0, y: 0, angle: 0 });
        say(form.dataset.unread);
        return;
    }
    const [made, shown] = await smaller(chosen, bitmap);
    give(made);
    picture = shown;
    stage.hidden = document.getElementById('numbers').hidden = canvas.hidden = false;
    document.getElementById('parts').hidden = true;
    reset();
    canvas.focus({ preventScroll: true });
}

// A picture of one's own is cut anew from what the server kept of it.
async function open(original) {
    const answer = await fetch(original);
    picture = await createImageBitmap(await answer.blob());
    stage.hidden = document.getElementById('numbers').hidden = canvas.hidden = false;
    document.getElementById('parts').hidden = true;
    reset();
}

if (form.dataset.original) {
    open(form.dataset.original);
}

file?.addEventListener('change', () => file.files[0] && choose(file.files[0]));
document.addEventListener('paste', event => event.clipboardData?.files[0] && choose(event.clipboardData.files[0]));
document.addEventListener('dragover', event => event.preventDefault());
document.addEventListener('drop', event => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) {
        choose(event.dataTransfer.files[0]);
    }
});

for (const input of [...Object.values(fields), mirror]) {
    input.addEventListener('input', () => { draw(); announce(); });
}
document.getElementById('left').addEventListener('click', () => turn(-90));
document.getElementById('right').addEventListener('click', () => turn(90));
document.getElementById('reset').addEventListener('click', () => picture && reset());

canvas.addEventListener('keydown', event => {
    const step = event.shiftKey ? 10 : 1;
    const act = {
        ArrowLeft: () => move(-step, 0), ArrowRight: () => move(step, 0), ArrowUp: () => move(0, -step), ArrowDown: () => move(0, step),
        '+': () => zoom(.95), '=': () => zoom(.95), '-': () => zoom(1 / .95),
        '<': () => turn(-1), '>': () => turn(1), ',': () => turn(-1), '.': () => turn(1),
    }[event.key];
    if (act && picture) {
        event.preventDefault();
        act();
    }
});
canvas.addEventListener('wheel', event => {
    if (picture && (event.ctrlKey || document.activeElement === canvas)) {
        event.preventDefault();
        zoom(event.deltaY > 0 ? 1.05 : 1 / 1.05);
    }
}, { passive: false });

// One finger or the mouse moves, two fingers zoom.
const held = new Map();
const apart = () => { const [one, other] = [...held.values()]; return Math.hypot(one.x - other.x, one.y - other.y); };
canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
});
canvas.addEventListener('pointermove', event => {
    const before = held.get(event.pointerId);
    if (!before || !picture) {
        return;
    }
    const was = held.size === 2 ? apart() : 0;
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (held.size === 2) {
        zoom(was / Math.max(apart(), 1));
    } else {
        const scale = number('size') / canvas.clientWidth;
        move((before.x - event.clientX) * scale, (before.y - event.clientY) * scale);
    }
});
for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, event => held.delete(event.pointerId));
}

// The camera is asked for by a press, and let go of after the picture.
let stream = null;
const stop = () => {
    stream?.getTracks().forEach(track => track.stop());
    stream = null;
    film.hidden = shoot.hidden = true;
};
document.getElementById('camera')?.addEventListener('click', async () => {
    try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user', width: { ideal: 1280 } }, audio: false });
    } catch {
        say(form.dataset.nocamera);
        return;
    }
    film.srcObject = stream;
    stage.hidden = film.hidden = shoot.hidden = false;
    canvas.hidden = true;
    await film.play();
    shoot.focus();
});
shoot.addEventListener('click', () => {
    const sheet = document.createElement('canvas');
    [sheet.width, sheet.height] = [film.videoWidth, film.videoHeight];
    sheet.getContext('2d').drawImage(film, 0, 0);
    stop();
    sheet.toBlob(blob => choose(new File([blob], 'camera.jpg', { type: 'image/jpeg' })), 'image/jpeg', .92);
});
addEventListener('pagehide', stop);
