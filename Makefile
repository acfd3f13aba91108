# Ripresa. `make` alone lists the recipes.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
BIN := .venv/bin

help: ## List the recipes.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: install chromium ## Show the main job: a cart is left behind, the mail comes, she buys. ONCE=1: without a person.
	@$(BIN)/ripresa demo $(if $(ONCE),--once)

dev: install ## Start everything for work on Ripresa: database, web, worker, mail catcher; home in .dev.
	@RIPRESA_HOME=.dev/home $(BIN)/ripresa demo

test: install chromium lint ## All checks and all tests but the slow ones.
	@$(BIN)/pytest -n 3 --dist worksteal --durations=15 -m "not slow and not browser and not peers"
	@# Three on two cores: somebody waits at any time, for a server, a deadline, a killed process.
	@# worksteal: the slow tests stand together, and would all be left to one of them.
	@# Apart: the browser's driver keeps an event loop running in its process, where others want their own.
	@$(BIN)/pytest -n 3 --dist worksteal --durations=5 -m "browser and not slow" tests/browser tests/stories

test-peers: install ## Tests against real servers from Debian, on loopback; installs those that are missing.
	@scripts/peers
	@$(BIN)/pytest -m peers tests/peers

shop-medusa: install ## A real Medusa 2 shop from nothing: a cart left, reminded of, restored in the browser, ordered.
	@scripts/shop-medusa
	@$(BIN)/pytest -m peers tests/peers/test_medusa_story.py

fast: install ## Unit tests only: seconds, no database, no browser.
	@$(BIN)/pytest -q -n 2 tests/unit tests/architecture

test-slow: install chromium ## The tests that take minutes: kills, ten thousand interleavings, long recoveries.
	@$(BIN)/pytest -m slow --timeout 1800

journeys: install chromium ## The ten main journeys through the console, by mouse and by keyboard alone.
	@$(BIN)/pytest -m browser -k test_journey_ tests/browser

screenshots: install chromium ## Every page in five languages, light and dark, desktop and phone: test-results/console.
	@$(BIN)/pytest -m slow --timeout 1800 tests/browser/test_console.py -k to_look_at

tutorial: install chromium ## Renew the pictures of the tutorial by walking it.
	@RENEW_PICTURES=1 $(BIN)/pytest -m slow tests/browser/test_tutorial.py

lint: install ## Format, style, types, import layers, templates.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@RIPRESA_SECRET_KEY=none $(BIN)/mypy # its plugin reads the settings, which would make a home for the secret
	@$(BIN)/lint-imports
	@$(BIN)/djlint --check --lint src

fix: install ## Format, and mend what can be mended by machine.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: install ## Measure against the limits of docs/performance.md. STAGE=1: one stage alone.
	@$(BIN)/python -m bench $(STAGE)

golden: install ## Write anew what every preset looks like and says; look at the difference before it is committed.
	@$(BIN)/pytest -q --renew-golden tests/unit/domain/templates/test_golden.py
	@git diff --stat -- tests/unit/domain/templates/golden

messages: install ## Bring the console's catalogues up to date with its sources, and compile them.
	@RIPRESA_SECRET_KEY=none $(BIN)/python scripts/messages.py

tables: install ## Write anew what all migrations come to: after each new one.
	@RIPRESA_SECRET_KEY=none $(BIN)/python scripts/tables.py

plugin: ## Pack the WordPress plugin: dist/ripresa-woocommerce.zip.
	@scripts/pack-plugin

lock: ## Write requirements.lock anew from pyproject.toml (needs uv).
	@uv pip compile --quiet --extra dev --extra parquet --generate-hashes --no-emit-index-url --python-version 3.11 --universal pyproject.toml -o requirements.lock

install: .venv/.installed ## Make .venv with everything in it.

.venv/.installed: requirements.lock pyproject.toml scripts/install
	@scripts/install
	@touch $@

chromium:
	@scripts/chromium

.PHONY: help plugin demo dev test fast test-peers shop-medusa test-slow journeys screenshots tutorial lint fix bench golden messages lock install chromium
