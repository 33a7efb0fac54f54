# The daemon with its pages: the same lock files and the same build as on a developer's machine.
FROM node:20-bookworm-slim AS pages
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM python:3.11-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends espeak-ng sox \
    && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir 'uv>=0.9,<1' \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/ctiserver ctiserver \
    && install -d -o ctiserver -g ctiserver /var/lib/ctiserver/recordings

WORKDIR /opt/ctiserver
ENV UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-dev --no-install-project
COPY acd/ acd/
COPY ctiserver/ ctiserver/
COPY migrations/ migrations/
COPY ivr_flows/ ivr_flows/
RUN uv sync --frozen --no-dev
COPY --from=pages /build/web/dist web/dist
COPY --chmod=755 docker/start_ctiserver /usr/local/bin/start_ctiserver

ENV PATH=/opt/ctiserver/.venv/bin:$PATH \
    CTI_VAR=/var/lib/ctiserver \
    CTI_RECORDINGS=/var/lib/ctiserver/recordings \
    CTI_FLOWS=/opt/ctiserver/ivr_flows \
    CTI_HTTP__HOST=0.0.0.0 \
    CTI_HTTP__WEB_FOLDER=/opt/ctiserver/web/dist \
    CTI_LOG__FORM=json
USER 10001
VOLUME /var/lib/ctiserver
EXPOSE 8080/tcp
HEALTHCHECK --interval=10s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health/ready', timeout=5)"]
CMD ["start_ctiserver"]
