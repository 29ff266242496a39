# `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: help demo test pictures lint bench traces soak mutants scripts clean
.DEFAULT_GOAL := help

BROWSER := browser
# One set of features for building and testing, so that nothing is compiled twice.
BOTH_DATABASES := portal/postgres,letterbox/postgres
# Clippy looks at everything that can be built, in one run.
ALL_FEATURES := $(BOTH_DATABASES),portal/s3
# One more than there are cores: whole-system tests also wait, for disks and pages.
TEST_THREADS := $(shell expr $$(nproc) + 1)
PROGRAMS := -p portal -p recorder -p reviewer-console -p witness
CARGO_DENY := target/tools/bin/cargo-deny
CARGO_DENY_VERSION := 0.20.2
CARGO_MUTANTS := target/tools/bin/cargo-mutants
CARGO_MUTANTS_VERSION := 27.1.0
# What is mutated, and which part of it: a sixth of the rules takes a quarter of an hour.
MUTATED ?= -p casework
SHARD ?= 0/6

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: scripts ## build and start everything with sample reports; Ctrl-C stops it
	cargo build --locked --release $(PROGRAMS)
	cd $(BROWSER) && node build.mjs --samples
	deploy/demo target/release

test: scripts ## all tests, browser and PostgreSQL included
	scripts/need chromium:chromium chromedriver:chromium-driver fc-list:fontconfig pg_ctlcluster:postgresql \
		pg_config:libpq-dev faketime:faketime openssl:openssl /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc:fonts-noto-cjk
	cd $(BROWSER) && npm run --silent test && node build.mjs --samples
	cargo build --locked --workspace --all-targets --features $(BOTH_DATABASES)
	QINGNIAO_PROGRAMS=$(CURDIR)/target/debug RUST_TEST_THREADS=$(TEST_THREADS) scripts/with-postgres \
		cargo test --locked --no-fail-fast --workspace --features $(BOTH_DATABASES)

pictures: scripts ## a picture of every page, telephone and desktop, both languages, in screenshots/
	scripts/need chromium:chromium chromedriver:chromium-driver faketime:faketime \
		/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc:fonts-noto-cjk
	cargo build --locked --workspace --all-targets --features $(BOTH_DATABASES)
	QINGNIAO_PROGRAMS=$(CURDIR)/target/debug QINGNIAO_PICTURES=$(CURDIR)/screenshots \
		cargo test --locked --workspace --features $(BOTH_DATABASES) --test browser

lint: scripts $(CARGO_DENY) ## formats, warnings, types, languages, licences
	scripts/need pg_config:libpq-dev
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets --features $(ALL_FEATURES) -- -D warnings
	cd $(BROWSER) && npm run --silent types && npm run --silent licences
	cargo test --locked --quiet --workspace --lib --bins --features $(BOTH_DATABASES) both_languages
	$(CARGO_DENY) --locked check bans licenses sources

bench: scripts ## a table of ratios, all measured in one run
	cargo build --locked --release $(PROGRAMS)
	QINGNIAO_PROGRAMS=$(CURDIR)/target/release cargo bench --locked -p tests --bench table --bench bundles

traces: scripts ## whether order of arrival, or a known mailbox, can be told from outside
	cargo build --locked --release $(PROGRAMS)
	QINGNIAO_PROGRAMS=$(CURDIR)/target/release cargo bench --locked -p tests --bench traces

soak: scripts ## what the tests do for a minute, for some ten: five hundred killed browsers and passes
	cd $(BROWSER) && node build.mjs --samples
	cargo build --locked --workspace --all-targets --features $(BOTH_DATABASES)
	QINGNIAO_PROGRAMS=$(CURDIR)/target/debug QINGNIAO_KILLS=500 \
		cargo test --locked --workspace --features $(BOTH_DATABASES) --test it -- killed_senders a_pass_that_is_killed --nocapture

mutants: $(CARGO_MUTANTS) ## changes the rules and formats and looks whether a test notices: make mutants MUTATED="-p crypto" SHARD=1/8
	$(CARGO_MUTANTS) mutants $(MUTATED) --shard $(SHARD) --no-shuffle -o target

scripts: $(BROWSER)/node_modules/.package-lock.json ## the browser's scripts, which portal and console carry inside
	cd $(BROWSER) && node build.mjs

$(BROWSER)/node_modules/.package-lock.json: $(BROWSER)/package-lock.json
	scripts/need cc:build-essential node:nodejs npm:npm
	scripts/node-version
	cd $(BROWSER) && npm ci --silent

# Without optimisation: it runs for seconds, and compiling it optimised took minutes.
$(CARGO_DENY):
	cargo install --locked --quiet --debug --root target/tools --version $(CARGO_DENY_VERSION) cargo-deny

$(CARGO_MUTANTS):
	cargo install --locked --quiet --debug --root target/tools --version $(CARGO_MUTANTS_VERSION) cargo-mutants

clean: ## remove everything that was built
	rm -rf target $(BROWSER)/dist $(BROWSER)/dist-node $(BROWSER)/node_modules
