# LeadSquared with Ruby's Net::HTTP.
require 'json'
require 'net/http'

demo = JSON.parse(File.read(ARGV.fetch(0)))
DOOR = demo['leadsquared']
BASE = URI(demo['base'])
PATH = '/v2/Authentication.svc/UserByAccessKey.Get'
key, secret = DOOR.values_at('access_key', 'secret_key')

def call(query: '', headers: {}, host: DOOR['host'])
  request = Net::HTTP::Get.new(PATH + query, { 'Host' => host, **headers })
  response = Net::HTTP.start(BASE.host, BASE.port) { |http| http.request(request) }
  [response.code, JSON.parse(response.body)]
end

pair = { 'x-LSQ-AccessKey' => key, 'x-LSQ-SecretKey' => secret }
status, body = call(query: "?accessKey=#{key}&secretKey=#{secret}")
puts "raw dollar #{status} #{body['OrgDisplayName']}"
status, body = call(query: "?#{URI.encode_www_form(accessKey: key, secretKey: secret)}")
puts "escaped dollar #{status} #{body['OrgDisplayName']}"
status, body = call(headers: pair)
puts "headers #{status} #{body['OrgDisplayName']}"
status, body = call(headers: pair, host: DOOR['other_region_hosts'].first)
puts "another region #{status} #{body.dig('LSQCommonServiceURLs', 'api')}"
status, body = call(headers: pair.merge('x-LSQ-SecretKey' => 'not-this-one'))
puts "wrong secret #{status} #{body['ExceptionType']}"
