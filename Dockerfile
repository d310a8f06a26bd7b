# syntax=docker/dockerfile:1
# A small image: the program, the certificates it needs to reach Telegram and TMDB, and nothing else, not even a shell.
# scripts/check-image runs the build step below in a clean clone, for machines without a container engine.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# The cache mounts keep crates and compiled dependencies between builds; they are no part of the image.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --profile dist --locked --bin cinepost && \
    install -D target/dist/cinepost /image/usr/local/bin/cinepost && \
    install -d -m 0700 /image/data

# glibc, libgcc and CA certificates, as user 65532.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build --chown=65532:65532 /image /
ENV DATA_DIR=/data PORT=8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["cinepost", "health"]
ENTRYPOINT ["cinepost"]
CMD ["serve"]
