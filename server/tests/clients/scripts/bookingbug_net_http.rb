# BookingBug with Ruby's Net::HTTP: the seed's Ruby sample with its hand-made multipart body.
require 'json'
require 'net/http'

demo = JSON.parse(File.read(ARGV.fetch(0)))
DOOR = demo['bookingbug']
BASE = URI(demo['base'])
LOGIN = "#{DOOR['base_path']}/login"

def call(kind, path, body: nil, token: nil)
  request = kind.new(path)
  request['Host'] = DOOR['host']
  request['app-id'] = DOOR['app_id']
  request['app-key'] = DOOR['app_key']
  request['cache-control'] = 'no-cache'
  request['auth-token'] = token if token
  if body
    request['content-type'] = 'multipart/form-data; boundary=---011000010111000001101001'
    request.body = body
  end
  response = Net::HTTP.start(BASE.host, BASE.port) { |http| http.request(request) }
  [response, JSON.parse(response.body)]
end

def form(email, password)
  "-----011000010111000001101001\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n#{email}\r\n" \
    "-----011000010111000001101001\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n#{password}\r\n" \
    '-----011000010111000001101001--'
end

email, password = DOOR['owner'].values_at('email', 'password')
response, body = call(Net::HTTP::Post, LOGIN, body: form(email, 'not this one'))
puts "wrong password #{response.code} #{body['error']}"
response, login = call(Net::HTTP::Post, LOGIN, body: form(email, password))
puts "login #{response.code} #{login['email']} #{login['company_id']}"
token = response['Auth-Token']
administrator = URI(login.dig('_links', 'administrator', 'href')).path
response, body = call(Net::HTTP::Get, administrator, token: token)
puts "administrator #{response.code} #{body['name']}"
response, = call(Net::HTTP::Delete, LOGIN, token: token)
puts "logout #{response.code}"
response, body = call(Net::HTTP::Get, administrator, token: token)
puts "after logout #{response.code} #{body['error']}"
