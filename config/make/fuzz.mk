.PHONY: fuzz
FUZZ ?= 100000

fuzz: ## berkas acak dan rusak terhadap pembaca tabel: make fuzz FUZZ=100000
	@SATUDATA_FUZZ=$(FUZZ) PYTHONDONTWRITEBYTECODE=1 var/venv/bin/python -m pytest -p no:ckan -p no:ckan_fixtures -q \
		-o timeout=0 tests/fuzz $(ARGS)
