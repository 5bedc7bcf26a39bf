# The builder has the toolchain of rust-toolchain.toml; the runtime has the C library, the certificates of public
# authorities and no shell. `hack/image/build` makes stand-ins for both where no registry can be reached.
ARG BUILDER_IMAGE=rust:1.95.0-bookworm
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILDER_IMAGE} AS builder
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked --package replication-operator \
    && install -m 0555 target/release/replication-operator /replication-operator

FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="replication-operator" \
      org.opencontainers.image.description="Keeps managed data-replication jobs in public clouds as custom resources say." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=builder /replication-operator /usr/local/bin/replication-operator
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["/usr/local/bin/replication-operator"]
