"""S3 by moto, which holds every call to its signature, and a proxy before it that can spoil what passes."""

import contextlib
import json
import socket
import threading
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from servers import System, free_port, wait

BUCKET, PREFIX, REGION = "backups", "redis/a", "eu-central-1"
MAY_ADD = ["s3:PutObject", "s3:GetObject", "s3:ListBucket"]


def policy(actions: list[str]) -> dict:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}


class Bucket:
    """A bucket, and the keys of a user who may use it."""

    def __init__(self, system: System):
        self.port = free_port()
        system.start("moto", ["moto_server", "-H", "127.0.0.1", "-p", self.port])
        # Authorisation is off until the user is made.
        admin = self.client("s3", "admin", "admin")
        wait("moto answers", lambda: self.answers(admin), 60)
        admin.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.iam = self.client("iam", "admin", "admin")
        self.id, self.secret = self.user("backup", [*MAY_ADD, "s3:DeleteObject"])
        self.adder = self.user("adder", MAY_ADD)
        self.guest = self.role("guest")
        urllib.request.urlopen(urllib.request.Request(
            f"http://127.0.0.1:{self.port}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"}), timeout=10)
        self.s3 = self.client("s3", self.id, self.secret)

    def user(self, name: str, actions: list[str]) -> tuple[str, str]:
        self.iam.create_user(UserName=name)
        self.iam.put_user_policy(UserName=name, PolicyName="s3", PolicyDocument=json.dumps(policy(actions)))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def role(self, name: str) -> dict:
        """Keys for an hour, which are worth nothing without their token."""
        trust = policy(["sts:AssumeRole"])
        trust["Statement"][0] = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        self.iam.put_role_policy(
            RoleName=name, PolicyName="s3", PolicyDocument=json.dumps(policy([*MAY_ADD, "s3:DeleteObject"])))
        return self.client("sts", "admin", "admin").assume_role(RoleArn=arn, RoleSessionName="night")["Credentials"]

    def client(self, service: str, key: str, secret: str):
        return boto3.client(
            service, endpoint_url=f"http://127.0.0.1:{self.port}", region_name=REGION, aws_access_key_id=key,
            aws_secret_access_key=secret, config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}))

    @staticmethod
    def answers(admin) -> bool:
        try:
            return bool(admin.list_buckets())
        except (BotoCoreError, ClientError):
            return False

    def environment(self, port: int | None = None) -> dict[str, str]:
        return {
            "BACKUP_S3_URL": f"http://127.0.0.1:{port or self.port}/{BUCKET}/{PREFIX}", "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}

    def names(self) -> set[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        keys = {item["Key"] for page in pages for item in page.get("Contents", [])}
        return {key.removeprefix(f"{PREFIX}/") for key in keys}

    def get(self, name: str) -> bytes:
        return self.s3.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{name}")["Body"].read()

    def put(self, name: str, body: bytes):
        self.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{name}", Body=body)

    def delete(self, name: str):
        self.s3.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/{name}")


class SpoilingProxy:
    """Passes connections on to moto. `fault` says what it does to them: see `spoil`."""

    def __init__(self, port: int):
        self.target = port
        self.fault = ""
        self.seen = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, client: socket.socket):
        with client, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.target)) as server:
            request = self.message(client)
            if not request:
                return
            head, body = request
            isData = head.startswith(b"PUT ") and b".rdb.gz HTTP" in head
            if isData and b"100-continue" in head.lower():
                client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            body += self.rest(client, head, body)
            head, body = self.spoil(head, body) if isData else (head, body)
            # One call a connection, so that each can be looked at.
            server.sendall(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + body)
            answer = b""
            while chunk := server.recv(65536):
                answer += chunk
            if self.fault in {"no-checksum", "flip"}:
                kept = [line for line in answer.split(b"\r\n") if not line.lower().startswith(b"x-amz-checksum-sha256")]
                answer = b"\r\n".join(kept)
            client.sendall(answer)

    @staticmethod
    def message(client: socket.socket) -> tuple[bytes, bytes] | None:
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = client.recv(65536)
            if not chunk:
                return None
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n", body

    @staticmethod
    def rest(client: socket.socket, head: bytes, body: bytes) -> bytes:
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        missing = int(fields.get(b"content-length", b"0")) - len(body)
        rest = b""
        while len(rest) < missing:
            chunk = client.recv(65536)
            if not chunk:
                break
            rest += chunk
        return rest

    def spoil(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        self.seen += 1
        # The server would refuse what is not as the checksums say: they go too, as with one that knows none.
        if self.fault == "flip":
            body = body[:-1] + bytes([body[-1] ^ 1])
        elif self.fault == "cut":
            head = head.replace(b"Content-Length: %d" % len(body), b"Content-Length: %d" % (len(body) - 5))
            body = body[:-5]
        elif self.fault == "slow":
            time.sleep(1)
        return head, body
