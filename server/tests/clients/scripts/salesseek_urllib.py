"""SalesSeek with Python's urllib: JSON bodies, the cookie kept by a cookie jar, errors as exceptions."""

import json
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

demo = json.load(open(sys.argv[1]))
door = demo["salesseek"]
jar = CookieJar()
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def call(method, path, body=None):
    headers = {"Host": door["host"], "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(demo["base"] + path, data, headers, method=method)
    try:
        with opener.open(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


admin = door["admin"]
status, body = call("POST", "/api/login", dict(admin, password="not this one"))
print("wrong password", status, body["detail"])
status, user = call("POST", "/api/login", admin)
print("login", status, user["name"])
status, body = call("GET", "/api/" + user["uri"])
print("user", status, body["email_address"])
asked = {"email_address": door["user"]["email_address"], "callback_url": door["callback_url"]}
status, body = call("POST", "/api/forgotten", asked)
print("forgotten", status, json.dumps(body))
status, body = call("DELETE", "/api/logout")
print("logout", status, json.dumps(body))
assert not list(jar), "logging out takes the cookie away"
status, body = call("GET", "/api/" + user["uri"])
print("after logout", status, body["detail"])
