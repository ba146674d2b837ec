// RubiCRM with fetch, in the classic framing of the vendor's browser sample: one field without a name, JSON in JSON.
import './localhost.mjs'
import { readFileSync } from 'node:fs'

const door = JSON.parse(readFileSync(process.argv[2])).rubicrm

async function call(method, values, session) {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }
  if (session) headers['Doorward-Session'] = session
  const body = new URLSearchParams({ '': JSON.stringify([...values, door.api_key]) }).toString()
  const response = await fetch(`http://${door.host}/api/${method}`, { method: 'POST', headers, body })
  const answer = JSON.parse(await response.json())
  if (response.status !== 200) throw new Error('the classic framing is always HTTP 200')
  return { headers: response.headers, code: answer.ResponseCode, message: JSON.parse(answer.ResponseMessage) }
}

const { emailaddress, password } = door.verified
const wrong = await call('Login', [emailaddress, btoa('not this one')])
console.log('wrong password', wrong.code, JSON.stringify(wrong.message))
const login = await call('Login', [emailaddress, btoa(password)])
const [contact] = login.message
console.log('login', login.code, contact.FirstName, contact.Company)
const session = login.headers.get('Doorward-Session')
const consent = await call('UserActions', [contact.uid, 'UserConsent', '[]'], session)
console.log('consent', consent.code, consent.message)
const again = await call('Login', [emailaddress, btoa(password)])
console.log('login again', again.code, 'consent', again.message[0].ConsentReceived)
