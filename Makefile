# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything that is set up or built lands in .venv/ and .build/.
# Another interpreter: make PYTHON=/path/to/python3 test. Some tests only: make ARGS="-k schedule" unit.

JOBS ?= 2
ifndef PYTHON
PYTHON := $(shell scripts/find-python)
endif
VERSION := $(if $(PYTHON),$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'))

BUILD := $(CURDIR)/.build
TREE := $(BUILD)/tree/ansible_collections/cloudwait/jobs
SANITY_TREE := $(BUILD)/sanity/ansible_collections/cloudwait/jobs
venv = $(CURDIR)/.venv/$(VERSION)-$(1)

# The checks get a home, caches and settings of their own: nothing of the user's takes part, nothing is left behind.
# Without bytecode, each of their hundreds of processes would compile all that it imports.
in = env -u PYTHONDONTWRITEBYTECODE HOME=$(BUILD)/home XDG_RUNTIME_DIR=$(BUILD)/home PYENV_ROOT=$(or $(PYENV_ROOT),$(HOME)/.pyenv) "PATH=$(call venv,$(1))/bin:$(PATH)" \
	PYTHONPATH=$(BUILD)/tree:. PYTHONPYCACHEPREFIX=$(BUILD)/pycache ANSIBLE_COLLECTIONS_PATH=$(BUILD)/tree \
	RUFF_CACHE_DIR=$(BUILD)/ruff MYPY_CACHE_DIR=$(BUILD)/mypy HYPOTHESIS_STORAGE_DIRECTORY=$(BUILD)/hypothesis
stage = $(call in,$(1)) $(CURDIR)/scripts/stage

# What takes long begins early, so that no processor is idle at the end.
PYTEST_STAGES := integration faults oldest examples unit $(if $(wildcard tests/contract/test_*.py),contract) supply fuzz-quick
STAGES := lint workflows changelog types $(PYTEST_STAGES) sanity docs ansible-lint docs-lint galaxy molecule
.PHONY: help setup test test-matrix demo bench bench-cpu fuzz mutation load soak clean lock generate format terminal tree collection release release-notes $(STAGES) contract

EVERYDAY := demo unit format generate test
help: ## list the targets
	@for target in $(EVERYDAY); do awk -F ':.*## ' -v target=$$target \
		'$$1 == target { printf "make %-14s %s\n", $$1, $$2 }' Makefile; done; echo
	@awk -F ':.*## ' -v everyday=" $(EVERYDAY) " \
		'/^[a-z-]+:.*## / && !index(everyday, " " $$1 " ") { printf "make %-14s %s\n", $$1, $$2 }' Makefile

test: setup collection ## run every check, side by side
	@rm -rf $(BUILD)/logs && mkdir -p $(BUILD)/logs
	@LOGS=$(BUILD)/logs $(MAKE) --no-print-directory -j$(JOBS) $(STAGES)
	@for stage in $(PYTEST_STAGES); do tail -n 1 $(BUILD)/logs/$$stage.log; done
	@echo "make test: all of $(STAGES) passed on Python $(VERSION)."

setup: $(BUILD)/home $(call venv,dev)/ready $(call venv,docs)/ready \
	$(if $(filter contract,$(STAGES)),$(call venv,contract)/ready)

$(CURDIR)/.venv/$(VERSION)-%/ready: requirements/%.txt scripts/venv
	$(if $(PYTHON),,$(error no Python to set up with))
	@echo "==> setting up $(@D)"
	@scripts/venv $(PYTHON) $(@D) $<

# ansible-test installs packages from this home, so a mirror that the user's pip knows must be known here.
$(BUILD)/home:
	@mkdir -p $@/.config
	@for name in .config/pip .pip; do if [ -e $(HOME)/$$name ]; then ln -s $(HOME)/$$name $@/$$name; fi; done

demo: $(BUILD)/home $(call venv,demo)/ready ## watch playbooks wait for jobs of an embedded cloud
	@$(MAKE) --no-print-directory collection VENV=demo
	@exec $(call in,demo) ANSIBLE_COLLECTIONS_PATH=$(BUILD)/collections scripts/demo $(ARGS)

# The whole gate makes them once, before its checks.
ifndef LOGS
tree:
	@scripts/tree $(TREE)

collection: VENV ?= dev
collection: tree
	@$(call in,$(VENV)) scripts/build $(TREE) $(BUILD)/dist $(BUILD)/collections
endif

lint: setup ## formatting and style of the code
	@$(call stage,dev) lint sh -c 'ruff format --check .; formatted=$$?; ruff check . && exit $$formatted'

generate: setup tree ## write what follows from the declarations of services and options
	@$(call in,dev) scripts/generate $(CURDIR)

format: setup ## format the code
	@$(call in,dev) sh -c 'ruff format . && ruff check --fix .'

types: setup tree ## static types
	@cd $(BUILD)/tree && $(call stage,dev) types mypy --config-file $(TREE)/pyproject.toml

sanity: setup collection ## ansible-test sanity of what is shipped, without ignore files
	@rm -rf $(SANITY_TREE) && mkdir -p $(SANITY_TREE)
	@cp -R $(BUILD)/collections/ansible_collections/cloudwait/jobs/. $(SANITY_TREE) && git init --quiet --template= $(SANITY_TREE)
	@$(call stage,dev) sanity scripts/sanity --oldest-and-newest $(SANITY_TREE)

changelog: setup tree ## changelog fragments
	@cd $(TREE) && $(call stage,dev) changelog antsibull-changelog lint

workflows: setup ## the recipes for a public forge
	@$(call stage,dev) workflows check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

docs-lint: setup tree ## documentation of modules, plugins and the role
	@cd $(TREE) && $(call stage,dev) docs-lint \
		antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self .

docs: setup tree ## the documentation site, below .build/docs/html
	@$(call stage,docs) docs scripts/docs $(TREE) $(BUILD)/docs

ansible-lint: setup tree ## playbooks, the role and the metadata
	@cd $(TREE) && $(call stage,dev) ansible-lint ansible-lint --nocolor --offline --profile production

galaxy: setup collection ## what Galaxy says of the built tarball
	@$(call stage,dev) galaxy scripts/galaxy $(BUILD)/dist/cloudwait-jobs-*.tar.gz

supply: setup tree ## what is in the tarball, and that the same content gives the same tarball
	@cd $(TREE) && $(call stage,dev) supply pytest tests/supply $(ARGS)

unit: setup tree ## unit tests
	@cd $(TREE) && $(call stage,dev) unit pytest tests/unit $(ARGS)

faults: setup tree ## every fault, for every service, at every moment of a wait
	@cd $(TREE) && $(call stage,dev) faults pytest -q tests/faults $(ARGS)

fuzz-quick: setup tree ## a few thousand made-up answers, options and timetables, the same every time
	@cd $(TREE) && $(call stage,dev) fuzz-quick pytest tests/fuzz $(ARGS)

fuzz: setup tree ## a hundred thousand new made-up answers for every service, in minutes
	@cd $(TREE) && $(call stage,dev) fuzz scripts/fuzz $(ARGS)

mutation: setup tree ## break named behaviours one by one, and show which test notices
	@cd $(TREE) && $(call stage,dev) mutation scripts/mutation $(ARGS)

load: setup collection ## fifty hosts, ten playbooks, 5,000 jobs at once, in minutes; prints what they took
	@cd $(TREE) && $(call in,dev) ANSIBLE_COLLECTIONS_PATH=$(BUILD)/collections \
		python -m ansible_collections.cloudwait.jobs.tests.load.load $(ARGS)

soak: setup collection ## twenty minutes of waits in which one answer in five goes wrong; prints what grew
	@cd $(TREE) && $(call in,dev) ANSIBLE_COLLECTIONS_PATH=$(BUILD)/collections \
		python -m ansible_collections.cloudwait.jobs.tests.load.soak $(ARGS)

integration: setup collection ## playbooks against the embedded cloud, with the built collection
	@cd $(TREE) && $(call stage,dev) integration \
		env ANSIBLE_COLLECTIONS_PATH=$(BUILD)/collections pytest tests/integration $(ARGS)

oldest: setup collection ## the tests that matter to it, with the oldest versions that there are interpreters for
	@$(call stage,dev) oldest scripts/matrix --oldest

test-matrix: setup collection ## the tests with every supported version, within two hours
	@$(call stage,dev) test-matrix scripts/matrix $(ARGS)

examples: setup collection ## every example in the documentation, and what the documents say of each other
	@cd $(TREE) && $(call stage,dev) examples \
		env ANSIBLE_COLLECTIONS_PATH=$(BUILD)/collections pytest tests/docs $(ARGS)

molecule: setup collection ## the role's scenario, with molecule
	@cd $(TREE) && $(call stage,dev) molecule \
		env ANSIBLE_COLLECTIONS_PATH=$(BUILD)/collections molecule test

# The vendors' code has warnings of its own.
contract: $(BUILD)/home $(call venv,contract)/ready tree ## the embedded cloud against the vendors' own clients
	@cd $(TREE) && $(call stage,contract) contract pytest -W default tests/contract $(ARGS)

# With the user's own home, where git finds the name that goes into the tag.
release: setup tree ## check version, changelog, tarball and tag, and make the tag; uploads nothing
	@$(call venv,dev)/bin/python scripts/release check $(TREE)
	@$(MAKE) --no-print-directory galaxy supply
	@$(call venv,dev)/bin/python scripts/release tag $(BUILD)/dist/cloudwait-jobs-*.tar.gz

release-notes: setup tree ## move the fragments into the changelog, under galaxy.yml's version
	@$(call in,dev) scripts/release notes $(TREE)

bench: setup tree ## the wait engine beside other systems, simulated and on loopback, logins, and tasks beside others
	@$(call in,dev) sh -c 'missed=0; for each in "simulate.py --check" reading.py loopback.py logins.py groups.py tasks.py submit.py accounts.py budget.py until.py; do \
		python tests/benchmarks/$$each || missed=1; done; exit $$missed'

terminal: setup collection ## draw what the demo shows in a terminal, for README.md
	@$(call in,dev) ANSIBLE_COLLECTIONS_PATH=$(BUILD)/collections scripts/terminal docs/docsite/rst/images/terminal.svg

bench-cpu: setup ## the processor time of a request and of an import beside that of another revision: make ARGS=v1.0.0 bench-cpu
	@$(call in,dev) sh -c 'missed=0; for each in cpu imports; do \
		python tests/benchmarks/$$each.py $(ARGS) || missed=1; done; exit $$missed'

lock: setup ## renew the pinned requirements
	@for set in demo dev docs contract; do \
		(cd requirements && $(call venv,dev)/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 --upgrade \
			--no-annotate --custom-compile-command "make lock" $$set.in --output-file $$set.txt); done

clean: ## remove everything that make made
	rm -rf .venv .build
