# Runs in the virtual machine of debian_kernel.bats, by busybox: a function for each of its tests, which ends with another status than
# 0 when something is wrong. What it printed follows its line.
export PATH=/bin CAISSON_NET=none
cd /tmp

says() { case $1 in *"$2"*) ;; *) echo "expected to find: $2"; echo "in: $1"; return 1 ;; esac; }
same() { [ "$1" = "$2" ] || { echo "expected: $2"; echo "found: $1"; return 1; }; }
until_true() { n=0; until "$@" >/dev/null 2>&1; do n=$((n + 1)); [ $n -lt 150 ] || { echo "in vain: $*"; return 1; }; sleep 0.1; done; }
# What this test made and left: cgroups, interfaces, mounts, records.
left() { find /sys/fs/cgroup -mindepth 1 -type d; ip -o link | grep -v ' lo:'; mount | grep -c . ; find /run /var -path '*caisson*' -type f ! -name lock ! -name .lock ! -path '*/images/*' ! -path '*/layers/*' ! -path '*/tags/*' ! -path '*/last/*'; }
as_user() { su user -s /bin/sh -c "cd /var/home; export PATH=/bin CAISSON_NET=none HOME=/var/home XDG_RUNTIME_DIR=/run/user/1000; $1"; }

# root DIR: a busybox root with a directory that the tests take away.
root() {
  mkdir -p "$1/bin" "$1/proc" "$1/sys" "$1/dev" "$1/tmp" "$1/etc" "$1/d/sub"
  cp /bin/busybox "$1/bin"
  for applet in sh cat ls id rm mkdir mv sleep hostname wget httpd grep true; do ln -s busybox "$1/bin/$applet"; done
  echo 'root:x:0:0::/:/bin/sh' >"$1/etc/passwd"
  echo text >"$1/d/file"
}
# bundle SCRIPT: the configuration of `caisson-oci spec`, with this program and no terminal.
bundle() {
  rm -rf /tmp/bundle; mkdir /tmp/bundle; root /tmp/bundle/rootfs; cd /tmp/bundle
  caisson-oci spec --bundle /tmp/bundle
  echo "$1" >/tmp/bundle/rootfs/script
  sed -i 's/"terminal": true/"terminal": false/; s|"sh"$|"/bin/sh", "/script"|' /tmp/bundle/config.json
}

# Takes directories of the root away and makes them again, which overlays mark by attributes.
REMAKE='rm -r /d && mkdir /d && same=$(ls /d) && [ -z "$same" ] && mv /etc /etc2 && ls /etc2/passwd && ! ls /d/file 2>/dev/null && echo remade'

test_oci() {
  bundle 'id; hostname; cat /proc/self/cgroup; grep NoNewPrivs /proc/self/status'
  same "$(caisson-oci run one)" "uid=0(root) gid=0
caisson
0::/
NoNewPrivs:	1"
  same "$(caisson-oci list --quiet)" ""
}

test_life() {
  bundle 'exec sleep 100'
  caisson-oci create two </dev/null >/dev/null 2>&1
  says "$(caisson-oci state two)" '"status": "created"'
  caisson-oci start two
  says "$(caisson-oci exec two id </dev/null)" "uid=0"
  caisson-oci exec --detach two sleep 100 </dev/null >/dev/null 2>&1
  same "$(caisson-oci ps --format json two | grep -o '[0-9][0-9]*' | wc -l)" 2
  caisson-oci kill --all two KILL
  until_true sh -c 'caisson-oci state two | grep -q stopped'
  caisson-oci delete two
  same "$(find /sys/fs/cgroup -mindepth 1 -type d)" ""
}

# Only with CAP_SYS_RESOURCE.
test_limits_raised() {
  bundle 'ulimit -Hl; ulimit -Hn'
  sed -i 's|"rlimits": \[|"rlimits": [ {"type": "RLIMIT_MEMLOCK", "soft": 134217728, "hard": 134217728},|; s|"hard": 1024|"hard": 1000000|' config.json
  same "$(caisson-oci run three)" "131072
1000000"
}

test_every_capability() {
  same "$(caisson run --rootfs /tmp/image --share user --cap-add ALL -- grep CapEff /proc/self/status)" "CapEff:	000001ffffffffff"
}

# The nodes are in the root; only the program of the cgroup keeps them from being opened.
test_devices() {
  bundle 'cat /kmsg; : >/nothing; echo null can be used'
  mknod rootfs/kmsg c 1 11
  mknod rootfs/nothing c 1 3
  same "$(caisson-oci run four 2>&1)" "cat: can't open '/kmsg': Operation not permitted
null can be used"
}

test_image_in_memory_and_on_disk() {
  caisson image import /tmp/image img >/dev/null 2>&1
  says "$(caisson run img sh -c "$REMAKE" 2>&1)" remade
  caisson run --rm -d --name r img sh -c "$REMAKE; sleep 100" >/dev/null
  until_true sh -c 'caisson logs r | grep -q remade'
  caisson rm -f r >/dev/null
  caisson run -d --name k img sh -c "$REMAKE" >/dev/null
  caisson wait k >/dev/null
  says "$(caisson logs k)" remade
  says "$(caisson diff k)" "A /etc2/passwd"
  caisson commit k kept >/dev/null 2>&1
  caisson rm k >/dev/null
  same "$(caisson run kept ls /d)" ""
  says "$(caisson run kept ls /)" etc2
}

test_view() {
  mkdir -p /srv/d/sub
  echo text >/srv/d/file
  same "$(caisson run -- sh -c 'rm -r /srv/d && mkdir /srv/d && ls /srv/d && mv /srv/d /srv/e && echo remade' 2>&1)" remade
  same "$(cat /srv/d/file)" text
}

test_user() {
  mkdir -p /var/home /run/user/1000 /srv/mine/d
  echo text >/srv/mine/d/file
  chown -R 1000:1000 /var/home /run/user/1000 /srv/mine
  same "$(as_user 'caisson run -- sh -c "rm -r /srv/mine/d && mkdir /srv/mine/d && mv /srv/mine/d /srv/mine/e && echo remade"' 2>&1)" remade
  same "$(cat /srv/mine/d/file)" text
  same "$(as_user 'find /var/home /run/user/1000 -type f ! -name lock ! -name .lock')" ""
}

test_network() {
  export CAISSON_NET=
  echo page >/tmp/image/page
  caisson run -d --name web --hostname web -p 8080:80 --rootfs /tmp/image -- httpd -f -h / >/dev/null 2>&1
  until_true wget -q -O /dev/null http://127.0.0.1:8080/page
  same "$(wget -q -O - http://127.0.0.1:8080/page)" page
  same "$(caisson run --rootfs /tmp/image -- wget -q -O - http://web/page)" page
  caisson rm -f web >/dev/null
  same "$(ip -o link | grep -c veth)" 0
}

test_frozen() {
  caisson run -d --name f --rootfs /tmp/image -- sleep 100 >/dev/null
  caisson pause f >/dev/null
  says "$(caisson ps)" "(Paused)"
  says "$(cat /sys/fs/cgroup/*/cgroup.events)" "frozen 1"
  caisson unpause f >/dev/null
  says "$(cat /sys/fs/cgroup/*/cgroup.events)" "frozen 0"
  caisson stop -t 1 f >/dev/null
  caisson rm f >/dev/null
}

# What a first user meets on a machine where these modules are not loaded, and cannot be.
test_without_overlay() {
  rmmod overlay
  says "$(caisson run img true 2>&1)" "this kernel has no overlayfs: load the module overlay"
  same "$(caisson run -- sh -c 'echo runs; echo x 2>/dev/null >/bin/x || echo read-only' 2>/dev/null)" "runs
read-only"
  insmod /lib/*-overlay.ko
}

test_without_filter() {
  export CAISSON_NET=
  for module in $(ls -r /lib/*-nf*.ko); do rmmod "$(basename "$module" .ko | cut -d- -f2-)" 2>/dev/null || true; done
  out=$(caisson run --rootfs /tmp/image -- true 2>&1 || true)
  says "$out" "change the packet filter (nf_tables)"
  says "$out" "load the modules nf_tables"
  same "$(caisson run --net none --rootfs /tmp/image -- sh -c 'echo runs')" runs
  same "$(ip -o link | grep -c veth)" 0
}

# What was said before the machine's script ran: machine.py.
test_initramfs() {
  says "$(cat /on-initramfs)" "(pivot_root): Invalid argument"
  says "$(cat /on-initramfs)" "leave that first (switch_root), or use caisson-oci run --no-pivot"
}

root /tmp/image
before=$(left)
for name in oci life limits_raised every_capability devices image_in_memory_and_on_disk view user network frozen without_overlay without_filter initramfs; do
  printed=$(set -e; test_$name 2>&1)
  if [ $? = 0 ]; then echo "ok $name"; else echo "not ok $name"; fi
  echo "$printed" | sed 's/^/    /'
done
after=$(left | grep -v ': cs-')
if [ "$before" = "$after" ]; then echo "ok nothing_left"; else echo "not ok nothing_left"; printf '%s\n--\n%s\n' "$before" "$after" | sed 's/^/    /'; fi
