"""Signs in as `aws login` does, with botocore's own code, and keeps the credentials alive.

Reads one JSON object a line from standard input and answers each with one: `authorize` tells the address of the page, `code`
exchanges what came back and writes the cache file, `who` asks STS through the profile that is the first argument.
"""

import base64
import datetime
import hashlib
import json
import os
import pathlib
import sys
import textwrap
import uuid

import boto3
import botocore
import botocore.config
import botocore.credentials
import botocore.session
from awscrt.crypto import EC, ECExportFormat, ECType
from botocore.exceptions import BotoCoreError, ClientError

CLIENT = "arn:aws:signin:::devtools/same-device"
REDIRECT = "http://127.0.0.1:4711/oauth/callback"

verifier = uuid.uuid4().hex + uuid.uuid4().hex
key = EC.new_generate(ECType.P_256)


def authorize():
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return (
        "https://us-east-1.signin.aws.amazon.com/v1/authorize?response_type=code"
        f"&client_id={CLIENT}&state=s&code_challenge_method=SHA-256&scope=openid"
        f"&redirect_uri={REDIRECT}&code_challenge={challenge}"
    )


def code(text):
    session = botocore.session.Session()
    config = botocore.config.Config(signature_version=botocore.UNSIGNED)
    client = session.create_client("signin", region_name="us-east-1", config=config)
    proof = botocore.credentials._build_add_dpop_header_handler(key)
    client.meta.events.register("before-call.signin.CreateOAuth2Token", proof)
    output = client.create_o_auth2_token(
        tokenInput={
            "clientId": CLIENT,
            "grantType": "authorization_code",
            "code": text,
            "redirectUri": REDIRECT,
            "codeVerifier": verifier,
        }
    )["tokenOutput"]
    payload = output["idToken"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    # Long over, so that the next use of the profile has to renew it.
    expired = datetime.datetime(2020, 1, 1).strftime("%Y-%m-%dT%H:%M:%SZ")
    token = {
        "accessToken": {**output["accessToken"], "accountId": claims["sub"].split(":")[4], "expiresAt": expired},
        "tokenType": output["tokenType"],
        "clientId": CLIENT,
        "refreshToken": output["refreshToken"],
        "idToken": output["idToken"],
        "dpopKey": "-----BEGIN EC PRIVATE KEY-----\n"
        + textwrap.fill(base64.b64encode(key.export_key(ECExportFormat.SEC1)).decode(), 64)
        + "\n-----END EC PRIVATE KEY-----\n",
    }
    name = hashlib.sha256(claims["sub"].encode()).hexdigest()
    folder = pathlib.Path(os.environ["HOME"], ".aws/login/cache")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(token))
    return claims["sub"]


def who():
    sts = boto3.Session(profile_name=sys.argv[1]).client("sts")
    return sts.get_caller_identity()["Arn"]


for line in sys.stdin:
    request = json.loads(line)
    try:
        if request["do"] == "authorize":
            answer = authorize()
        elif request["do"] == "code":
            answer = code(request["code"])
        else:
            answer = who()
        print(json.dumps({"ok": answer}), flush=True)
    except (BotoCoreError, ClientError) as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
