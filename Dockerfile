# A small image: the program, the libraries and certificates that it needs, their licences, and nothing else, not even a shell.
# scripts/check-image runs the build step below in a clean clone and the program in what came of it, for machines without a
# container engine.

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
COPY . .
# The cache mounts keep crates and compiled dependencies between builds; they are no part of the image.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --profile dist --locked --bin cinepost && \
    scripts/assemble-image target/dist/cinepost /image

# From nothing: there is no second image to keep up with.
FROM scratch
COPY --from=build --chown=65532:65532 /image /
USER 65532:65532
ENV PATH=/usr/local/bin DATA_DIR=/data PORT=8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["cinepost", "health"]
ENTRYPOINT ["cinepost"]
CMD ["serve"]
