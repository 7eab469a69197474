# Two commands: `make up` brings the portal up, `make test` checks everything. What they do stands in config/stack.

SHELL := /bin/bash
STACK := PYTHONPATH=config PYTHONDONTWRITEBYTECODE=1 python3 -m stack
ARGS ?=
YES ?=

.DEFAULT_GOAL := help
.PHONY: help up down status url ckan logs psql reset test test-core bench

help: ## daftar perintah
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

up: ## siapkan dan jalankan portal (aman diulang)
	@$(STACK) up

down: ## hentikan semua layanan; data tetap ada
	@$(STACK) down

status: ## keadaan setiap bagian: versi, port, PID
	@$(STACK) status

url: ## alamat portal saja
	@$(STACK) url

ckan: ## perintah CKAN pada portal ini: make ckan ARGS="user list"
	@$(STACK) ckan $(ARGS)

logs: ## ikuti catatan: make logs ARGS="web worker"
	@$(STACK) logs $(ARGS)

psql: ## buka basis data portal
	@$(STACK) psql $(ARGS)

reset: ## hapus semua data portal (bertanya dulu; YES=1 tanpa bertanya)
	@$(STACK) reset $(if $(YES),--yes)

test: ## semua pengujian dengan layanan sendiri: make test ARGS="-k dcat"
	@$(STACK) test $(ARGS)

test-core: ## pengujian aturan murni, tanpa layanan
	@$(STACK) test-core $(ARGS)

bench: ## ukuran kinerja: make bench ARGS="recompute"
	@$(STACK) bench $(ARGS)

-include config/make/*.mk
