# make demo    build and start everything with sample reports; Ctrl-C stops it
# make test    all tests, browser and PostgreSQL included
# make lint    formats, warnings, types, languages, licences
# make bench   a table of ratios, all measured in one run

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: demo test lint bench scripts tools clean

BROWSER := browser
# One set of features for building, testing and linting, so that nothing is compiled twice.
BOTH_DATABASES := portal/postgres,letterbox/postgres,reviewer-console/postgres
PROGRAMS := -p portal -p recorder -p reviewer-console -p witness
CARGO_DENY := target/tools/bin/cargo-deny
CARGO_DENY_VERSION := 0.20.2

demo: scripts
	cargo build --locked --release $(PROGRAMS)
	cd $(BROWSER) && node build.mjs --samples
	deploy/demo target/release

test: scripts
	scripts/need chromium:chromium chromedriver:chromium-driver fc-list:fontconfig pg_ctlcluster:postgresql \
		pg_config:libpq-dev faketime:faketime openssl:openssl /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc:fonts-noto-cjk
	cd $(BROWSER) && npm run --silent test
	cargo build --locked --workspace --all-targets --features $(BOTH_DATABASES)
	QINGNIAO_PROGRAMS=$(CURDIR)/target/debug scripts/with-postgres \
		cargo test --locked --workspace --features $(BOTH_DATABASES)

lint: scripts $(CARGO_DENY)
	scripts/need pg_config:libpq-dev
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets --features $(BOTH_DATABASES) -- -D warnings
	cargo clippy --locked $(PROGRAMS) --features portal/s3,reviewer-console/s3 -- -D warnings
	cd $(BROWSER) && npm run --silent types
	cargo test --locked --quiet --workspace --lib --bins --features $(BOTH_DATABASES) both_languages
	$(CARGO_DENY) --locked check bans licenses sources

bench: scripts
	cargo build --locked --release $(PROGRAMS)
	QINGNIAO_PROGRAMS=$(CURDIR)/target/release cargo bench --locked -p tests --bench table

# The browser's scripts, which the portal carries inside.
scripts: $(BROWSER)/node_modules/.package-lock.json
	cd $(BROWSER) && node build.mjs

$(BROWSER)/node_modules/.package-lock.json: $(BROWSER)/package-lock.json
	scripts/need cc:build-essential node:nodejs npm:npm
	scripts/node-version
	cd $(BROWSER) && npm ci --silent

$(CARGO_DENY):
	cargo install --locked --quiet --root target/tools --version $(CARGO_DENY_VERSION) cargo-deny

clean:
	rm -rf target $(BROWSER)/dist $(BROWSER)/dist-node $(BROWSER)/node_modules
