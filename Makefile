# Every target sets up what it needs; nothing has to be installed beyond Rust, Go, git, make and a C compiler.
SHELL := /bin/bash
TARGET := $(or $(CARGO_TARGET_DIR),target)
CONTROL_PLANE := $(TARGET)/debug/control-plane
# Scenarios wait more than they compute: with as many threads as cores, two cores would idle half of the time.
TEST_THREADS ?= 6

.PHONY: help
help: ## Shows this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: control-plane ## Runs the whole road once, from kubectl apply to the remote job and back. KEEP=1 leaves it running.
	cargo build --release --locked -p replication-operator -p cloud-simulator
	cargo build --locked -p control-plane
	KEEP=$(KEEP) hack/demo/run $(TARGET)/release $(CONTROL_PLANE)

.PHONY: test
test: control-plane check build ## Sets up what is missing and runs everything.
	RUST_TEST_THREADS=$(TEST_THREADS) $(CONTROL_PLANE) exec -- cargo test --workspace --locked

.PHONY: check
check: ## Formatting and lints.
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

.PHONY: build
build: ## Debug builds of all programs and tests, with the one set of features that tests need.
	cargo test --workspace --locked --no-run

.PHONY: chaos
chaos: control-plane build ## Kills the operator at every point of a job's life, for every flavour.
	CHAOS=all $(CONTROL_PLANE) exec -- cargo test --workspace --locked --test chaos -- --nocapture

.PHONY: bench
bench: control-plane ## Figures for docs/performance.md; takes the whole machine for half an hour.
	cargo build --release --locked -p replication-operator -p cloud-simulator
	cargo bench --locked --bench scale -- 100 1000 10000 quiet

.PHONY: image
image: ## Builds the image and proves it: read-only root, uid 65532. Needs root, buildah and debootstrap.
	hack/image/build

.PHONY: control-plane
control-plane: ## Builds etcd, kube-apiserver, kube-controller-manager, kubectl and helm, once per machine.
	hack/control-plane/build

.PHONY: crds
crds: ## Writes the custom resource definitions anew.
	REGENERATE=1 cargo test --workspace --locked --test crds --test chart generated
