<?php
// RubiCRM with PHP's curl: multipart by name, and the paths without /api.

$door = json_decode(file_get_contents($argv[1]))->rubicrm;

function call(string $method, array $fields, array $headers = []): array
{
    global $door;
    $curl = curl_init("http://$door->host/$method");
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => $fields + ['apikey' => $door->api_key], // an array goes out as multipart/form-data
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HEADER => true,
    ]);
    [$head, $text] = explode("\r\n\r\n", curl_exec($curl), 2);
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($text)->ResponseMessage, $head];
}

function login(string $password): array
{
    global $door;
    $fields = ['emailaddress' => $door->verified->emailaddress, 'password' => base64_encode($password)];
    return call('Login', $fields);
}

[$status, $message] = login('not this one');
echo "wrong password $status ", json_encode($message), "\n";
[$status, [$contact], $head] = login($door->verified->password);
echo "login $status $contact->FirstName $contact->Company\n";
preg_match('/^Doorward-Session:\s*(\S+)/mi', $head, $found);
$fields = ['uid' => $contact->uid, 'calltype' => 'UserConsent', 'updatevalues' => '[]'];
[$status, $message] = call('UserActions', $fields, ["Doorward-Session: $found[1]"]);
echo "consent $status ", json_encode($message), "\n";
[$status, [$contact]] = login($door->verified->password);
echo "login again $status consent ", json_encode($contact->ConsentReceived), "\n";
