FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/bau-tracker
WORKDIR /build
COPY requirements.lock ./
RUN /opt/bau-tracker/bin/pip install --require-hashes --no-deps -r requirements.lock
COPY . ./
RUN /opt/bau-tracker/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin bau-tracker \
 && install --directory --owner=bau-tracker --mode=0700 /data
COPY --from=build /opt/bau-tracker /opt/bau-tracker
ENV PATH=/opt/bau-tracker/bin:$PATH PYTHONUNBUFFERED=1 BAU_TRACKER_DATA_DIR=/data
USER bau-tracker
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
 "import http.client as http; c = http.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["sh", "-c", "bau-tracker migrate && exec bau-tracker serve --host 0.0.0.0 --port 8000"]
