I18N := PYTHONPATH=config PYTHONDONTWRITEBYTECODE=1 var/venv/bin/python -m i18n

.PHONY: i18n i18n-check i18n-gap

i18n: ## kumpulkan pesan, perbarui katalog terjemahan, kompilasi
	@$(I18N) update

i18n-check: ## sebutkan terjemahan yang belum ada atau salah, tanpa mengubah apa pun
	@$(I18N) check

i18n-gap: ## pesan CKAN yang belum berbahasa Indonesia: make i18n-gap ARGS=--core
	@$(I18N) gap $(ARGS)
