"""SalesSeek with Python's http.client: urlencoded bodies, the cookie carried by hand, a reset asked for as the seed does."""

import http.client
import json
import sys
from urllib.parse import urlencode, urlsplit

demo = json.load(open(sys.argv[1]))
door = demo["salesseek"]
address = urlsplit(demo["base"]).netloc


def call(method, path, fields=None, cookie=None):
    headers = {"Host": door["host"]}
    if fields is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if cookie:
        headers["Cookie"] = cookie
    connection = http.client.HTTPConnection(address)
    connection.request(method, path, urlencode(fields) if fields else None, headers)
    response = connection.getresponse()
    return response, json.loads(response.read())


admin = door["admin"]
response, body = call("POST", "/api/login", dict(admin, password="not this one"))
print("wrong password", response.status, body["detail"])
response, user = call("POST", "/api/login", admin)
print("login", response.status, user["name"])
cookie = response.getheader("Set-Cookie").split(";")[0]
response, body = call("GET", "/api/" + user["uri"], cookie=cookie)
print("user", response.status, body["email_address"])
asked = {"email_address": door["user"]["email_address"], "callback_url": door["callback_url"]}
response, body = call("DELETE", "/api/logout", asked)
print("forgotten", response.status, json.dumps(body))
response, body = call("DELETE", "/api/logout", cookie=cookie)
print("logout", response.status, json.dumps(body))
response, body = call("GET", "/api/" + user["uri"], cookie=cookie)
print("after logout", response.status, body["detail"])
