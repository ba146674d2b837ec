-- Forward authentication for HAProxy: asks Doorward who is calling, and lets nobody through without its word.
-- Loaded by haproxy.cfg beside it.

local ask = "http://127.0.0.1:8080/verify/forward-auth"

-- Slower than this, Doorward counts as gone. HAProxy asks up to four times, so a client waits four times as long.
local patience_ms = 1000

-- What the service is told. haproxy.cfg has removed each from what the client sent.
local identity = {
  "x-doorward-route", "x-doorward-person", "x-doorward-tenant", "x-doorward-company", "x-doorward-roles",
  "x-doorward-application", "x-doorward-door", "x-doorward-session", "x-doorward-scopes", "x-doorward-assertion",
  "remote-user", "remote-groups", "remote-name", "remote-email",
  "x-auth-request-user", "x-auth-request-email", "x-auth-request-groups", "x-auth-request-preferred-username",
  "x-forwarded-user", "x-forwarded-email", "x-forwarded-groups", "x-forwarded-preferred-username",
}

-- What the client is told when it is refused; why is not for them.
local told = { "www-authenticate", "location", "retry-after" }

-- Belongs to the client's own connection and body, or is said by us.
local not_asked = {
  ["host"] = true, ["connection"] = true, ["content-length"] = true, ["transfer-encoding"] = true,
  ["keep-alive"] = true, ["te"] = true, ["trailer"] = true, ["upgrade"] = true, ["expect"] = true,
  ["x-forwarded-method"] = true, ["x-forwarded-uri"] = true,
}

local function first(headers, name)
  local values = headers and headers[name]
  return values and values[0]
end

local function refuse(txn, status, headers)
  local reply = txn:reply({ status = status })
  for _, name in ipairs(told) do
    local value = first(headers, name)
    if value then reply:add_header(name, value) end
  end
  txn:done(reply)
end

core.register_action("doorward", { "http-req" }, function(txn)
  local headers = {}
  for name, values in pairs(txn.http:req_get_headers()) do
    if not not_asked[name] then
      local copy = {}
      for _, value in pairs(values) do copy[#copy + 1] = value end
      headers[name] = copy
    end
  end
  headers["x-forwarded-method"] = { txn.f:method() }
  headers["x-forwarded-uri"] = { txn.f:pathq() }

  local client = core.httpclient()
  local asked, answer = pcall(client.get, client, { url = ask, headers = headers, timeout = patience_ms })
  local status = asked and answer and tonumber(answer.status) or 0
  if status >= 300 and status < 500 then
    return refuse(txn, status, answer.headers)
  end
  local route = first(answer and answer.headers, "x-doorward-route")
  -- A 200 that names no route did not come from Doorward.
  if status ~= 200 or not route or route == "" then
    return refuse(txn, 503)
  end
  for _, name in ipairs(identity) do
    local value = first(answer.headers, name)
    if value and value ~= "" then txn.http:req_set_header(name, value) end
  end
  txn:set_var("txn.doorward_vouched", true)
end)
