# RubiCRM with Ruby's Net::HTTP: the classic framing again, from a language without browsers.
require 'json'
require 'net/http'

demo = JSON.parse(File.read(ARGV.fetch(0)))
DOOR = demo['rubicrm']
BASE = URI(demo['base'])

def call(method, *values, session: nil)
  request = Net::HTTP::Post.new("/api/#{method}", { 'Host' => DOOR['host'] })
  request['Doorward-Session'] = session if session
  request.set_form_data('' => [*values, DOOR['api_key']].to_json)
  response = Net::HTTP.start(BASE.host, BASE.port) { |http| http.request(request) }
  answer = JSON.parse(JSON.parse(response.body))
  [response, answer['ResponseCode'], JSON.parse(answer['ResponseMessage'])]
end

def login(password)
  call('Login', DOOR['verified']['emailaddress'], [password].pack('m0'))
end

_, code, message = login('not this one')
puts "wrong password #{code} #{message.to_json}"
response, code, rows = login(DOOR['verified']['password'])
contact = rows.first
puts "login #{code} #{contact['FirstName']} #{contact['Company']}"
_, code, message = call('UserActions', contact['uid'], 'UserConsent', '[]', session: response['Doorward-Session'])
puts "consent #{code} #{message}"
_, code, rows = login(DOOR['verified']['password'])
puts "login again #{code} consent #{rows.first['ConsentReceived']}"
