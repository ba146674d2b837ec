"""RubiCRM with Python's urllib: a urlencoded form by name, the password in the URL-safe alphabet."""

import json
import sys
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from urllib.parse import urlencode

demo = json.load(open(sys.argv[1]))
door = demo["rubicrm"]


def call(method, session=None, **fields):
    headers = {"Host": door["host"]}
    if session:
        headers["Doorward-Session"] = session
    data = urlencode(dict(fields, apikey=door["api_key"])).encode()
    try:
        response = urllib.request.urlopen(urllib.request.Request(f"{demo['base']}/api/{method}", data, headers))
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return response, json.load(response)["ResponseMessage"]


def login(password):
    encoded = urlsafe_b64encode(password.encode()).decode()
    return call("Login", emailaddress=door["verified"]["emailaddress"], password=encoded)


response, message = login("not this one")
print("wrong password", response.status, json.dumps(message))
response, [contact] = login(door["verified"]["password"])
print("login", response.status, contact["FirstName"], contact["Company"])
session = response.headers["Doorward-Session"]
response, message = call("UserActions", session, uid=contact["uid"], calltype="UserConsent")
print("consent", response.status, json.dumps(message))
response, [contact] = login(door["verified"]["password"])
print("login again", response.status, "consent", json.dumps(contact["ConsentReceived"]))
