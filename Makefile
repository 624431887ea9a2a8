# Every target installs what it needs. `make` alone lists the commands.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
# Compiled modules are what makes the second run fast.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
# Only what is typed counts: elsewhere ENV is sh's startup file, and nobody approves by inheritance.
ifneq ($(origin ENV),command line)
override ENV :=
endif
ifneq ($(origin APPROVE),command line)
override APPROVE :=
endif
ifneq ($(origin KEEP),command line)
override KEEP :=
endif
ifneq ($(origin DO),command line)
override DO :=
endif
ifneq ($(origin CHANGE_WINDOW),command line)
override CHANGE_WINDOW :=
endif
unexport ENV APPROVE KEEP DO CHANGE_WINDOW
CHOSEN = $(or $(ENV),$(error say which environment of environments.toml: make $@ ENV=dev))
APPROVED = $(if $(filter yes,$(APPROVE)), --auto-approve)
PORT ?=
UP = $(if $(PORT),--port $(PORT)) $(if $(KEEP),--keep $(KEEP)) $(if $(CHANGE_WINDOW),--change-window $(CHANGE_WINDOW))
PY := .venv/bin/python
NODE := node_modules/.bin/node

.PHONY: ops faults web-deploy delivery review bootstrap exit-check plan unlock help web demo up down status test test-unit test-synth test-integration test-e2e test-web check format synth diff deploy \
	destroy install clean lock

help: ## Print the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: install ## Start everything here, place an order and watch it until PAID
	@$(PY) -m local demo $(UP)

up: install ## The same without the order; PORT=4600 uses another port, KEEP=yes keeps all over a stop, CHANGE_WINDOW=20 lets orders be changed
	@$(PY) -m local up $(UP)

down: install ## Stop all of it; KEEP=no also drops what KEEP=yes kept
	@$(PY) -m local down $(if $(KEEP),--keep $(KEEP))

status: install ## Show what runs where
	@$(PY) -m local status

test: install ## Run the unit, synth, integration and end-to-end tests
	@.ci/test

test-unit test-synth test-integration test-e2e test-web: test-%: install
	@$(PY) -m pytest -q $(if $(filter yes,$(SCREENSHOTS)),--screenshots )tests/$*

faults: install ## Break one part after the other and count orders, charges and announcements
	@$(PY) -m pytest -q --faults tests/e2e/faults

soak: install ## Place N=1000 orders while one call in twenty goes wrong (SEED=1), and print what came of them
	@$(PY) -m tests.soak --orders $(or $(N),1000) --seed $(or $(SEED),1)

web: install ## Build the order desk into web/dist, within its size budget
	@rm -f .build/page.fingerprint
	@$(NODE) web/build/schema.ts && $(NODE) node_modules/vite/bin/vite.js build web --logLevel warn

check: install ## Check format, lint, types, imports, schema and resolvers
	@.ci/check

format: install ## Rewrite the sources in the project's format
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .
	@$(NODE) node_modules/prettier/bin/prettier.cjs --log-level warn --write 'stacks/**/*.{js,cjs}' '*.js' web

synth: install ## Write the Terraform JSON of all environments to cdktf.out/
	@$(PY) -m deployment.cdktf synth $(ENV)

diff: install ## Show what a deployment would change (ENV=local, dev, …; else all on AWS)
	@$(PY) -m deployment.cdktf diff $(or $(ENV),all)

review: install ## Write what a reviewer reads to .build/review/ (BASE=main)
	@$(PY) -m deployment.review $(if $(BASE),--base $(BASE)) $(if $(OUTPUT),--output $(OUTPUT))

plan: install ## Plan ENV=x with plain Terraform and check that nothing that holds data is lost
	@$(PY) -m deployment.plan $(CHOSEN) $(if $(filter false,$(LOCK)),--no-lock)

bootstrap: install ## Make the state bucket of ENV=x, with its own state in it
	@$(PY) -m deployment.bootstrap $(CHOSEN)

delivery: install ## Make the roles with which GitHub delivers ENV=x (as an administrator)
	@$(PY) -m deployment.delivery $(CHOSEN)

unlock: install ## Explain and remove a lock that a stopped deployment of ENV=x left
	@$(PY) -m deployment.unlock $(CHOSEN)

deploy: install ## Deploy to AWS (ENV=dev, … or all) once you approve; APPROVE=yes doesn't ask
	@$(PY) -m deployment.cdktf deploy $(CHOSEN)$(APPROVED)

web-deploy: install ## Build the page and put it where ENV=x serves it from
	@$(MAKE) web
	@$(PY) -m deployment.web $(CHOSEN)

destroy: install ## Remove a deployment (ENV=dev, … or all) once you type its name
	@$(PY) -m deployment.cdktf destroy $(CHOSEN)$(APPROVED)

ops: install ## What the person on call does: ENV=dev DO="order show 01K9…"; alone it prints the commands
	@$(PY) -m operations $(if $(DO),--env $(CHOSEN) $(DO),--help)

exit-check: install ## Check that the stacks can leave CDKTF: for CDK Terrain and for plain HCL
	@$(PY) -m deployment.exit_check

install: .venv/.installed node_modules/.installed

.venv/.installed: requirements/dev.txt requirements/lambda.txt
	@.ci/install-python $(PYTHON)

node_modules/.installed: package-lock.json package.json web/package.json .npmrc
	@.ci/install-node

lock: .venv/.installed ## Resolve the Python and npm dependencies anew
	@.ci/lock

clean: ## Remove what was installed and built here (stop the local run first)
	@rm -rf .venv node_modules web/dist .build .local cdktf.out .*_cache
