#!/bin/sh
# Installs Likeness from this tarball, as the Debian package does: ./install.sh [--prefix DIR] [--no-service] | --uninstall
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
prefix=/usr/local
service=yes
action=install
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=$2; shift ;;
        --no-service) service= ;;
        --uninstall) action=uninstall ;;
        -h | --help) sed -n 2p "$0"; exit 0 ;;
        *) echo "install.sh: $1 is not known; see --help" >&2; exit 2 ;;
    esac
    shift
done
[ -d /run/systemd/system ] || service=

if [ "$action" = uninstall ]; then
    [ -z "$service" ] || systemctl disable --now likeness.service 2>/dev/null || true
    rm -rf "$prefix/lib/likeness" "$prefix/bin/likeness" "$prefix"/share/man/man1/likeness*.1.gz "$prefix/share/man/man5/likeness.json.5.gz" \
        /etc/systemd/system/likeness.service /etc/sysusers.d/likeness.conf
    echo "Likeness is removed. Its data stays in /var/lib/likeness, its settings in /etc/likeness."
    exit 0
fi

mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share/man/man1" "$prefix/share/man/man5"
rm -rf "$prefix/lib/likeness.new"
cp -R "$here/lib" "$prefix/lib/likeness.new"
rm -rf "$prefix/lib/likeness"
mv "$prefix/lib/likeness.new" "$prefix/lib/likeness"
ln -sfn ../lib/likeness/likeness "$prefix/bin/likeness"
cp "$here"/share/man/*.1.gz "$prefix/share/man/man1/"
cp "$here"/share/man/*.5.gz "$prefix/share/man/man5/"
if [ -n "$service" ]; then
    mkdir -p /etc/likeness /etc/sysusers.d
    [ -e /etc/likeness/likeness.json ] || cp "$here/systemd/likeness.json" /etc/likeness/
    cp "$here/systemd/likeness.sysusers" /etc/sysusers.d/likeness.conf
    sed "s:/usr/lib/likeness:$prefix/lib/likeness:" "$here/systemd/likeness.service" >/etc/systemd/system/likeness.service
    systemd-sysusers likeness.conf
    systemctl daemon-reload
    systemctl enable likeness.service
    systemctl restart likeness.service
fi
echo "Likeness is in $prefix/lib/likeness. Next: likeness --help"
