"""Signs in with authorization code and PKCE over botocore's clients, which the distribution's AWS CLI is too old for, and lets
botocore renew the token from the cache file that the AWS CLI would have written.

Prints the address of the page, reads the address to which the browser went, and prints what botocore makes of the rest.
"""

import base64
import datetime
import hashlib
import json
import os
import pathlib
import sys
import urllib.parse
import uuid

import boto3
import botocore
import botocore.config
import botocore.exceptions

START_URL, REGION, SESSION, PROFILE = sys.argv[1:]
REDIRECT = "http://127.0.0.1:4711/oauth/callback"
unsigned = botocore.config.Config(signature_version=botocore.UNSIGNED)
oidc = boto3.client("sso-oidc", region_name=REGION, config=unsigned)


def code_of(client, verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client["clientId"],
        "redirect_uri": REDIRECT,
        "state": str(uuid.uuid4()),
        "code_challenge_method": "S256",
        "scopes": "sso:account:access",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
    }
    address = f"https://oidc.{REGION}.amazonaws.com/authorize?{urllib.parse.urlencode(query)}"
    print(address, flush=True)
    location = urllib.parse.urlparse(sys.stdin.readline().strip())
    answer = dict(urllib.parse.parse_qsl(location.query))
    assert answer["state"] == query["state"], answer
    return answer["code"]


def save(client, token):
    name = hashlib.sha1(SESSION.encode()).hexdigest()
    folder = pathlib.Path(os.environ["HOME"], ".aws/sso/cache")
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.timezone.utc)

    def time(moment):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    lapses = datetime.datetime.fromtimestamp(client["clientSecretExpiresAt"], datetime.timezone.utc)
    content = {
        "startUrl": START_URL,
        "region": REGION,
        "accessToken": token["accessToken"],
        "expiresAt": time(now + datetime.timedelta(seconds=token["expiresIn"])),
        "clientId": client["clientId"],
        "clientSecret": client["clientSecret"],
        "registrationExpiresAt": time(lapses),
        "refreshToken": token["refreshToken"],
    }
    folder.joinpath(f"{name}.json").write_text(json.dumps(content))


def refusal(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return [error.response["Error"]["Code"], error.response.get("error")]


client = oidc.register_client(
    clientName="botocore-client-test",
    clientType="public",
    grantTypes=["authorization_code", "refresh_token"],
    redirectUris=["http://127.0.0.1/oauth/callback"],
    issuerUrl=START_URL,
    scopes=["sso:account:access"],
)
credentials = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
verifier = uuid.uuid4().hex + uuid.uuid4().hex
exchange = dict(
    credentials,
    grantType="authorization_code",
    redirectUri=REDIRECT,
    codeVerifier=verifier,
    code=code_of(client, verifier),
)
token = oidc.create_token(**exchange)
save(client, token)
portal = boto3.client("sso", region_name=REGION, config=unsigned)
accounts = portal.get_paginator("list_accounts").paginate(accessToken=token["accessToken"])
result = {
    "expires_in": token["expiresIn"],
    "accounts": [account["accountName"] for page in accounts for account in page["accountList"]],
    "used_code": refusal(oidc.create_token, **exchange),
    "wrong_client": refusal(oidc.create_token, **dict(exchange, clientSecret="x")),
    "wrong_token": refusal(portal.list_accounts, accessToken="x"),
    # The token ends within a quarter of an hour, so botocore renews it first.
    "arn": boto3.Session(profile_name=PROFILE).client("sts").get_caller_identity()["Arn"],
}
print(json.dumps(result))
