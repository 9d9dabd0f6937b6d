# SPDX-License-Identifier: MIT
# Shortcuts around meson. `make demo` and `make test` do all of their set-up on a fresh Debian 12.
#
#   make            build into $(BUILD)
#   make demo       record a program with a race, explain it, show it
#   make test       run every suite; the last line is the total
#   make bench      run the benchmarks
#   make install    install (PREFIX, DESTDIR)
#   make format     lay out the C sources
#   make tidy       run clang-tidy
#   make samples    record the lessons again for data/samples/examples
#   make pictures   draw the README's pictures again
#   make clean      remove $(BUILD)
#
# SETUP is given to `meson setup`: make SETUP=-Dbuildtype=release

BUILD ?= build
PREFIX ?= /usr/local
SETUP ?=
TEST ?=

devenv = meson devenv -C $(BUILD)
demo = $(CURDIR)/$(BUILD)/demo/race_condition

.PHONY: all demo test bench install format tidy samples pictures clean
.NOTPARALLEL:

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet

# Everything but `all` and `clean` sees to its packages; a plain `make` leaves the machine alone.
$(BUILD)/build.ninja:
	@command -v meson >/dev/null || \
	  { echo 'meson is missing; .ci/packages install build gets it and the rest' >&2; exit 1; }
	@mkdir -p $(BUILD)
	@meson setup $(BUILD) --prefix=$(PREFIX) $(SETUP) >$(BUILD)/setup.log || \
	  { cat $(BUILD)/setup.log; exit 1; }

packages-%:
	@.ci/packages install $(subst -, ,$*)

demo: packages-build all
	@mkdir -p $(dir $(demo))
	@echo '$$ lockstitch record -o race_condition.trace.jsonl -- race_condition'
	@$(devenv) lockstitch record -o $(demo).trace.jsonl -- $(CURDIR)/$(BUILD)/examples/race_condition
	@echo
	@echo '$$ lockstitch check race_condition.trace.jsonl'
	@$(devenv) lockstitch check $(demo).trace.jsonl; status=$$?; test $$status -eq 3 || exit $$status
	@echo
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] && [ -x $(BUILD)/app/viewer/lockstitch-viewer ]; then \
	  echo 'Opening the trace: $(demo).trace.jsonl'; \
	  $(devenv) lockstitch view $(demo).trace.jsonl; \
	else \
	  $(devenv) lockstitch render $(demo).trace.jsonl -o $(demo).png && \
	  echo 'No display; the picture is in $(demo).png'; \
	fi

test: packages-build-test all
	@.ci/run-suites $(BUILD) $(TEST)
	@.ci/totals $(BUILD)

bench: packages-build-bench all
	@meson test -C $(BUILD) --benchmark --verbose --num-processes 1

install: all
	@meson install -C $(BUILD)

format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

tidy: packages-build-ci all
	@git ls-files '*.c' | grep -v '^tests/bench/' | xargs -n 4 -P 2 clang-tidy --quiet -p $(BUILD)

samples: packages-build all
	@BUILD=$(BUILD) $(devenv) $(CURDIR)/data/samples/examples/update

pictures: packages-build-test all
	@BUILD=$(BUILD) $(devenv) $(CURDIR)/data/pictures/update

clean:
	@rm -rf $(BUILD)
