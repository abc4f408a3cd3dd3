#!/bin/sh
# make_images.sh DIR: a minimal Debian root by mmdebstrap as a tar file, the same as an OCI layout (umoci) and as a docker-archive
# (skopeo), made once and kept in DIR. The file DIR/complete says that all of them are there. Safe to run at the same time.
set -eu
dir=$1
mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9
[ ! -e "$dir/complete" ] || exit 0
for program in mmdebstrap umoci skopeo; do
  command -v $program >/dev/null || { echo "$program is not installed"; exit 1; }
done
making=$(mktemp -d "$dir/making.XXXXXX")
trap 'rm -rf "$making"' EXIT
mmdebstrap --quiet --variant=minbase --include=procps "${CAISSON_TEST_SUITE:-bookworm}" "$making/debian.tar" 9>&-
layout=$making/debian.oci
umoci init --layout "$layout"
umoci new --image "$layout:latest"
mkdir "$making/root"
tar -C "$making/root" --numeric-owner --exclude=./dev/* -xpf "$making/debian.tar"
umoci insert --image "$layout:latest" "$making/root" / >/dev/null
umoci config --image "$layout:latest" --config.cmd /bin/bash --config.env PATH=/usr/sbin:/usr/bin:/sbin:/bin
skopeo --insecure-policy copy --quiet "oci:$layout:latest" "docker-archive:$making/debian.docker.tar:debian:latest"
for part in debian.tar debian.oci debian.docker.tar; do
  rm -rf "${dir:?}/$part"
  mv "$making/$part" "$dir/$part"
done
: >"$dir/complete"
