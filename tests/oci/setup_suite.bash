# One ordinary user for the whole run, so that nothing depends on who is there. Its home is its work directory.
# No test but those of networks touches the network of the machine that they run on.
setup_suite() {
  export CAISSON_NET=none
  [ "$(id -u)" = 0 ] || return 0
  CAISSON_TEST_USER=cst$$
  useradd --create-home --shell /bin/bash "$CAISSON_TEST_USER"
  grep -q "^$CAISSON_TEST_USER:" /etc/subuid || usermod --add-subuids 700000-765535 --add-subgids 700000-765535 "$CAISSON_TEST_USER"
  export CAISSON_TEST_USER
}

teardown_suite() {
  [ -z "${CAISSON_TEST_USER:-}" ] || rm -rf "/tmp/caisson-$(id -u "$CAISSON_TEST_USER")"
  [ -z "${CAISSON_TEST_USER:-}" ] || userdel --force --remove "$CAISSON_TEST_USER" 2>/dev/null || true
}
