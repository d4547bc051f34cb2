# One image for api, worker, migrate and setup; the command chooses. Not Alpine: Temporal's native worker needs glibc.
# Not run with Docker yet: see the comment in docker-compose.yml.
FROM node:24-bookworm-slim AS build
WORKDIR /app
# No .npmrc entry or lockfile line names a registry: npm's own configuration does.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
# `npm run build` without its first step, which fetches a Temporal server that an image does not need.
RUN npx prisma generate && node --import tsx dev/build/build.ts
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
# Temporal's worker checks certificates with the system's list.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "dist/api/server.js"]
