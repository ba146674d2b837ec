"""LeadSquared with Python's urllib, with the JSON content type that many callers put on every request."""

import json
import sys
import urllib.error
import urllib.request
from urllib.parse import urlencode

demo = json.load(open(sys.argv[1]))
door = demo["leadsquared"]
URL = demo["base"] + "/v2/Authentication.svc/UserByAccessKey.Get"
key, secret = door["access_key"], door["secret_key"]


def call(query="", headers={}, host=door["host"]):
    headers = {"Host": host, "Content-Type": "application/json", **headers}
    try:
        with urllib.request.urlopen(urllib.request.Request(URL + query, headers=headers)) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


pair = {"x-LSQ-AccessKey": key, "x-LSQ-SecretKey": secret}
status, body = call(f"?accessKey={key}&secretKey={secret}")
print("raw dollar", status, body["OrgDisplayName"])
status, body = call("?" + urlencode({"accessKey": key, "secretKey": secret}))
print("escaped dollar", status, body["OrgDisplayName"])
status, body = call(headers=pair)
print("headers", status, body["OrgDisplayName"])
status, body = call(headers=pair, host=door["other_region_hosts"][0])
print("another region", status, body["LSQCommonServiceURLs"]["api"])
status, body = call(headers={**pair, "x-LSQ-SecretKey": "not-this-one"})
print("wrong secret", status, body["ExceptionType"])
