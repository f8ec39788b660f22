# The emulator on port 8080:  docker run -p 8080:8080 IMAGE
# With options:               docker run -p 8080:8080 IMAGE serve --seed 7
# Messages that stay:         docker run -p 8080:8080 -v kobikom:/data IMAGE
# tests/packaging runs these steps in a clean virtual environment.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim

FROM ${BASE_IMAGE} AS builder
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# Two environments: one to build the wheel, and one without pip that is copied to the last stage.
RUN python -m venv /build && python -m venv --without-pip /opt/kobikom
RUN mkdir /opt/data
COPY . .
RUN /build/bin/pip install --constraint constraints.txt hatchling
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /build/wheels .
RUN /build/bin/pip --python /opt/kobikom/bin/python install --constraint constraints.txt \
    "$(echo /build/wheels/*.whl)[postgresql]"

FROM ${BASE_IMAGE}
COPY --from=builder /opt/kobikom /opt/kobikom
# Settings are mounted here: docker run -v ./settings:/etc/kobikom.d IMAGE
COPY examples/kobikom.d /etc/kobikom.d
# Everything is kept here. It is the folder of the user below: another one needs a volume of its own, or KOBIKOM_STORE=.
COPY --from=builder --chown=10001:10001 /opt/data /data
# Listens on every address of the container; `docker run -p` decides who can reach it.
ENV PATH=/opt/kobikom/bin:${PATH} PYTHONUNBUFFERED=1 KOBIKOM_HOST=0.0.0.0 KOBIKOM_CONFIG=/etc/kobikom.d KOBIKOM_STORE=/data/kobikom.sqlite
VOLUME /data
# A number instead of a name: orchestrators can check that it is not root, and no user has to be created.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=12s --start-period=2s CMD ["kobikom-emulator", "ready", "--wait", "10"]
ENTRYPOINT ["kobikom-emulator"]
CMD ["serve"]
