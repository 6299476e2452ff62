# The server in an image: built with everything, run with what it needs, as a user who owns nothing of it.
#   docker build -t tenant-gateway . && docker run -p 4000:4000 -e NODE_ENV=development tenant-gateway

FROM node:24-slim AS build
WORKDIR /app
# `npm ci` generates the Prisma client, so the model and the script that does it come first.
COPY package.json package-lock.json prisma.config.ts ./
COPY scripts scripts
COPY prisma prisma
RUN npm ci
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/prisma/migrations prisma/migrations
COPY --from=build /app/dist dist
# The folder of files and of the embedded database, the only one that is written to.
RUN mkdir .data && chown node:node .data
VOLUME /app/.data
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/main.js"]
