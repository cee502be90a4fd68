# ClipActor from a clean clone: `make demo` shows it, `make test` proves it.
#
#   make demo PROMPT="a person waves hello"     set up, start node and viewer, perform PROMPT
#   make test                                   set up, run the whole test suite
#   make run ARGS="-p rate_hz:=60.0"            the node alone; ARGS go to --ros-args
#   make robot ARGS="-p urdf:=my.urdf"          a robot that does what the avatar does
#   make lint | make bench | make clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PROMPT ?= a person walks forward
PORT ?= 8080
ARGS ?=
TESTS ?= tests

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --disable-pip-version-check -c requirements/constraints.txt
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo run robot test lint bench clean

help:
	@sed -n 's/^#   \{0,1\}//p; /^$$/q' Makefile

# Every later target starts from here; nothing is done when nothing changed.
setup: $(READY) interfaces models

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v == (3, 11) else f"Python 3.11 is needed (its ROS 2 wheels are used); found {v[0]}.{v[1]}. Try: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(READY): $(VENV)/bin/python setup.py requirements/constraints.txt requirements/ros.txt
	@echo "== Installing into $(VENV) (about 7 GB, a few minutes the first time)"
	$(PIP) -r requirements/ros.txt
	$(PIP) -e '.[farm,robots,style,test]'
	@touch $@

.PHONY: interfaces models
interfaces: $(READY)
	@$(BIN)/python ros2_ws/build_interfaces.py

models: $(READY)
	@$(BIN)/clipactor models prepare

demo: setup
	@$(BIN)/clipactor demo "$(PROMPT)" --port $(PORT)

run: setup
	@$(BIN)/clipactor_node --ros-args $(ARGS)

robot: setup
	@$(BIN)/retarget --ros-args $(ARGS)

test: setup
	$(BIN)/ruff check .
	$(BIN)/python -m pytest $(TESTS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: setup
	$(BIN)/clipactor bench all

clean:
	rm -rf $(VENV) ros2_ws/build ros2_ws/install ros2_ws/log build *.egg-info
