# Packages first: they change less often than the code. npm needs the manifests of all workspaces.
FROM node:22-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/cli/package.json apps/cli/
COPY apps/evaluator/package.json apps/evaluator/
COPY apps/notifier/package.json apps/notifier/
COPY libs/common/package.json libs/common/
COPY libs/go-template/package.json libs/go-template/

FROM manifests AS build
RUN npm ci
COPY nx.json tsconfig.json ./
COPY bin bin
COPY scripts scripts
COPY apps apps
COPY libs libs
# What `--version` says; there is no git here to ask.
ARG TOCSIN_BRANCH=""
ARG TOCSIN_REVISION=""
RUN npm run build

FROM manifests AS packages
RUN npm ci --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY bin bin
RUN install -d -o node -g node /data /etc/tocsin

USER node
# Relative paths, such as that of alertmanager.yml by default, are meant from here.
WORKDIR /etc/tocsin
ENV TOCSIN_STORAGE_PATH=/data
VOLUME /data
EXPOSE 9093 8880

# Containers that run something else than a notifier say where it answers.
ENV HEALTH_URL=http://127.0.0.1:9093/-/healthy
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["/app/bin/tocsin"]
CMD ["standalone"]
