# Part of packaging/test. The container image, and its example with Caddy.

# An image's root as a container engine gives it with --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp: the
# image's own user, variables and command, a mount and a process space of its own. Serves an avatar, answers `likeness status`, ends.
serves_confined() {
    local bundle=$1 port=$((20000 + RANDOM % 20000)) volume="$work/volume" user
    mkdir -p "$volume"
    user=$(python3 -c 'import json, sys; user = json.load(open(sys.argv[1]))["process"]["user"]; print("%d:%d" % (user["uid"], user["gid"]))' "$bundle/config.json")
    chown "$user" "$volume"
    python3 -c 'import json, sys; print(*json.load(open(sys.argv[1]))["process"]["env"], sep="\n")' "$bundle/config.json" >"$work/variables"
    python3 -c 'import json, sys; print(*json.load(open(sys.argv[1]))["process"]["args"], sep="\n")' "$bundle/config.json" >"$work/command"
    unshare --mount --pid --fork --kill-child bash -euo pipefail -s "$bundle/rootfs" "$volume" "$work" "$user" "$port" <<'INSIDE'
root=$1 volume=$2 work=$3 user=$4 port=$5
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$volume" "$root/var/lib/likeness"
for device in null zero random urandom; do cp -a "/dev/$device" "$root/dev/"; done
mapfile -t variables <"$work/variables"
mapfile -t command <"$work/command"
contained() {
    setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid \
        env -i "${variables[@]}" "LIKENESS_HTTP=127.0.0.1:$port" LIKENESS_XMPP=127.0.0.1:0 /usr/sbin/chroot --userspec="$user" "$root" "$@"
}
contained "${command[@]}" >"$work/serving" 2>"$work/log" &
server=$!
for ((tenth = 0; tenth < 600; tenth++)); do
    if grep -q '^ready' "$work/serving"; then break; fi
    kill -0 "$server"
    sleep 0.1
done
grep '^ready' "$work/serving" || { cat "$work/log"; exit 1; }
curl -sS -o "$work/avatar" "http://127.0.0.1:$port/avatar/00000000000000000000000000000000?d=retro&s=80"
contained likeness status
contained likeness user add juliet@localhost --password 'a long password'
if contained /usr/bin/likeness backup /usr/lib/likeness/backup.tar.gz; then echo "The root can be written to."; exit 1; fi
kill -TERM "$server"
wait "$server"
INSIDE
    [[ $(head -c 4 "$work/avatar" | tail -c 3) == PNG ]] || return 1
    if grep -i 'read-only' "$work/log"; then return 1; fi
}

image_says() {
    skopeo inspect --config "oci:$work/oci:likeness" >"$work/config.json"
    python3 - "$work/config.json" <<'PYTHON'
import json, sys
image = json.load(open(sys.argv[1]))
config = image["config"]
assert config["User"] == "10001:10001", config["User"]
assert config["Entrypoint"] == ["likeness"] and config["Cmd"] == ["serve"], config
assert set(config["Volumes"]) == {"/var/lib/likeness"} and set(config["ExposedPorts"]) == {"8080/tcp", "5222/tcp"}, config
assert config["StopSignal"] == "SIGTERM", config
for label in "title", "version", "revision", "source", "licenses":
    assert config["Labels"]["org.opencontainers.image." + label], label
PYTHON
}

bill_names() {
    local bill=$1 name
    shift
    python3 -m json.tool "$bill" >/dev/null
    for name in "$@"; do grep -q "\"name\": \"$name\"" "$bill" || { echo "$name is not in $bill"; return 1; }; done
}

# The example's variables are settings that exist and fit together.
compose_is_valid() {
    python3 - packaging/compose/compose.yaml >"$work/variables" <<'PYTHON'
import sys, yaml
services = yaml.safe_load(open(sys.argv[1]))["services"]
assert services["likeness"]["read_only"] and services["likeness"]["cap_drop"] == ["ALL"], services
print(*(f"{name}={value}" for name, value in services["likeness"]["environment"].items()), sep="\n")
PYTHON
    mapfile -t variables <"$work/variables"
    env -i PATH="$PATH" "LIKENESS_DATA=$work/none" "${variables[@]}" .artifacts/publish/amd64/likeness config check
}

# The example's Caddy in front of the published program; only its name and ports are others.
caddy_forwards() {
    local front=$((20000 + RANDOM % 10000)) back=$((30000 + RANDOM % 10000))
    XDG_DATA_HOME="$work/caddy" XDG_CONFIG_HOME="$work/caddy" caddy validate --adapter caddyfile --config packaging/compose/Caddyfile || return 1
    { printf '{\n\tadmin off\n}\n'; sed -e "s/avatars.example.org/http:\/\/127.0.0.1:$front/" -e "s/likeness:8080/127.0.0.1:$back/" packaging/compose/Caddyfile; } >"$work/Caddyfile"
    LIKENESS_DATA="$work/caddied" .artifacts/publish/amd64/likeness serve --http "127.0.0.1:$back" --xmpp off --trusted-proxy 127.0.0.1 >"$work/serving" 2>&1 &
    local server=$!
    XDG_DATA_HOME="$work/caddy" XDG_CONFIG_HOME="$work/caddy" caddy run --adapter caddyfile --config "$work/Caddyfile" >"$work/caddy.log" 2>&1 &
    local caddy=$! answer
    answer=$(curl -sS --retry 30 --retry-delay 1 --retry-all-errors -f -o "$work/avatar" -w '%{content_type}' "http://127.0.0.1:$front/avatar/00000000000000000000000000000000?d=retro&s=80")
    kill "$server" "$caddy"
    wait "$server" "$caddy" || true
    [[ $answer == image/png ]]
}

test_image() {
    need umoci skopeo caddy python3-yaml
    say "Container image"
    packaging/build image
    local archive
    archive=$(ls -t .artifacts/packages/likeness-*-amd64.oci.tar | head -1)
    check "is at most 120 MB ($(du -m "$archive" | cut -f1) MB)" test "$(stat -c %s "$archive")" -le 125829120
    skopeo copy --quiet "oci-archive:$archive" "oci:$work/oci:likeness"
    umoci unpack --image "$work/oci:likeness" "$work/image" >"$work/output" 2>&1
    check "says who it is and how it runs" image_says
    check "its user owns nothing but the volume" bash -c "! find '$work/image/rootfs' -xdev -user 10001 ! -path '*/var/lib/likeness*' | grep ."
    check "serves, read-only and without any right" serves_confined "$work/image"
    check "its bill of materials has Debian's packages, the runtime and libvips" \
        bill_names "$work/image/rootfs/usr/share/doc/likeness/sbom.cdx.json" libc6 libssl3 Microsoft.NETCore.App.Runtime.linux-x64 NetVips.Native.linux-x64 libvips.so.42 webp SQLite
    check "the example for compose has valid settings" compose_is_valid
    check "the example's Caddy forwards" caddy_forwards
}
