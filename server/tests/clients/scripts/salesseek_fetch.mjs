// SalesSeek with fetch, as a page with jQuery sends it: urlencoded in UTF-8, the `email` alias of a later sample.
import './localhost.mjs'
import { readFileSync } from 'node:fs'

const door = JSON.parse(readFileSync(process.argv[2])).salesseek

async function call(method, path, { fields, cookie } = {}) {
  const headers = {}
  if (fields) headers['Content-Type'] = 'application/x-www-form-urlencoded; charset=UTF-8'
  if (cookie) headers.Cookie = cookie
  const body = fields && new URLSearchParams(fields).toString()
  const response = await fetch(`http://${door.host}/api/${path}`, { method, headers, body })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const { email_address: email, password } = door.admin
const wrong = await call('POST', 'login', { fields: { email, password: 'not this one' } })
console.log('wrong password', wrong.status, wrong.body.detail)
const login = await call('POST', 'login', { fields: { email, password } })
console.log('login', login.status, login.body.name)
const cookie = login.headers.getSetCookie()[0].split(';')[0]
const user = await call('GET', login.body.uri, { cookie })
console.log('user', user.status, user.body.email_address)
const asked = { email_address: door.user.email_address, callback_url: door.callback_url }
const forgotten = await call('POST', 'forgotten', { fields: asked })
console.log('forgotten', forgotten.status, forgotten.body)
const logout = await call('DELETE', 'logout', { cookie })
console.log('logout', logout.status, logout.body)
const after = await call('GET', login.body.uri, { cookie })
console.log('after logout', after.status, after.body.detail)
