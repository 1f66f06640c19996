// Makes a passkey, or shows one: the browser asks the person, the form carries what comes of it.
const form = document.getElementById('passkey');
const said = document.getElementById('passkey-said');
const none = document.getElementById('passkey-none');

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), one => one.charCodeAt(0));
const text = buffer => btoa(Array.from(new Uint8Array(buffer), one => String.fromCharCode(one)).join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

function read(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) {
        options.user.id = bytes(options.user.id);
    }
    for (const list of [options.excludeCredentials, options.allowCredentials]) {
        for (const known of list ?? []) {
            known.id = bytes(known.id);
        }
    }
    return options;
}

function written(credential) {
    const response = {};
    for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
        if (credential.response[name]) {
            response[name] = text(credential.response[name]);
        }
    }
    if (credential.response.getTransports) {
        response.transports = credential.response.getTransports();
    }
    return JSON.stringify({ id: credential.id, rawId: credential.id, type: credential.type, clientExtensionResults: {}, response });
}

async function ask() {
    const answer = await fetch(form.dataset.options, {
        method: 'POST',
        headers: { RequestVerificationToken: form.elements.__RequestVerificationToken.value },
    });
    if (!answer.ok) {
        throw new Error(answer.status);
    }
    const publicKey = read(await answer.json());
    return publicKey.user ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
}

if (form && window.PublicKeyCredential) {
    form.hidden = false;
    if (none) {
        none.hidden = true;
    }
    form.addEventListener('submit', async event => {
        event.preventDefault();
        said.textContent = '';
        try {
            form.elements.credential.value = written(await ask());
        } catch {
            said.textContent = form.dataset.failed;
            return;
        }
        form.submit();
    });
}
