# Every target first makes .venv from requirements.lock; see tools/setup.sh for what it installs and when it asks instead.
PYTHON := .venv/bin/python
RECIPE := training/recipes/default.toml
PROBE := training/recipes/clip-probe.toml
RUN := runs/default
export UV_NO_SYNC := 1

.PHONY: setup demo run test check bench profile train bundle docs screenshots translations lock clean

# `make setup TORCH=cpu` for a laptop, `make setup PYTHON_VERSION=3.12`; returns at once when .venv is as asked for.
setup:
	@TORCH=$(TORCH) PYTHON_VERSION=$(PYTHON_VERSION) sh tools/setup.sh

demo: setup
	$(PYTHON) -m inspector scan resources/demo/demo.mp4 --out out/demo
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(PYTHON) -m inspector resources/demo/demo.mp4; \
	else echo "No display here, so the window stays closed; with one, 'make run' opens it."; fi

run: setup
	$(PYTHON) -m inspector

# A worker that crashed is not started again: by file, it would run into the same test again and again, or wait for ever.
# A test that fails is run once more, and named with RERUN: see docs/decisions/0028.
# Three workers, since many tests wait for a process: on two cores they take less time than two.
# Branch coverage of inspector/ and training/ is printed at the end; `make test COVERAGE=` runs without it.
COVERAGE := --cov --cov-report=term
test: setup
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n 3 --dist loadfile --max-worker-restart 0 --reruns 1 -r R $(COVERAGE)

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) tools/check_sizes.py

bench: setup
	$(PYTHON) -m tests.benchmarks

# Where the time of an analysis goes: `make profile`, or `make profile CLIP=path/to/clip.mp4`.
profile: setup
	$(PYTHON) -m tools.profile_clip $(CLIP)

train: setup
	$(PYTHON) -m training prepare $(RECIPE)
	$(PYTHON) -m training autoencoders $(RECIPE)
	OMP_WAIT_POLICY=active $(PYTHON) -m training fit $(RECIPE) --folder $(RUN)
	$(PYTHON) -m training calibrate $(RECIPE) --folder $(RUN)
	$(PYTHON) -m training evaluate $(RECIPE) --folder $(RUN)
	$(PYTHON) -m training export $(RECIPE) --folder $(RUN) --out models/default
	$(PYTHON) -m training prepare $(PROBE)
	$(PYTHON) -m training fit $(PROBE) --folder $(RUN)-probe
	$(PYTHON) -m training features $(PROBE) --folder $(RUN)-probe --frames 8 --kinds clip still
	$(PYTHON) -m training deep models/default --weights $(RUN)-probe/final.safetensors \
		--tracks $(RUN)-probe/held_out_tracks.csv --recipe $(PROBE) --version 1 --out models/default

bundle: setup
	.venv/bin/pyinstaller --noconfirm build.spec

# The warning is the theme's, about MkDocs 2, which is not used here.
docs: setup
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict

screenshots: setup
	$(PYTHON) tools/screenshots.py --docs docs/images

# Finds the texts of the window, updates resources/translations/*.ts and makes the .qm files: docs/develop/translate.md.
translations: setup
	$(PYTHON) -m tools.translations

# Versions already locked stay; `make lock UPGRADE=--upgrade` takes the newest. No index address is written.
lock:
	PATH="$$PATH:$(CURDIR)/.tools/bin" python3 tools/lock.py $(UPGRADE)

clean:
	rm -rf .venv build dist out site .mypy_cache .ruff_cache .pytest_cache
