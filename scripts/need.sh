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

# The chat client for browsers, as its lock file in the tests says; into a folder that git does not see.
need_converse() {
    local locked="$home/tests/Likeness.Interop.Tests/Converse" folder="$home/.artifacts/converse"
    [[ -d $folder/node_modules/converse.js/dist ]] && cmp -s "$locked/package-lock.json" "$folder/package-lock.json" && return 0
    command -v npm >/dev/null || need npm
    say "Installing Converse.js with npm …"
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$locked/package.json" "$locked/package-lock.json" "$folder"
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund </dev/null >"$folder/npm.log" 2>&1 \
        || { rm -f "$folder/package-lock.json"; cat "$folder/npm.log" >&2; die "npm could not install Converse.js; run 'npm ci' in $folder to see why."; }
}
