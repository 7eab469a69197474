#!/bin/sh
# Write the configuration from the environment, then be the web server, the worker, or any other command of CKAN.
set -eu
python /etc/satudata/render_config.py /etc/satudata/ckan.ini "$CKAN_INI"
case "${1:-web}" in
    prepare)
        ckan db upgrade
        ckan datastore set-permissions > /var/lib/ckan/permissions.sql
        ckan satudata seed --no-sample
        ckan satudata structure seed
        ckan satudata sameness seed
        # Sample data, if wanted, come last: their tables are read by the structures.
        ckan satudata seed
        ckan translation js
        ;;
    web)
        exec gunicorn --bind 0.0.0.0:5000 --worker-class gthread --workers "${WEB_WORKERS:-2}" \
            --threads "${WEB_THREADS:-4}" --timeout 120 --access-logfile - wsgi:application
        ;;
    worker)
        exec ckan jobs worker default satudata
        ;;
    *)
        exec ckan "$@"
        ;;
esac
