#!/bin/sh
# Roles and databases, made once when the volume is empty. Passwords come from the environment only.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
    --set ckan_password="$CKAN_DB_PASSWORD" --set reader_password="$DATASTORE_READER_PASSWORD" <<'SQL'
CREATE ROLE ckan LOGIN PASSWORD :'ckan_password';
CREATE ROLE datastore_reader LOGIN PASSWORD :'reader_password';
CREATE DATABASE ckan OWNER ckan ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE datastore OWNER ckan ENCODING 'UTF8' TEMPLATE template0;
SQL
