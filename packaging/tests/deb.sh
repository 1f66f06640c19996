# Part of packaging/test. The Debian package, and its service.

inside() { chroot "$work/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }

test_deb() {
    need mmdebstrap lintian
    say "Debian package"
    packaging/build deb
    local package
    package=$(ls -t .artifacts/packages/likeness_*_amd64.deb | head -1)
    check "is not larger than 60 MB" test "$(stat -c %s "$package")" -lt 62914560
    check "lintian finds nothing" lintian --allow-root --fail-on error,warning "$package"
    check "the unit's exposure is at most 1.7" unit_is_hardened
    say "Making a fresh root …"
    # Without systemd itself, as in a container.
    fresh_root "$work/root" "$(needed | sed 's/systemd$/systemd-standalone-sysusers/'),init-system-helpers"
    cp "$package" "$work/root/tmp/likeness.deb"
    check "installs" inside dpkg -i /tmp/likeness.deb
    check "says its version" inside likeness --version
    check "completes in bash" inside bash -c 'source /usr/share/bash-completion/completions/likeness; COMP_WORDS=(likeness us); COMP_CWORD=1; _likeness; [[ ${COMPREPLY[0]} == user ]]'
    check "sets itself up" inside likeness init --domain localhost --account romeo@localhost --password 'a long password'
    check "the first account is there, for root without a word about where" bash -c "chroot '$work/root' /usr/bin/likeness user list | grep -q romeo@localhost"
    check "what root made is the service's" bash -c "! find '$work/root/var/lib/likeness' ! -user $(stat -c %u "$work/root/var/lib/likeness") | grep ."
    check "serves an avatar as its own user" serves "$work/root" likeness:likeness likeness
    check "makes an account" bash -c "chroot --userspec=likeness:likeness '$work/root' /usr/bin/env -i PATH=/usr/bin LIKENESS_DATA=/var/lib/likeness likeness user add juliet@localhost --password 'a long password'"
    printf '{ "domain": ["localhost"], }\n' >"$work/root/etc/likeness/likeness.json"
    check "is upgraded, a changed setting stays" inside dpkg -i --force-confold /tmp/likeness.deb
    check "the changed setting is there" grep -q localhost "$work/root/etc/likeness/likeness.json"
    check "the account is there" bash -c "chroot --userspec=likeness:likeness '$work/root' /usr/bin/env -i PATH=/usr/bin LIKENESS_DATA=/var/lib/likeness LIKENESS_CONFIG=/etc/likeness/likeness.json likeness user list | grep -q juliet@localhost"
    check "is removed" inside dpkg -r likeness
    check "its data stays" test -e "$work/root/var/lib/likeness/likeness.db"
    check "is purged" inside dpkg -P likeness
    check "nothing is left" nothing_is_left
    say "Making a root of Debian 13 …"
    fresh_root "$work/newroot" libc6,libgcc-s1,libstdc++6,libssl3t64,libicu76,zlib1g,ca-certificates,systemd-standalone-sysusers,init-system-helpers trixie
    cp "$package" "$work/newroot/tmp/likeness.deb"
    check "installs on Debian 13" chroot "$work/newroot" dpkg -i /tmp/likeness.deb
    check "serves an avatar there" serves "$work/newroot" likeness:likeness likeness
}

# The package on a machine with systemd, which a container of its own is: the unit with all its restrictions.
test_service() {
    need mmdebstrap systemd-container
    say "Service under systemd"
    packaging/build deb
    say "Making a fresh root …"
    fresh_root "$work/bootroot" "$(needed),init-system-helpers,systemd-sysv,dbus,curl"
    umount "$work/bootroot/proc"
    local root="$work/bootroot"
    cp "$(ls -t .artifacts/packages/likeness_*_amd64.deb | head -1)" "$root/root/likeness.deb"
    cat >"$root/root/try" <<'INSIDE'
#!/bin/bash
exec >/root/log 2>&1
said() { echo "$*" >>/root/said; }
trap 'journalctl -u likeness --no-pager >/root/journal; systemctl poweroff' EXIT
dpkg -i /root/likeness.deb
said "after installing: $(systemctl is-active likeness), $(systemctl is-enabled likeness)"
likeness status && said "status: works"
said "avatar: $(curl -s -o /dev/null -w '%{http_code} %{content_type}' 'http://127.0.0.1:8080/avatar/00000000000000000000000000000000?d=retro&s=77')"
likeness user add juliet@localhost --password 'a long password' && said "user add: done"
systemctl reload likeness && said "reload: done"
dpkg -i /root/likeness.deb
said "after an upgrade: $(systemctl is-active likeness), $(likeness user list)"
begin=$(date +%s%N)
systemctl stop likeness
said "stopped: $(systemctl show likeness -p Result --value), within five seconds: $(($(date +%s%N) - begin < 5000000000))"
said "not confined: $(journalctl -u likeness --no-pager | grep -c 'does not confine')"
dpkg -P likeness
said "after purging: $(systemctl list-unit-files likeness.service --no-legend | wc -l) units, $(ls -d /var/lib/likeness /etc/likeness 2>/dev/null | wc -l) directories"
INSIDE
    chmod 755 "$root/root/try"
    printf '[Unit]\nAfter=multi-user.target\n[Service]\nType=oneshot\nExecStart=/root/try\n' >"$root/etc/systemd/system/try.service"
    mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
    ln -s ../try.service "$root/etc/systemd/system/multi-user.target.wants/try.service"
    timeout --kill-after=10 300 systemd-nspawn --quiet --directory="$root" --boot --register=no --keep-unit --private-network </dev/null >"$work/boot" 2>&1 || true
    if [[ ! -e $root/root/journal ]]; then tail -20 "$work/boot" "$root/root/log" >&2; fi
    local line
    for line in "after installing: active, enabled" "status: works" "avatar: 200 image/png" "user add: done" "reload: done" \
        "after an upgrade: active, juliet@localhost" "stopped: success, within five seconds: 1" "not confined: 0" "after purging: 0 units, 0 directories"; do
        check "$line" said "$root/root" "$line"
    done
}

said() { grep -qxF "$2" "$1/said" || { cat "$1/said" "$1/journal"; return 1; }; }

# The first choice of each dependency of the package that was built last.
needed() {
    dpkg-deb -f "$(ls -t .artifacts/packages/likeness_*_amd64.deb | head -1)" Depends | tr ',' '\n' | sed -e 's/|.*//' -e 's/(.*//' -e 's/ //g' | paste -sd,
}

unit_is_hardened() {
    cp packaging/debian/likeness.service "$work/likeness.service"
    local score
    score=$(systemd-analyze security --offline=true "$work/likeness.service" | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/\1/p')
    awk -v score="$score" 'BEGIN { exit !(score != "" && score <= 1.7) }'
}

nothing_is_left() {
    ! find "$work/root" -xdev -path "$work/root/proc" -prune -o -name '*likeness*' ! -path '*/tmp/likeness.deb' ! -path '*/var/lib/dpkg/*' ! -path '*/var/log/*' -print | grep .
}
