"""BookingBug with Python's http.client: the seed's own multipart body, byte for byte."""

import http.client
import json
import sys
from urllib.parse import urlsplit

demo = json.load(open(sys.argv[1]))
door = demo["bookingbug"]
address = urlsplit(demo["base"]).netloc
BOUNDARY = "---011000010111000001101001"


def call(method, path, body=None, token=None):
    headers = {"Host": door["host"], "app-id": door["app_id"], "app-key": door["app_key"]}
    headers["cache-control"] = "no-cache"
    if body:
        headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
    if token:
        headers["auth-token"] = token
    connection = http.client.HTTPConnection(address)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response, json.loads(response.read())


def form(email, password):
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return part % ("email", email) + part % ("password", password) + f"--{BOUNDARY}--"


login_path = door["base_path"] + "/login"
owner = door["owner"]
response, body = call("POST", login_path, form(owner["email"], "not this one"))
print("wrong password", response.status, body["error"])
response, login = call("POST", login_path, form(owner["email"], owner["password"]))
print("login", response.status, login["email"], login["company_id"])
token = response.getheader("Auth-Token")
assert token == login["auth_token"], "the token is in the header and in the body"
administrator = urlsplit(login["_links"]["administrator"]["href"]).path
response, body = call("GET", administrator, token=token)
print("administrator", response.status, body["name"])
response, body = call("DELETE", login_path, token=token)
print("logout", response.status)
response, body = call("GET", administrator, token=token)
print("after logout", response.status, body["error"])
