# The commands of this project. Everything is built below build/; nothing else is written, except by `install` and by
# scripts/dependencies, which asks Debian for what is missing when it may (as root).
PREFIX ?= /usr/local
DESTDIR ?=
# Arguments of `caisson run`, for `make run`: make run ARGS='-- cat /etc/os-release'
ARGS ?=
# Suites for `make test`, all when empty: make test SUITES='lint unit'. `tests/run --list` names them.
SUITES ?=

.DEFAULT_GOAL := build
.PHONY: build run test install package format tidy bench coverage clean

# Build messages go to standard error, so that `make -s run ARGS=...` prints only what the container prints.
build:
	@scripts/dependencies build 1>&2
	@scripts/build release 1>&2

run: build
	@build/bin/caisson run $(ARGS)

test:
	@scripts/dependencies build test
	@tests/run $(SUITES)

install: build
	DESTDIR='$(DESTDIR)' cmake --install build --strip --prefix '$(PREFIX)'

package: build
	cpack --config build/CPackConfig.cmake -G DEB -B build/package

# Rewrites the C++ sources in place; tests/lint checks that there is nothing to do.
format:
	git ls-files 'src/*.[ch]pp' 'tests/*.[ch]pp' 'bench/*.[ch]pp' | xargs clang-format -i

tidy:
	@scripts/build clang 1>&2
	git ls-files 'src/*.cpp' | xargs clang-tidy -p build/clang --quiet

bench:
	@scripts/dependencies build bench
	@scripts/build release 1>&2
	bench/start && bench/exec && bench/memory && bench/unshare && bench/net

coverage:
	@scripts/dependencies build test
	@scripts/build coverage
	ctest --preset coverage
	@scripts/coverage build/coverage

clean:
	rm -rf build
