#!/bin/sh
# debian_kernel.sh DIR: the kernel of Debian's package linux-image-cloud-amd64 (12: Linux 6.1), unpacked below DIR, not installed. Is
# nothing to do when it is there.
set -eu
[ ! -d "$1/boot" ] || exit 0
making=$(mktemp -d)
trap 'rm -rf "$making"' EXIT
package() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image/ {print $2; exit}'; }
[ -n "$(package)" ] || apt-get update -qq
cd "$making"
apt-get -qq -o APT::Sandbox::User=root download "$(package)"
dpkg-deb --extract ./*.deb unpacked
mkdir -p "$1"
mv unpacked/* "$1"
