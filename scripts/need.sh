# Sourced by ./likeness and ./test: installs Debian packages that are missing and says so.

say() { printf '%s\n' "$*" >&2; }

die() { say "$@"; exit 1; }

# need PACKAGE...: those not installed yet are installed by apt; services are not needed, only files.
need() {
    local package missing=() as_root=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *" installed" ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    command -v apt-get >/dev/null || die "likeness needs ${missing[*]} (Debian names); please install them with this system's package manager."
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "likeness needs ${missing[*]}; as root, run: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi

    say "Installing ${missing[*]} with apt …"
    # A package is there when it is configured, whether or not its service could start; so the status is asked afterwards.
    apt_install "${missing[@]}" || { apt_update && apt_install "${missing[@]}"; } || true
    for package in "${missing[@]}"; do
        [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *" installed" ]] \
            || die "apt could not install $package; run 'apt-get install $package' to see why."
    done
}

apt_install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null >/dev/null 2>&1
}

apt_update() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null >/dev/null 2>&1
}

need_dotnet() {
    command -v dotnet >/dev/null || die "likeness needs the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"
}

# The chat library for programs in JavaScript, with what it needs; the versions of these are those that it names.
need_xmppjs() {
    local version=0.14.0 folder="$home/.artifacts/xmppjs"
    [[ -e $folder/$version ]] && return 0
    command -v npm >/dev/null || need npm
    say "Installing @xmpp/client with npm …"
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && npm install --silent --no-audit --no-fund --ignore-scripts "@xmpp/client@$version" ws@8 </dev/null >npm.log 2>&1) \
        || { cat "$folder/npm.log" >&2; die "npm could not install @xmpp/client; run 'npm install @xmpp/client@$version' to see why."; }
    touch "$folder/$version"
}

# The chat client for browsers: its package as it is, because npm before version 10 stumbles over the workspaces that it names.
need_converse() {
    local version=14.0.0 folder="$home/.artifacts/converse"
    local sum=2c5520d37d230da955e3bbc8fefc953ea60f65f2585c56ee6eaf2fd1c1437b6cd735e786124dd4a74163fd64f34fab7ee9da3e700213a32ef77808fb44d0e3d9
    [[ -e $folder/$version ]] && return 0
    command -v npm >/dev/null || need npm
    say "Installing Converse.js with npm …"
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && npm pack --silent "converse.js@$version" </dev/null >npm.log 2>&1) \
        || { cat "$folder/npm.log" >&2; die "npm could not fetch Converse.js; run 'npm pack converse.js@$version' to see why."; }
    sha512sum --status -c <<<"$sum  $folder/converse.js-$version.tgz" || die "The package of Converse.js $version is not the one that these tests were written with."
    tar -C "$folder" -xzf "$folder/converse.js-$version.tgz" package/dist
    touch "$folder/$version"
}
