"""Region profiles: one YAML file per city or regency, with its tables in the folder of the same name."""
