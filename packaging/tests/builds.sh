# Part of packaging/test. The other architecture, the same bytes again, and a release.

# The other architecture: as far as a processor that is imitated shows it.
test_arm64() {
    need qemu-user-static mmdebstrap
    say "arm64"
    packaging/build --arch arm64 deb
    local package
    package=$(ls -t .artifacts/packages/likeness_*_arm64.deb | head -1)
    check "every program and library is arm64" all_arm64 .artifacts/publish/arm64
    mmdebstrap --quiet --variant=extract --architectures=arm64 --include=libc6,libgcc-s1,libstdc++6,libssl3,libicu72,zlib1g \
        --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr bookworm "$work/arm64.tar" >"$work/output" 2>&1 || { cat "$work/output" >&2; exit 1; }
    root="$work/arm64root"
    mkdir "$root"
    tar -C "$root" --exclude='./dev/*' -xf "$work/arm64.tar"
    dpkg-deb -x "$package" "$root"
    mkdir -p "$root"/{proc,dev,tmp,etc}
    chmod 1777 "$root/tmp"
    echo 'root:x:0:0::/:' >"$root/etc/passwd"
    mount -t proc proc "$root/proc"
    for device in null zero random urandom; do cp -a "/dev/$device" "$root/dev/"; done
    install -d -m 700 -o 1234 -g 1234 "$root/var/lib/likeness"
    imitate_arm64
    check "says its version" chroot "$root" /usr/bin/likeness --version
    check "starts and serves a drawn avatar" serves "$root" 1234:1234 /usr/bin/likeness
    umount "$root/proc"
}

all_arm64() {
    ! find "$1" \( -name '*.so*' -o -name likeness \) -exec file -L {} + | grep -v aarch64 | grep .
}

# Makes the kernel run the other architecture's programs, render workers among them, until the test ends.
imitate_arm64() {
    local formats=/proc/sys/fs/binfmt_misc
    [[ -e $formats/register ]] || mount -t binfmt_misc binfmt_misc "$formats"
    [[ -e $formats/qemu-aarch64 ]] && return
    cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$formats/register"
    imitating="$formats/qemu-aarch64"
}

# The same commit in two folders.
test_reproducible() {
    say "Reproducible builds"
    git clone -q "$home" "$work/first"
    git clone -q "$home" "$work/a folder with another name/second"
    "$work/first/packaging/build" deb
    "$work/a folder with another name/second/packaging/build" deb
    check "two folders give the same program" diff -rq "$work/first/.artifacts/publish/amd64" "$work/a folder with another name/second/.artifacts/publish/amd64"
    check "and the same package" diff -rq "$work/first/.artifacts/packages" "$work/a folder with another name/second/.artifacts/packages"
}

# A rehearsal, with a key of its own.
test_release() {
    say "Release"
    ssh-keygen -q -t ed25519 -N '' -C likeness-release -f "$work/key"
    ssh-keygen -q -t ed25519 -N '' -C likeness-release -f "$work/other"
    packaging/release --sign "$work/key" --arch amd64 --rehearse
    local folder
    folder=$(ls -td .artifacts/release/* | head -1)
    check "holds what a release is" bash -c "cd '$folder' && ls *.deb *-amd64.tar.gz *.oci.tar *-amd64.cdx.json *.image.cdx.json Likeness.{Libravatar,AspNetCore,Xmpp}.*.nupkg *.snupkg CHANGELOG.md verify.sh SHA256SUMS SHA256SUMS.sig"
    check "is verified" "$folder/verify.sh" "$work/key.pub"
    check "is refused with another key" bash -c "! '$folder/verify.sh' '$work/other.pub'"
    echo changed >>"$folder/CHANGELOG.md"
    check "is refused with a changed file" bash -c "! '$folder/verify.sh' '$work/key.pub'"
    sed -i 's/CHANGELOG.md/README.md/' "$folder/SHA256SUMS"
    check "is refused with a changed list" bash -c "! '$folder/verify.sh' '$work/key.pub'"
}
