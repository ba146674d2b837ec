# SalesSeek with Ruby's Net::HTTP, urlencoded as rest-client sends it.
require 'json'
require 'net/http'

demo = JSON.parse(File.read(ARGV.fetch(0)))
DOOR = demo['salesseek']
BASE = URI(demo['base'])

def call(kind, path, fields: nil, cookie: nil)
  request = kind.new("/api/#{path}", { 'Host' => DOOR['host'] })
  request.set_form_data(fields) if fields
  request['Cookie'] = cookie if cookie
  response = Net::HTTP.start(BASE.host, BASE.port) { |http| http.request(request) }
  [response, JSON.parse(response.body)]
end

admin = DOOR['admin']
response, body = call(Net::HTTP::Post, 'login', fields: admin.merge('password' => 'not this one'))
puts "wrong password #{response.code} #{body['detail']}"
response, user = call(Net::HTTP::Post, 'login', fields: admin)
puts "login #{response.code} #{user['name']}"
cookie = response['Set-Cookie'].split(';').first
response, body = call(Net::HTTP::Get, user['uri'], cookie: cookie)
puts "user #{response.code} #{body['email_address']}"
asked = { 'email_address' => DOOR['user']['email_address'], 'callback_url' => DOOR['callback_url'] }
response, body = call(Net::HTTP::Post, 'forgotten', fields: asked)
puts "forgotten #{response.code} #{body.to_json}"
response, body = call(Net::HTTP::Delete, 'logout', cookie: cookie)
puts "logout #{response.code} #{body.to_json}"
response, body = call(Net::HTTP::Get, user['uri'], cookie: cookie)
puts "after logout #{response.code} #{body['detail']}"
