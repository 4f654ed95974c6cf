"""The collector on Kubernetes: what its pods mount and are told fits the configuration, and Loki's Service and policy."""

import re

import yaml

import alloy
import relabel


def problems(texts: dict[str, str]) -> list[str]:
    blocks, found = alloy.read(texts["alloy-config.alloy"]), []
    (daemonset,) = [one for one in yaml.safe_load_all(texts["daemonset.yaml"]) if one["kind"] == "DaemonSet"]
    pod = daemonset["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}

    pattern = relabel.pods_of_alloy(blocks)["path"]
    folder = re.match(r"[^*]*/", pattern)[0].rstrip("/")
    mount = mounts.get(folder, {})
    if volumes.get(mount.get("name"), {}).get("hostPath", {}).get("path") != folder or not mount.get("readOnly"):
        found.append(f"daemonset.yaml: the files {pattern} of the node are not mounted, read-only, where the configuration looks")

    generated = yaml.safe_load(texts["kustomization.yaml"])["configMapGenerator"][0]
    config = [f"{path}/{file}" for path, mount in mounts.items() for file in generated["files"]
              if volumes[mount["name"]].get("configMap", {}).get("name") == generated["name"]]
    if container["args"][-1:] != config:
        found.append(f"daemonset.yaml: alloy reads {container['args'][-1:]}, mounted is {config}")
    storage = [argument.partition("=")[2] for argument in container["args"] if argument.startswith("--storage.path=")]
    if not storage or "emptyDir" not in volumes.get(mounts.get(storage[0], {}).get("name"), {}):
        found.append(f"daemonset.yaml: {storage} is no place where alloy can write")

    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    (write,) = [block for block in blocks if block.kind == "loki.write"]
    url = alloy.evaluated(write.blocks[0].attributes["url"], environment)
    objects = {one["kind"]: one for one in yaml.safe_load_all(texts["loki-service.yaml"])}
    loki, policy = objects["Service"], objects["NetworkPolicy"]
    wanted = f"http://{loki['metadata']['name']}.{loki['metadata']['namespace']}:{loki['spec']['ports'][0]['port']}/loki/api/v1/push"
    if url != wanted:
        found.append(f"daemonset.yaml: sends to {url}; Loki's Service is at {wanted}")
    admitted = [peer.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name")
                for rule in policy["spec"]["ingress"] for peer in rule["from"]]
    if daemonset["metadata"]["namespace"] not in admitted:
        found.append(f"daemonset.yaml: Loki's NetworkPolicy admits {admitted}, not {daemonset['metadata']['namespace']}")
    return found
