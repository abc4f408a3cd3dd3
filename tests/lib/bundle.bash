# Bundles: a busybox root in milliseconds, and real Debian roots made once and kept in a cache outside the tree.

# Not every applet: hundreds of links would cost more than the test.
BUSYBOX_APPLETS="ash awk basename cat chmod chown cp cut date dd df dirname echo env false find getopt grep head hostname id ip kill ln ls
  mkdir mkfifo mknod mount mv nc od ping printf ps pwd readlink rm rmdir sed seq sh sleep sort stat stty sync tail test touch tr true tty
  umount uname wc xargs"

# busybox_root DIR: a minimal root.
busybox_root() {
  local template=${BATS_RUN_TMPDIR:-/tmp}/cst-busybox-root
  if [ ! -d "$template" ]; then
    local making; making=$(mktemp -d "${template%/*}/making.XXXXXX")
    mkdir -p "$making"/{bin,dev,etc,home/user,mnt,proc,root,run,sys,usr/bin,var}
    install -d -m 1777 "$making/tmp"
    cp "$(busybox_binary)" "$making/bin/busybox"
    for applet in $BUSYBOX_APPLETS; do ln -s busybox "$making/bin/$applet"; done
    printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n' >"$making/etc/passwd"
    printf 'root:x:0:\ntty:x:5:\nuser:x:1000:\n' >"$making/etc/group"
    chmod 0755 "$making"
    mv -T "$making" "$template" 2>/dev/null || rm -rf "$making"
  fi
  cp -a "$template" "$1"
}

busybox_binary() {
  local path
  for path in /usr/bin/busybox /bin/busybox; do [ -x "$path" ] && { echo "$path"; return; }; done
  echo "busybox-static is not installed" >&2
  return 1
}

busybox_bundle() {
  mkdir -p "$1"
  busybox_root "$1/rootfs"
  cp "$SUITE_LIB/base_config.json" "$1/config.json"
}

# config [JQ OPTIONS] FILTER: edits config.json of BUNDLE (from standard input, so that --args can be used).
config() {
  local file=$BUNDLE/config.json
  jq "$@" <"$file" >"$file.new" && mv "$file.new" "$file"
}

payload() { config --arg script "$1" '.process.args = ["/bin/sh", "-c", $script]'; }

# add_mount DEST TYPE SOURCE [OPTION...]
add_mount() {
  local destination=$1 type=$2 source=$3; shift 3
  config --arg d "$destination" --arg t "$type" --arg s "$source" \
    '.mounts += [{destination: $d, type: $t, source: $s, options: $ARGS.positional}]' --args "$@"
}

without_namespace() { config --arg t "$1" '.linux.namespaces |= map(select(.type != $t))'; }
with_namespace() {
  config --arg t "$1" --arg p "${2:-}" \
    '.linux.namespaces |= map(select(.type != $t)) + [if $p == "" then {type: $t} else {type: $t, path: $p} end]'
}

# user_namespace [FIRST [SIZE]]: the bundle gets a user namespace that maps 0..SIZE-1 to FIRST.., and a root it owns.
user_namespace() {
  local first=${1:-100000} size=${2:-65536}
  with_namespace user
  config --argjson f "$first" --argjson n "$size" '
    .linux.uidMappings = [{containerID: 0, hostID: $f, size: $n}] | .linux.gidMappings = [{containerID: 0, hostID: $f, size: $n}]'
  chown -hR "$first:$first" "$BUNDLE/rootfs"
}

all_capabilities() {
  config '.process.capabilities = ({} | .bounding = ["CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_FOWNER","CAP_FSETID","CAP_KILL","CAP_SETGID",
    "CAP_SETUID","CAP_SETPCAP","CAP_NET_ADMIN","CAP_NET_RAW","CAP_NET_BIND_SERVICE","CAP_SYS_CHROOT","CAP_SYS_ADMIN","CAP_SYS_PTRACE",
    "CAP_MKNOD","CAP_SYS_TIME","CAP_AUDIT_WRITE"] | .effective = .bounding | .permitted = .bounding)'
}

# debian_root DIR, debian_archive FILE (docker-archive), debian_layout DIR (OCI layout), debian_bundle DIR: real images.
# They are made once by tests/lib/make_images.sh in the cache and copied from there.
image_cache() { echo "${CAISSON_TEST_CACHE:-${XDG_CACHE_HOME:-/var/cache}/caisson-tests}"; }
need_images() {
  local why
  why=$("$SUITE_LIB/make_images.sh" "$(image_cache)" 2>&1 3>&- | tail -n 1) || true
  [ -e "$(image_cache)/complete" ] || skip "no Debian image could be made: $why"
}
debian_root() { need_images; mkdir -p "$1"; tar -C "$1" --numeric-owner -xpf "$(image_cache)/debian.tar"; }
debian_archive() { need_images; ln -s "$(image_cache)/debian.docker.tar" "$1"; }
debian_layout() { need_images; ln -s "$(image_cache)/debian.oci" "$1"; }
debian_bundle() {
  mkdir -p "$1"
  debian_root "$1/rootfs"
  cp "$SUITE_LIB/base_config.json" "$1/config.json"
}
# The bundle as umoci unpacks it from the OCI layout, with the configuration that umoci writes.
umoci_bundle() { need_images; umoci unpack --image "$(image_cache)/debian.oci:latest" "$1"; }
