# Part of packaging/test. The tarball, and what the program takes however it is started.

test_tar() {
    need mmdebstrap
    say "Tarball"
    packaging/build tar
    local archive name
    archive=$(ls -t .artifacts/packages/likeness-*-amd64.tar.gz | head -1)
    name=$(basename "$archive" .tar.gz)
    fresh_root "$work/tarroot" libc6,libgcc-s1,libstdc++6,libssl3,libicu72,zlib1g
    root="$work/tarroot"
    tar -C "$root/opt" -xzf "$archive"
    ran() { chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin "$@"; }
    find "$root" -xdev -path "$root/proc" -prune -o -path "$root/opt" -prune -o -print | sort >"$work/before"
    check "says what it would do, and does nothing" bash -c "chroot '$root' /opt/$name/install.sh --dry-run | grep -q 'puts the program into /usr/local/lib/likeness' && [[ ! -e '$root/usr/local/lib/likeness' ]]"
    check "refuses an unknown word with exit code 2" bash -c "chroot '$root' /opt/$name/install.sh --wrong; [[ \$? == 2 ]]"
    check "installs" ran "/opt/$name/install.sh"
    check "installs again" ran "/opt/$name/install.sh"
    check "the program is on the path" ran likeness --version
    install -d -m 700 -o 1234 -g 1234 "$root/var/lib/likeness"
    check "serves an avatar" serves "$root" 1234:1234 /usr/local/bin/likeness
    check "goes into another prefix" ran "/opt/$name/install.sh" --prefix /srv/there
    check "runs from there" ran /srv/there/bin/likeness --version
    check "is taken away there" ran "/opt/$name/install.sh" --uninstall --prefix /srv/there
    check "is still here" ran likeness --version
    check "is taken away" ran "/opt/$name/install.sh" --uninstall
    check "its data stays" test -e "$root/var/lib/likeness/likeness.db"
    rm -rf "$root/var/lib/likeness"
    check "nothing else is left" bash -c "! find '$root' -xdev -path '$root/proc' -prune -o -path '$root/opt' -prune -o ! -type d -print | sort | comm -13 '$work/before' - | grep ."
    umount "$root/proc"
}

# The published program alone, with nothing in its environment, against the same with the settings said there.
test_memory() {
    say "Memory of quiet sessions"
    packaging/build publish
    check "the small nursery is in the package" grep -q '"System.GC.Gen0MaxBudget": 4194304' .artifacts/publish/amd64/Likeness.Cli.runtimeconfig.json
    local alone told
    alone=$(resident)
    told=$(resident DOTNET_GCgen0size=0x400000 MALLOC_ARENA_MAX=2)
    check "1,000 sessions under TLS take at most 1.1 times what they take with both in the environment ($alone kB to $told kB)" test "$((alone * 10))" -le "$((told * 11))"
}

# KiB of memory of its own that a server holds with 1,000 quiet chat connections.
resident() {
    local data port=$((20000 + RANDOM % 20000))
    data=$(mktemp -d -p "$work")
    env -i PATH="$PATH" "LIKENESS_DATA=$data" "$@" .artifacts/publish/amd64/likeness serve --http off --xmpp off --xmpps "127.0.0.1:$port" >"$data/serving" 2>"$data/log" &
    local server=$!
    timeout 60 grep -qm1 '^ready' <(tail -f --pid="$server" "$data/serving")
    python3 - "$port" "$server" <<'PYTHON'
import asyncio, ssl, sys
port, server = int(sys.argv[1]), int(sys.argv[2])
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
header = b"<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

async def session():
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    writer.write(header)
    await reader.readuntil(b"</stream:features>")
    return writer

async def main():
    kept = [await asyncio.gather(*(session() for _ in range(20))) for _ in range(50)]
    anonymous = next(line for line in open(f"/proc/{server}/smaps_rollup") if line.startswith("Anonymous:"))
    print(anonymous.split()[1], flush=True)
    for writer in sum(kept, []):
        writer.transport.abort()

asyncio.run(main())
PYTHON
    kill -TERM "$server"
    wait "$server" || true
}
