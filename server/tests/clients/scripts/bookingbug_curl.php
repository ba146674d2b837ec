<?php
// BookingBug with PHP's curl: multipart as in the seed's PHP sample, an application without a key.

$door = json_decode(file_get_contents($argv[1]))->bookingbug;
$login_url = "http://$door->host$door->base_path/login";

function call(string $method, string $url, ?array $fields = null, ?string $token = null): array
{
    global $door;
    $headers = ['cache-control: no-cache', "app-id: $door->keyless_app_id"];
    if ($token !== null) {
        $headers[] = "auth-token: $token";
    }
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
    ]);
    if ($fields !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $fields); // an array goes out as multipart/form-data
    }
    $body = json_decode(curl_exec($curl));
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $body];
}

$owner = ['email' => $door->owner->email, 'password' => $door->owner->password];
[$status, $body] = call('POST', $login_url, ['password' => 'not this one'] + $owner);
echo "wrong password $status $body->error\n";
[$status, $login] = call('POST', $login_url, $owner);
echo "login $status $login->email $login->company_id\n";
$token = $login->auth_token;
$href = $login->_links->administrator->href;
[$status, $body] = call('GET', $href, token: $token);
echo "administrator $status $body->name\n";
[$status] = call('DELETE', $login_url, token: $token);
echo "logout $status\n";
[$status, $body] = call('GET', $href, token: $token);
echo "after logout $status $body->error\n";
