# syntax=docker/dockerfile:1
# A fabric of its own in a container: built from the sources here, run by a user without rights. docs/how-to/deploy.md

# What runs needs its packages, and nothing that only building and testing need.
FROM node:20.19-bookworm-slim AS packages
WORKDIR /marie
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20.19-bookworm-slim AS build
WORKDIR /marie
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.base.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY replay ./replay
COPY examples ./examples
RUN npm run build

FROM node:20.19-bookworm-slim
LABEL org.opencontainers.image.title="Marie Execution Fabric" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    MARIE_LOG_LEVEL=info
WORKDIR /opt/marie
COPY package.json LICENSE NOTICE ./
COPY bin ./bin
COPY --from=packages /marie/node_modules ./node_modules
COPY --from=build /marie/dist/src ./dist/src
COPY --from=build /marie/dist/replay ./dist/replay
# What replay has beside what is compiled: the page of a report, queries for tables, a journal to try it on.
COPY replay/html/page ./replay/html/page
COPY replay/export/sql ./replay/export/sql
COPY replay/corpus ./replay/corpus
RUN ln -s /opt/marie/bin/marie.mjs /usr/local/bin/marie \
    && install -d -o node -g node /var/lib/marie /var/lib/marie/blobs
# The user `node` of the image, by number, so that whoever runs it can see that it isn't root.
USER 1000:1000
VOLUME /var/lib/marie
EXPOSE 7420
# SIGTERM ends it when what is under way has been answered; give it the time for that (docker stop --time).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:7420/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=64", "/opt/marie/bin/marie.mjs"]
CMD ["up", "--data", "/var/lib/marie", "--host", "0.0.0.0", "--json"]
