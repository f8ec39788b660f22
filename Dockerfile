# The emulator alone, ready on port 8080:  docker run -p 8080:8080 IMAGE
# With options:                            docker run -p 8080:8080 IMAGE serve --seed 7
# tests/packaging runs these very steps in a clean virtual environment.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim

FROM ${BASE_IMAGE} AS builder
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# Two environments: one that builds and stays behind, one without pip that travels to the last stage.
RUN python -m venv /build && python -m venv --without-pip /opt/kobikom
COPY . .
RUN /build/bin/pip install --constraint constraints.txt hatchling
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /build/wheels .
RUN /build/bin/pip --python /opt/kobikom/bin/python install --constraint constraints.txt /build/wheels/*.whl

FROM ${BASE_IMAGE}
COPY --from=builder /opt/kobikom /opt/kobikom
# Every address of the container, which is its own network: who may reach it is said by `docker run -p`.
ENV PATH=/opt/kobikom/bin:${PATH} PYTHONUNBUFFERED=1 KOBIKOM_HOST=0.0.0.0
# A number, not a name: orchestrators can check that it is not root, and no account need be made.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=12s --start-period=2s CMD ["kobikom-emulator", "ready", "--wait", "10"]
ENTRYPOINT ["kobikom-emulator"]
CMD ["serve"]
