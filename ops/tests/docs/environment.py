"""Variables that documents, manifests and compose files name: the programs read them, or a list says why not."""

import re
from pathlib import Path

import settings
from markdown import Pages

# Names with an underscore that no program of ours reads, each with who does.
ELSEWHERE = {
    "NODE_ENV": "an alias of APP_ENV", "DATABASE_PATH": "of the operations guide, passed over",
    "MIDNIGHT_API_KEY": "of the operations guide, passed over",
    "WHISPERCACHE_API": "jobctl", "WHISPERCACHE_CA_FILE": "jobctl",
    "LOG_LEVLE": "nobody: it shows what is said of such a name", "RAYON_NUM_THREADS": "arkworks, in the benchmarks",
    "REDIS_ADDR": "the Redis exporter", "BUILD_DIR": "builds of images", "IMAGE_PREFIX": "the workflows",
    "STAGING_KUBECONFIG": "the workflows", "STAGING_URL": "the workflows",
    "TLS_CERT_FILE": "the proxy in front, in the production profile of compose",
    "TLS_KEY_FILE": "the proxy in front, in the production profile of compose",
}
# And what such names begin with.
FAMILIES = {"WC_": "scripts and tests of this repository", "VITE_": "of the operations guide, passed over",
            "BACKUP_": "the backup's script", "AWS_": "the backup's upload to S3", "GF_": "Grafana"}
NAME = re.compile(r"(?<![\w$/{.-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w(])")


def known(folder: Path, manifests: Pages) -> set[str]:
    names = set(ELSEWHERE)
    # What compose reads from its own environment, and arguments of image builds.
    for file, text in manifests.items():
        pattern = r"^ARG ([A-Z][A-Z0-9_]+)" if file.startswith("Dockerfile") else r"\$\{([A-Z][A-Z0-9_]+)" if "compose" in file else r"(?!)"
        names |= set(re.findall(pattern, text, re.MULTILINE))
    for setting in settings.settings_of_all(folder).values():
        names |= {setting["name"], setting["name"] + "_FILE"} if setting["secret"] else {setting["name"]}
    return names


def files_of(root: Path) -> Pages:
    """Manifests, compose files and Dockerfiles, as far as they are there."""
    found = [*root.glob("docker-compose*.yml"), *root.glob("Dockerfile*"), *root.glob("k8s/**/*.yaml"), *root.glob("k8s/**/*.yml")]
    return {file.relative_to(root).as_posix(): file.read_text() for file in sorted(found)}


def manifest_names(text: str) -> list[tuple[int, str]]:
    """Names that a manifest sets: keys of a map, `name:` of env entries, `NAME=value` of lists and Dockerfiles."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        for pattern in (r"(?:^|[{,]|- )\s*([A-Z][A-Z0-9_]+):(?:\s|$)", r"name: *[\"']?([A-Z][A-Z0-9_]+)[\"']?(?=[ ,}]|$)",
                        r"(?:^|\s)(?:ENV\s+|-\s+[\"']?)([A-Z][A-Z0-9_]+)="):
            found += [(number, name) for name in re.findall(pattern, line) if "_" in name]
    return found


def unknown_variables(pages: Pages, manifests: Pages, folder: Path) -> list[str]:
    names = known(folder, manifests)

    def is_known(name: str) -> bool:
        return name in names or name.startswith(tuple(FAMILIES))

    problems = [f"{file}:{line}: no program reads {name}, and ops/tests/docs/environment.py does not say who does"
                for file, text in manifests.items() for line, name in manifest_names(text) if not is_known(name)]
    for file, text in pages.items():
        for number, line in enumerate(text.split("\n"), 1):
            problems += [f"{file}:{number}: no program reads {name}, and ops/tests/docs/environment.py does not say who does"
                         for name in NAME.findall(line) if not is_known(name)]
    return problems
