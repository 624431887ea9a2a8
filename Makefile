# Every target installs what it needs. `make` alone lists the commands.
.DEFAULT_GOAL := help

# The last line of a failure is the program's own. In question mode make says nothing more of an exit code of 1, and a
# `+` has a recipe run in it all the same. Whoever types -n, -q or -t wants no recipe run, and gets that.
ifeq (,$(strip $(foreach option,n q t,$(findstring $(option),$(filter-out --%,$(firstword -$(MAKEFLAGS)))))))
MAKEFLAGS += --question
override RUN := +@
else
override RUN := @
endif
MAKEFLAGS += --no-print-directory

# What a person types or exports is data. No recipe names a variable: programs read the values in their environment.
# make would expand a typed value to export it; one that was set with `:=` is exported as it is. TYPED has the names,
# GOALS the targets.
override TYPED := $(foreach typed,$(.VARIABLES),$(if $(filter command,$(origin $(typed))),$(typed)))
export TYPED
override GOALS := $(MAKECMDGOALS)
export GOALS
$(foreach typed,$(.VARIABLES),$(if $(filter command,$(origin $(typed))),$(eval override $$(typed) := $$(value $$(typed)))$(eval export $$(typed))))
# These count only when they are typed: nobody chooses, approves or drops anything by inheritance. pytest takes options
# from PYTEST_ADDOPTS: other tests, other environments, --confirm.
unexport $(foreach typed,ENV DO APPROVE CONFIRM KEEP CHANGE_WINDOW $(filter PYTEST_%,$(.VARIABLES)),$(if $(filter override,$(origin $(typed))),,$(typed)))
# bash runs the file that BASH_ENV names, exported functions in place of programs, may change to another checkout by
# CDPATH, and under SHELLOPTS and BASHOPTS runs nothing, or writes down every value. Python doesn't start under a wrong
# value of many of its variables, and finds other modules, checks less or does more under others: it gets none of them.
# PYTHON is ours. `typed` and `option` are the loops' own.
unexport BASH_ENV CDPATH SHELLOPTS BASHOPTS $(filter BASH_FUNC_%,$(.VARIABLES)) typed option
unexport $(filter-out PYTHON,$(filter PYTHON%,$(.VARIABLES))) SSLKEYLOGFILE
# Node.js would load something else, wait for a debugger, build another page or print more: see
# deployment/node_variables.py.
unexport NODE_OPTIONS NODE_PATH NODE_PRESERVE_SYMLINKS NODE_PRESERVE_SYMLINKS_MAIN NODE_ICU_DATA NODE_DEBUG
unexport NODE_DEBUG_NATIVE NODE_PENDING_DEPRECATION NODE_REDIRECT_WARNINGS NODE_V8_COVERAGE NODE_TEST_CONTEXT
unexport NODE_ENV NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE NODE_UNIQUE_ID NODE_USE_ENV_PROXY
# They name another repository than this folder's. git sets them for its hooks.
unexport GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_DIR GIT_INDEX_FILE GIT_NAMESPACE GIT_OBJECT_DIRECTORY
unexport GIT_PREFIX GIT_WORK_TREE
# What they say is for this make alone.
unexport MAKEFLAGS MFLAGS
# make expands or runs these by itself.
override SHELL := /bin/bash
override .SHELLFLAGS := -euo pipefail -c
override VPATH :=
override .EXTRA_PREREQS :=
override MAKEOVERRIDES :=

help:
	$(RUN)awk -f .ci/list-commands.awk Makefile

##@ Run it here
demo: ## Start everything, place an order and watch it until PAID
up: ## The same without the order; PORT=4600 uses another port, KEEP=yes keeps all over a stop, CHANGE_WINDOW=20 lets orders be changed
down: ## Stop all of it; KEEP=no also drops what KEEP=yes kept
status: ## Show what runs where, and how much of it there is
ops: ## What the person on call does, here too: ENV=dev DO="order show 01K9…"; alone it prints the commands

##@ Check it
test: install ## Run the unit, synth, integration and end-to-end tests
	$(RUN).ci/test
check: install ## Check format, lint, types, imports, schema, resolvers and prose
	$(RUN).ci/check
contracts: ## Hold code, workflow, calls, permissions, names and sizes against AWS's own contracts
faults: ## Break one part after the other and count orders, charges and announcements
security: install ## Scan stacks, sources, secrets, policies, licences, known vulnerabilities and the API
	$(RUN).ci/install-security
	$(RUN).venv/bin/python -S deployment/quiet_start.py deployment.run_make_target $@ || exit 1
iam: ## Take each permission from the roles of a local run, see what breaks, call what no role may
test-web: ## Use the page in a browser; SCREENSHOTS=yes takes the README's pictures anew
exit-check: ## Check that the stacks can leave CDKTF: for CDK Terrain and for plain HCL

##@ Measure it
cost: ## Count what an order uses on the local run that is up, and write what it costs on AWS to docs/costs.md
soak: ## Place N=1000 orders while one call in twenty goes wrong (SEED=1), and print what came of them
scale: install ## Simulate queue and stream at 10 to 10,000 orders a second, write docs/scale.md's tables, feed announce
	$(RUN).venv/bin/python -S deployment/quiet_start.py deployment.run_make_target $@ || exit 1
	$(RUN)PYTHONPATH=lambda_src .venv/bin/python -m bench.paced_stream

bench: ## Measure synthesis, cold starts, API and flow against BASE=71e95b8 (or no), and write docs/performance.md
bench-laptop: ## Measure demo, changes brought up and tests by tier in a clone, and write docs/performance.md
bench-long: ## Place N=10000 orders on a run of its own, look at rate and memory, and write docs/performance.md

##@ Check what is deployed
verify: ## Live an order's story on ENV=x as a customer, and ask what only an account can answer; CONFIRM=yes where protected
e2e: ## Run the end-to-end tests that need public APIs alone, on ENV=x; CONFIRM=yes where protected

##@ Change it
format: install ## Rewrite the sources in the project's format
	$(RUN).venv/bin/ruff format -q .
	$(RUN).venv/bin/ruff check -q --fix .
	$(RUN)node_modules/.bin/node node_modules/prettier/bin/prettier.cjs --log-level warn --write 'stacks/**/*.{js,cjs}' '*.js' web
web: install ## Build the order desk into web/dist, within its size budget
	$(RUN)rm -f .build/page.fingerprint
	$(RUN)node_modules/.bin/node web/build/schema.ts
	$(RUN)CI=1 node_modules/.bin/node node_modules/vite/bin/vite.js build web --logLevel warn  # else it clears lines
review: ## Write what a reviewer reads to .build/review/ (BASE=main)
lock: .venv/.installed ## Resolve the Python and npm dependencies anew, and lock the AWS provider
	$(RUN).ci/lock
clean: ## Remove what was installed and built here (stop the local run first)
	$(RUN)rm -rf .venv node_modules web/dist .build .local cdktf.out .*_cache

##@ Deploy it
synth: ## Write the Terraform JSON of all environments to cdktf.out/
diff: ## Show what a deployment would change (ENV=local, dev, …; else all on AWS)
bootstrap: ## Make the state bucket of ENV=x, with its own state in it
plan: ## Plan ENV=x with plain Terraform and check that nothing that holds data is lost (LOCK=false reads only)
deploy: ## Deploy to AWS (ENV=dev, … or all) once you approve; APPROVE=yes doesn't ask
web-deploy: web ## Build the page and put it where ENV=x serves it from
destroy: ## Remove a deployment (ENV=dev, … or all) once you type its name
unlock: ## Explain and remove a lock that a stopped deployment of ENV=x left
delivery: ## Make the roles with which GitHub delivers ENV=x (as an administrator)

# `deployment/make_targets.py` says which program each of them is, and which variables it takes.
override TIERS := test-unit test-synth test-integration test-e2e test-emulator
override PROGRAMS := demo up down status cost soak bench bench-laptop bench-long synth diff review plan bootstrap delivery unlock deploy web-deploy destroy ops $(TIERS) test-web contracts faults iam exit-check verify e2e
$(PROGRAMS): install
	$(RUN).venv/bin/python -S deployment/quiet_start.py deployment.run_make_target $@ || exit 1

install: .venv/.installed node_modules/.installed

.venv/.installed: requirements/dev.txt requirements/lambda.txt
	$(RUN).ci/install-python

node_modules/.installed: package-lock.json package.json web/package.json .npmrc
	$(RUN).ci/install-node

override TARGETS := $(PROGRAMS) help test security scale web check format install lock clean
.PHONY: $(TARGETS)

override NO_TARGETS := $(filter-out $(TARGETS),$(MAKECMDGOALS))
ifneq (,$(NO_TARGETS))
export NO_TARGETS
# Each recipe is this one, so that the targets before it don't run either.
override WORDS := $(if $(filter ops,$(MAKECMDGOALS)),. All that ops is to do is one value: make ops ENV=dev DO="order list")
override RUN := $(RUN). .ci/say_error; say_error "$$(LC_ALL=C; set -f; printf 'make: no such target:'; printf ' %q' $$NO_TARGETS; printf '%s' '; `make` lists all there are$(WORDS)')"; exit 1;
.DEFAULT:
	$(RUN)
endif
