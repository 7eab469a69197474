# CKAN's own Solr image with the portal's configset over it; the schema stays CKAN's.
FROM ckan/ckan-solr:2.12-solr9
COPY --chown=solr:solr config/solr/conf/solrconfig.xml config/solr/conf/synonyms.txt config/solr/conf/stopwords.txt \
    config/solr/conf/protwords.txt /opt/solr/server/solr/configsets/ckan/conf/
# The schema factory of the configset reads schema.xml; the image ships CKAN's schema as managed-schema.
RUN cp /opt/solr/server/solr/configsets/ckan/conf/managed-schema /opt/solr/server/solr/configsets/ckan/conf/schema.xml
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["curl", "--fail", "--silent", "http://127.0.0.1:8983/solr/ckan/admin/ping"]
