<?php
// LeadSquared with PHP's curl.

$door = json_decode(file_get_contents($argv[1]))->leadsquared;

function call(string $query = '', array $headers = [], ?string $host = null): array
{
    global $door;
    $host ??= $door->host;
    $curl = curl_init("http://$host/v2/Authentication.svc/UserByAccessKey.Get$query");
    curl_setopt_array($curl, [CURLOPT_HTTPHEADER => $headers, CURLOPT_RETURNTRANSFER => true]);
    $body = json_decode(curl_exec($curl));
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $body];
}

$key = ['accessKey' => $door->access_key, 'secretKey' => $door->secret_key];
$access = "x-LSQ-AccessKey: $door->access_key";
$secret = "x-LSQ-SecretKey: $door->secret_key";
[$status, $body] = call("?accessKey=$door->access_key&secretKey=$door->secret_key");
echo "raw dollar $status $body->OrgDisplayName\n";
[$status, $body] = call('?' . http_build_query($key));
echo "escaped dollar $status $body->OrgDisplayName\n";
[$status, $body] = call(headers: [$access, $secret]);
echo "headers $status $body->OrgDisplayName\n";
[$status, $body] = call(headers: [$access, $secret], host: $door->other_region_hosts[0]);
echo "another region $status {$body->LSQCommonServiceURLs->api}\n";
[$status, $body] = call(headers: [$access, 'x-LSQ-SecretKey: not-this-one']);
echo "wrong secret $status $body->ExceptionType\n";
