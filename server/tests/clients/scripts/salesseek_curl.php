<?php
// SalesSeek with PHP's curl, as a plug-in in the field does it: one host for every tenant and a ClientId header,
// multipart login, the first Set-Cookie found by a regular expression and cut at its semicolon, later bodies in JSON that
// call themselves urlencoded.

$door = json_decode(file_get_contents($argv[1]))->salesseek;
[$client, $host] = explode('.', $door->host, 2);

function call(string $method, string $path, array $headers = [], mixed $body = null): array
{
    global $client, $host;
    $curl = curl_init("http://$host/api/$path");
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => ["ClientId: $client", ...$headers],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HEADER => true,
    ]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body); // an array goes out as multipart/form-data
    }
    [$head, $text] = explode("\r\n\r\n", curl_exec($curl), 2);
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($text), $head];
}

$admin = (array) $door->admin;
[$status, $body] = call('POST', 'login', [], ['password' => 'not this one'] + $admin);
echo "wrong password $status $body->detail\n";
[$status, $user, $head] = call('POST', 'login', [], $admin);
echo "login $status $user->name\n";
preg_match('/^Set-Cookie:\s*([^;\r\n]*)/mi', $head, $found);
$cookie = "Cookie: $found[1]";
[$status, $body] = call('GET', $user->uri, [$cookie]);
echo "user $status $body->email_address\n";
$asked = ['email_address' => $door->user->email_address, 'callback_url' => $door->callback_url];
[$status, $body] = call('POST', 'forgotten', [$cookie], json_encode($asked)); // a text goes out as urlencoded
echo "forgotten $status ", json_encode($body), "\n";
[$status, $body] = call('DELETE', 'logout', [$cookie]);
echo "logout $status ", json_encode($body), "\n";
[$status, $body] = call('GET', $user->uri, [$cookie]);
echo "after logout $status $body->detail\n";
