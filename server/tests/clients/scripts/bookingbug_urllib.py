"""BookingBug with Python's urllib: JSON as in the seed's curl sample, with its content type on the logout, too."""

import json
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

demo = json.load(open(sys.argv[1]))
door = demo["bookingbug"]


def call(method, path, body=None, token=None):
    headers = {"Host": door["host"], "App-Id": door["app_id"], "App-Key": door["app_key"]}
    headers |= {"Content-Type": "application/json", "Cache-Control": "no-cache"}
    if token:
        headers["Auth-Token"] = token
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(demo["base"] + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


login_path = door["base_path"] + "/login"
owner = {"email": door["owner"]["email"], "password": door["owner"]["password"]}
status, body = call("POST", login_path, dict(owner, password="not this one"))
print("wrong password", status, body["error"])
status, login = call("POST", login_path, dict(owner, id=door["parent_company_id"]))
print("login", status, login["email"], login["company_id"])
token = login["auth_token"]
administrator = urlsplit(login["_links"]["administrator"]["href"]).path
status, body = call("GET", administrator, token=token)
print("administrator", status, body["name"])
status, body = call("DELETE", login_path, token=token)
print("logout", status)
status, body = call("GET", administrator, token=token)
print("after logout", status, body["error"])
