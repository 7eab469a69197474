"""Solr from Maven Central's jars: a servlet application under Jetty's runner, no container and no Java of ours."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import shutil
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from .errors import StackError
from .instance import Instance, Site
from .ports import HOST
from .shell import run
from .vault import write_private_json

USER = "ckan"


def _source(instance: Instance) -> Path:
    return instance.root / "config" / "solr"


def version(instance: Instance) -> str:
    match = re.search(r"<solr\.version>([^<]+)<", (_source(instance) / "pom.xml").read_text(encoding="utf-8"))
    return match.group(1) if match else "?"


def _cache(instance: Instance) -> Path:
    """Folder of the jars, named by what asks for them: a running server never loses its jars to a newer version."""
    files = (_source(instance) / "pom.xml", _source(instance) / "webapp" / "WEB-INF" / "web.xml")
    return instance.solr_cache / hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _runner(instance: Instance) -> Path:
    return _cache(instance) / "jetty-runner.jar"


def _webapp(instance: Instance) -> Path:
    return _cache(instance) / "webapp"


def is_fetched(instance: Instance) -> bool:
    return _cache(instance).is_dir()


def fetch(instance: Instance, log: Path) -> None:
    """Fetch the jars and lay out the application, once for all instances.

    :raises StackError: Maven cannot fetch them.
    """
    if is_fetched(instance):
        return
    fresh = _cache(instance).with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    shutil.copy2(_source(instance) / "pom.xml", fresh / "pom.xml")
    run(
        ["mvn", "-q", "-B", "-ntp", "-f", fresh / "pom.xml", "package"],
        what="mengambil Solr dari Maven Central",
        log=log,
        timeout=900,
    )
    shutil.copytree(_source(instance) / "webapp", fresh / "webapp")
    (fresh / "target" / "lib").rename(fresh / "webapp" / "WEB-INF" / "lib")
    next((fresh / "target").glob("jetty-runner*.jar")).rename(fresh / "jetty-runner.jar")
    shutil.rmtree(fresh / "target")
    fresh.rename(_cache(instance))


def home(instance: Instance) -> Path:
    return instance.folder / "solr"


def ckan_schema(instance: Instance) -> Path:
    """The schema that belongs to the installed CKAN."""
    found = sorted(instance.venv.glob("lib/python3*/site-packages/ckan/config/solr/schema.xml"))
    if not found:
        message = "Skema Solr milik CKAN tidak ditemukan di lingkungan Python."
        raise StackError(message, "Hapus folder var/venv, lalu jalankan `make up` lagi.")
    return found[-1]


def configure(instance: Instance) -> list[str]:
    """Write the home and the cores; the names of the cores whose configuration has changed."""
    top = home(instance)
    (top / "cores").mkdir(parents=True, exist_ok=True)
    top.chmod(0o700)
    shutil.copy2(_source(instance) / "solr.xml", top / "solr.xml")
    _write_security(instance)
    changed = []
    for site in instance.sites:
        core = top / "cores" / site.core
        (core / "conf").mkdir(parents=True, exist_ok=True)
        wanted = {path.name: path.read_bytes() for path in (_source(instance) / "conf").iterdir() if path.is_file()}
        wanted["schema.xml"] = ckan_schema(instance).read_bytes()
        before = {path.name: path.read_bytes() for path in (core / "conf").iterdir()}
        if wanted != before:
            shutil.rmtree(core / "conf")
            (core / "conf").mkdir()
            for name, content in wanted.items():
                (core / "conf" / name).write_bytes(content)
            changed.append(site.core)
        properties = core / "core.properties"
        if not properties.exists():
            properties.write_text(f"name={site.core}\n")
    return changed


def _write_security(instance: Instance) -> None:
    """Every request to Solr needs the generated password, as it may share the machine with other users."""
    path = home(instance) / "security.json"
    password = instance.secrets["solr"].encode()
    if path.is_file():
        stored = json.loads(path.read_text())["authentication"]["credentials"].get(USER, " ")
        digest, salt = stored.split(" ", 1)
        if digest == _digest(password, base64.b64decode(salt)):
            return
    salt = secrets.token_bytes(32)
    write_private_json(
        path,
        {
            "authentication": {
                "class": "solr.BasicAuthPlugin",
                "blockUnknown": True,
                "credentials": {USER: f"{_digest(password, salt)} {base64.b64encode(salt).decode()}"},
            },
            "authorization": {
                "class": "solr.RuleBasedAuthorizationPlugin",
                "permissions": [{"name": "all", "role": "admin"}],
                "user-role": {USER: "admin"},
            },
        },
    )


def _digest(password: bytes, salt: bytes) -> str:
    """Solr's own form: SHA-256 of the SHA-256 of salt and password, in base 64."""
    return base64.b64encode(hashlib.sha256(hashlib.sha256(salt + password).digest()).digest()).decode()


def command(instance: Instance) -> list[str]:
    """The server's command line."""
    memory = "384m" if instance.is_test else instance.settings.text("SATUDATA_SOLR_MEMORI", "512m")
    return [
        "java",
        "-Xms128m",
        f"-Xmx{memory}",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        f"-Djava.io.tmpdir={instance.run}",
        f"-Dlog4j2.configurationFile={_source(instance) / 'log4j2.xml'}",
        f"-Dsolr.home={home(instance)}",
        f"-Dsolr.solr.home={home(instance)}",
        f"-Dsolr.install.dir={_cache(instance)}",
        f"-Dsolr.log.dir={instance.log}",
        f"-Dsolr.jetty.host={HOST}",
        "-jar",
        str(_runner(instance)),
        "--host",
        HOST,
        "--port",
        str(instance.ports["solr"]),
        "--path",
        "/solr",
        str(_webapp(instance)),
    ]


def url(instance: Instance, site: Site) -> str:
    return f"http://{HOST}:{instance.ports['solr']}/solr/{site.core}"


def get(instance: Instance, path: str, timeout: float = 5) -> dict[str, object]:
    """Ask Solr for a path below `/solr` and return its JSON.

    :raises OSError: it cannot be reached or refuses.
    """
    request = urllib.request.Request(f"http://{HOST}:{instance.ports['solr']}/solr/{path}")
    token = base64.b64encode(f"{USER}:{instance.secrets['solr']}".encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    with urllib.request.urlopen(request, timeout=timeout) as response:
        return json.load(response)


def answers(instance: Instance) -> bool:
    """Whether every core answers a ping."""
    try:
        return all(get(instance, f"{site.core}/admin/ping?wt=json").get("status") == "OK" for site in instance.sites)
    except (OSError, ValueError):
        return False


def wait(instance: Instance, limit: float = 120) -> None:
    """:raises StackError: the cores do not answer within `limit` seconds."""
    end = time.monotonic() + limit
    while not answers(instance):
        if time.monotonic() > end:
            message = f"Solr belum menjawab di port {instance.ports['solr']} setelah {limit:.0f} detik."
            raise StackError(message, f"Lihat {instance.log / 'solr.log'}.")
        time.sleep(0.4)


def reload(instance: Instance, cores: list[str]) -> None:
    """Make a running Solr read the changed configuration of its cores."""
    for core in cores:
        query = urlencode({"action": "RELOAD", "core": core, "wt": "json"})
        with suppress(urllib.error.HTTPError):
            get(instance, f"admin/cores?{query}", timeout=60)
