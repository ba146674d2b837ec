"""LeadSquared with Python's http.client."""

import http.client
import json
import sys
from urllib.parse import quote, urlsplit

demo = json.load(open(sys.argv[1]))
door = demo["leadsquared"]
address = urlsplit(demo["base"]).netloc
PATH = "/v2/Authentication.svc/UserByAccessKey.Get"
key, secret = door["access_key"], door["secret_key"]


def call(query="", headers={}, host=door["host"]):
    connection = http.client.HTTPConnection(address)
    connection.request("GET", PATH + query, headers={"Host": host, **headers})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


pair = {"x-LSQ-AccessKey": key, "x-LSQ-SecretKey": secret}
status, body = call(f"?accessKey={key}&secretKey={secret}")
print("raw dollar", status, body["OrgDisplayName"])
status, body = call(f"?accessKey={quote(key)}&secretKey={secret}")
print("escaped dollar", status, body["OrgDisplayName"])
status, body = call(headers=pair)
print("headers", status, body["OrgDisplayName"])
status, body = call(headers=pair, host=door["other_region_hosts"][0])
print("another region", status, body["LSQCommonServiceURLs"]["api"])
status, body = call(headers={**pair, "x-LSQ-SecretKey": "not-this-one"})
print("wrong secret", status, body["ExceptionType"])
