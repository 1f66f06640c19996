#!/bin/sh
# Installs Likeness from this tarball, as the Debian package does, or takes it away again.
set -eu

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--no-service] [--dry-run]
       ./install.sh --uninstall [--prefix DIR] [--dry-run]

  --prefix DIR   where the program goes (/usr/local): DIR/lib/likeness, DIR/bin/likeness, DIR/share/man
  --no-service   the program only; also what happens without root or without systemd
  --uninstall    takes away what it installed; data and settings stay
  --dry-run      says what it would do, and does nothing

A second run replaces the first; settings that are there already stay.
TEXT
}

here=$(cd -- "$(dirname -- "$0")" && pwd)
prefix=/usr/local
service=yes
action=install
dry=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix)
            [ $# -ge 2 ] || { echo "install.sh: --prefix wants a directory" >&2; exit 2; }
            prefix=$2
            shift
            ;;
        --no-service) service= ;;
        --uninstall) action=uninstall ;;
        --dry-run) dry=yes ;;
        -h | --help) usage; exit 0 ;;
        *) echo "install.sh: $1 is not known; see --help" >&2; exit 2 ;;
    esac
    shift
done
case $prefix in
    /*) ;;
    *) prefix=$(pwd)/$prefix ;;
esac
[ -d /run/systemd/system ] && [ "$(id -u)" = 0 ] || service=
unit=/etc/systemd/system/likeness.service

# Says a step and takes it.
step() {
    echo "  $1"
    shift
    [ -n "$dry" ] || "$@"
}

program() {
    mkdir -p "$prefix/lib" "$prefix/bin"
    rm -rf "$prefix/lib/likeness.new"
    cp -R "$here/lib" "$prefix/lib/likeness.new"
    rm -rf "$prefix/lib/likeness"
    mv "$prefix/lib/likeness.new" "$prefix/lib/likeness"
    ln -sfn ../lib/likeness/likeness "$prefix/bin/likeness"
}

manuals() {
    mkdir -p "$prefix/share/man/man1" "$prefix/share/man/man5"
    cp "$here"/share/man/*.1.gz "$prefix/share/man/man1/"
    cp "$here"/share/man/*.5.gz "$prefix/share/man/man5/"
}

settings() {
    mkdir -p /etc/likeness
    [ -e /etc/likeness/likeness.json ] || cp "$here/systemd/likeness.json" /etc/likeness/
}

user() {
    mkdir -p /etc/sysusers.d
    cp "$here/systemd/likeness.sysusers" /etc/sysusers.d/likeness.conf
    systemd-sysusers likeness.conf
}

service() {
    sed "s:/usr/lib/likeness:$prefix/lib/likeness:" "$here/systemd/likeness.service" >"$unit"
    systemctl daemon-reload
    systemctl enable --quiet likeness.service
    # Another server may hold the ports: the installation is fine all the same.
    systemctl restart likeness.service || echo "likeness is installed but did not start; the reason: journalctl -u likeness -n 20" >&2
}

end_service() {
    systemctl disable --quiet --now likeness.service 2>/dev/null || true
    rm -f "$unit" /etc/sysusers.d/likeness.conf
    systemctl daemon-reload
}

take_away() {
    rm -rf "$prefix/lib/likeness" "$prefix/lib/likeness.new"
    rm -f "$prefix/bin/likeness" "$prefix"/share/man/man1/likeness*.1.gz "$prefix/share/man/man5/likeness.json.5.gz"
}

if [ "$action" = uninstall ]; then
    [ -z "$service" ] || [ ! -e "$unit" ] || step "ends the service and removes $unit" end_service
    step "removes $prefix/lib/likeness, $prefix/bin/likeness and the manual pages" take_away
    echo "Data stays in /var/lib/likeness, settings stay in /etc/likeness."
    exit 0
fi

step "puts the program into $prefix/lib/likeness, and $prefix/bin/likeness to call it by" program
step "puts the manual pages into $prefix/share/man" manuals
if [ -n "$service" ]; then
    step "keeps the settings in /etc/likeness/likeness.json" settings
    step "makes the user likeness" user
    step "starts the service $unit" service
fi
echo "Next: $prefix/bin/likeness --help"
