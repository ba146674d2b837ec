// BookingBug with fetch and FormData: the seed's Node sample.
import './localhost.mjs'
import { readFileSync } from 'node:fs'

const door = JSON.parse(readFileSync(process.argv[2])).bookingbug
const loginUrl = `http://${door.host}${door.base_path}/login`

async function call(method, url, { fields, token } = {}) {
  const headers = { 'cache-control': 'no-cache', 'app-id': door.app_id, 'app-key': door.app_key }
  if (token) headers['auth-token'] = token
  let body
  if (fields) {
    body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
  }
  const response = await fetch(url, { method, headers, body })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const { email, password } = door.owner
const wrong = await call('POST', loginUrl, { fields: { email, password: 'not this one' } })
console.log('wrong password', wrong.status, wrong.body.error)
const login = await call('POST', loginUrl, { fields: { email, password } })
console.log('login', login.status, login.body.email, login.body.company_id)
const token = login.headers.get('Auth-Token')
const href = login.body._links.administrator.href
const administrator = await call('GET', href, { token })
console.log('administrator', administrator.status, administrator.body.name)
const logout = await call('DELETE', loginUrl, { token })
console.log('logout', logout.status)
const after = await call('GET', href, { token })
console.log('after logout', after.status, after.body.error)
