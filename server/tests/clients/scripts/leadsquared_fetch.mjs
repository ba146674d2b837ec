// LeadSquared with fetch.
import './localhost.mjs'
import { readFileSync } from 'node:fs'

const door = JSON.parse(readFileSync(process.argv[2])).leadsquared
const { access_key: accessKey, secret_key: secretKey } = door

async function call({ query = '', headers = {}, host = door.host }) {
  const response = await fetch(`http://${host}/v2/Authentication.svc/UserByAccessKey.Get${query}`, { headers })
  return { status: response.status, body: await response.json() }
}

const pair = { 'x-LSQ-AccessKey': accessKey, 'x-LSQ-SecretKey': secretKey }
const raw = await call({ query: `?accessKey=${accessKey}&secretKey=${secretKey}` })
console.log('raw dollar', raw.status, raw.body.OrgDisplayName)
const escaped = await call({ query: '?' + new URLSearchParams({ accessKey, secretKey }) })
console.log('escaped dollar', escaped.status, escaped.body.OrgDisplayName)
const headers = await call({ headers: pair })
console.log('headers', headers.status, headers.body.OrgDisplayName)
const elsewhere = await call({ headers: pair, host: door.other_region_hosts[0] })
console.log('another region', elsewhere.status, elsewhere.body.LSQCommonServiceURLs.api)
const wrong = await call({ headers: { ...pair, 'x-LSQ-SecretKey': 'not-this-one' } })
console.log('wrong secret', wrong.status, wrong.body.ExceptionType)
