# ClipActor from a clean clone: `make demo` shows it, `make test` proves it.
#
#   make demo PROMPT="a person waves hello"     set up what plays, start node and viewer, perform PROMPT
#   make run ARGS="-p rate_hz:=60.0"            the node alone; ARGS go to --ros-args
#   make robot ARGS="-p urdf:=my.urdf"          a robot that does what the avatar does
#   make setup                                  what plays: ROS 2, interfaces, compiled loops; no torch
#   make setup-all                              everything: torch for styles, robots, tests, linters
#   make test                                   make setup-all, lint, the whole test suite, coverage
#   make test TESTS=tests/body                  only these tests (a folder, a file, file.py::test_name)
#   make fast PYTHON=python3.12                 rooms without ROS and torch, in a small environment (1 GB)
#   make lint                                   ruff check, ruff format --check, mypy
#   make gpu                                    text encoders on an NVIDIA GPU: exchanges onnxruntime
#   make docs                                   the documentation site, into build/site (adds MkDocs, 60 MB)
#   make pictures                               those pictures of the docs again whose inputs changed
#   make bench | make clean
#   make proof | make proof-long                what the README promises, tried: faults, fuzz, soak, benchmarks
#   make audit                                  known faults of the pinned packages (asks a public service)
#
# Another Python or ROS 2 gets an environment of its own: make test PYTHON=python3.12 DISTRO=jazzy
# (kilted: Python 3.11 and 3.12; jazzy: 3.12).

PYTHON ?= $(shell command -v python3.11 || command -v python3)
DISTRO ?= kilted
PROMPT ?= a person walks forward
PORT ?= 8080
ARGS ?=
TESTS ?=

VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
VENV := $(if $(filter kilted-3.11,$(DISTRO)-$(VERSION)),.venv,.venv-$(DISTRO)-$(VERSION))
FAST := .venv-fast-$(VERSION)
BIN := $(VENV)/bin
INSTALL := pip install --disable-pip-version-check -c requirements/constraints.txt
PINS := $(INSTALL) -c requirements/constraints-$(DISTRO).txt
LOOPS := $(shell grep -rl --include='*.py' njit clipactor_node)
PLAYS := $(VENV)/.plays
ROBOTS := $(VENV)/.robots
ALL := $(VENV)/.all
SITE := $(VENV)/.site
COMPILED := $(VENV)/.compiled
PINNED := setup.py pyproject.toml requirements/constraints.txt

PAGE := tests/stage tests/cli/test_demo.py tests/test_examples.py

.DEFAULT_GOAL := help
.PHONY: help setup setup-all demo run robot test fast lint gpu docs pictures bench clean

help:
	@sed -n 's/^#   \{0,1\}//p; /^$$/q' Makefile

# Nothing is done when nothing changed.
setup: $(PLAYS) interfaces $(COMPILED)

# The tests compare the shipped text encoder with the one it was made from.
setup-all: setup $(ALL)
	@$(BIN)/clipactor models fetch minilm
	@$(BIN)/clipactor models prepare camera

$(BIN)/python:
	@case "$(DISTRO)-$(VERSION)" in kilted-3.11|kilted-3.12|jazzy-3.12) ;; \
	*) echo "There are no wheels of ROS 2 '$(DISTRO)' for Python $(VERSION): kilted has them for 3.11 and 3.12, jazzy for 3.12. Try: make PYTHON=/path/to/python3.11" >&2; exit 1 ;; esac
	$(PYTHON) -m venv $(VENV)

$(PLAYS): $(BIN)/python $(PINNED) requirements/ros-$(DISTRO).txt requirements/constraints-$(DISTRO).txt
	@echo "== Installing what plays into $(VENV) (1.2 GB, a few minutes the first time)"
	$(BIN)/$(PINS) -r requirements/ros-$(DISTRO).txt -e .
	@touch $@

$(ROBOTS): $(PLAYS)
	@echo "== Installing what robots need into $(VENV) (0.1 GB, a minute the first time)"
	$(BIN)/$(PINS) -e '.[robots]'
	@touch $@

$(ALL): $(PLAYS)
	@echo "== Installing torch, robots, tests and linters into $(VENV) (7 GB more, some minutes the first time)"
	$(BIN)/$(PINS) -e '.[camera,farm,fbx,mcp,robots,style,test,dev]'
	@touch $@ $(ROBOTS)

.PHONY: interfaces
interfaces: $(PLAYS)
	@$(BIN)/python ros2_ws/build_interfaces.py

# Loops are compiled here, so that nobody waits for them in front of a page. All of them, if one changed: numba looks at
# the file of a loop only, not at those that it calls.
$(COMPILED): $(PLAYS) $(LOOPS) | interfaces
	@find clipactor_node -name '*.nb[ci]' -delete
	@$(BIN)/clipactor warm
	@touch $@

# In a terminal the demo is a job of its own: Ctrl-C ends it, not make, whose exit code is then the demo's.
demo: setup
	@if [ -t 0 ]; then set -m; fi; $(BIN)/clipactor demo "$(PROMPT)" --port $(PORT)

run: setup
	@$(BIN)/clipactor_node --ros-args $(ARGS)

robot: setup $(ROBOTS)
	@$(BIN)/retarget --ros-args $(ARGS)

ifdef TESTS
test: setup-all lint
	$(BIN)/python -m pytest $(TESTS)
else
# Three files at a time, since tests with nodes mostly wait, in order, since the slowest have few tests; each process in
# a ROS domain of its own; the page, which draws on the processor, by itself.
test: setup-all lint
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --cov --cov-report=term \
		tests $(addprefix --ignore=,$(PAGE))
	$(BIN)/python -m pytest $(PAGE)
endif

fast: $(FAST)/.ready
	$(FAST)/bin/python -m pytest -n 2 --dist loadfile --without style --without ros --without colcon tests

$(FAST)/.ready: $(PINNED)
	$(PYTHON) -m venv $(FAST)
	$(FAST)/bin/$(INSTALL) -q -e '.[camera,fbx,mcp,robots,test]'
	$(FAST)/bin/clipactor models prepare camera
	@touch $@

lint: $(ALL)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Both distributions hold the same files: removing one while the other is there breaks it.
gpu: $(PLAYS)
	$(BIN)/pip uninstall -y onnxruntime onnxruntime-gpu
	$(BIN)/$(INSTALL) onnxruntime-gpu
	@$(BIN)/clipactor doctor

$(SITE): $(PLAYS)
	$(BIN)/$(PINS) -e '.[docs]'
	@touch $@

docs: setup $(SITE)
	$(BIN)/mkdocs build

pictures: setup-all
	$(BIN)/python docs/build/pictures.py

bench: setup-all
	$(BIN)/clipactor bench all

clean:
	rm -rf .venv .venv-* .mypy_cache .coverage .coverage.* ros2_ws/build ros2_ws/install ros2_ws/log build *.egg-info

# What the README promises, tried: faults, fuzzing, continuity, recordings, security, benchmarks; under 20 minutes.
# The long one (about an hour and a half) searches further, plays for half an hour and damages more files.
PROOF := tests/faults tests/fuzz tests/test_security.py tests/body/test_joint_motion.py tests/ros/test_fuzz_messages.py \
	tests/ros/test_recording.py tests/ros/test_inactive.py
FUZZ ?= 3000
MINUTES ?= 30
.PHONY: proof proof-long audit

proof: setup-all
	$(BIN)/python -m pytest $(PROOF)
	CLIPACTOR_SOAK_MINUTES=2 $(BIN)/python -m pytest -s -m long tests/ros/test_soak.py
	$(BIN)/clipactor bench all --json

proof-long: setup-all
	CLIPACTOR_ALL_CLIPS=1 $(BIN)/python -m pytest -m "long or not long" $(PROOF)
	CLIPACTOR_FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/fuzz
	CLIPACTOR_SOAK_MINUTES=$(MINUTES) $(BIN)/python -m pytest -s -m long tests/ros/test_soak.py

# Asks a public service for known faults of the pinned packages; needs the network.
audit: $(PLAYS)
	$(BIN)/pip install --disable-pip-version-check -q pip-audit
	$(BIN)/pip-audit --disable-pip --no-deps -r requirements/constraints.txt
