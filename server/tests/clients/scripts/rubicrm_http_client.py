"""RubiCRM with Python's http.client: JSON by name."""

import http.client
import json
import sys
from base64 import b64encode
from urllib.parse import urlsplit

demo = json.load(open(sys.argv[1]))
door = demo["rubicrm"]
address = urlsplit(demo["base"]).netloc


def call(method, session=None, **fields):
    headers = {"Host": door["host"], "Content-Type": "application/json"}
    if session:
        headers["Doorward-Session"] = session
    connection = http.client.HTTPConnection(address)
    connection.request("POST", "/api/" + method, json.dumps(dict(fields, apikey=door["api_key"])), headers)
    response = connection.getresponse()
    body = json.loads(response.read())
    assert response.status == body["ResponseCode"]
    return response, body["ResponseMessage"]


def login(password):
    encoded = b64encode(password.encode()).decode()
    return call("Login", emailaddress=door["verified"]["emailaddress"], password=encoded)


response, message = login("not this one")
print("wrong password", response.status, json.dumps(message))
response, [contact] = login(door["verified"]["password"])
print("login", response.status, contact["FirstName"], contact["Company"])
session = response.getheader("Doorward-Session")
response, message = call("UserActions", session, uid=contact["uid"], calltype="UserConsent", updatevalues="[]")
print("consent", response.status, json.dumps(message))
response, [contact] = login(door["verified"]["password"])
print("login again", response.status, "consent", json.dumps(contact["ConsentReceived"]))
