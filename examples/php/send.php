<?php
// Sends two messages and waits for their reports. Needs no extension: php examples/php/send.php
declare(strict_types=1);

$url = (getenv('KOBIKOM_URL') ?: 'http://127.0.0.1:8080') . '/api/sendsms/xml';

/** Posts a document and returns the answer. Do not repeat a send without checking: it may have been sent. */
function post(string $url, string $xml): string
{
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/xml; charset=UTF-8',
        'content' => $xml,
        'timeout' => 10,
    ]]);
    $answer = file_get_contents($url . '/', false, $context);
    if ($answer === false) {
        throw new RuntimeException('no answer: check before sending again');
    }
    return $answer;
}

/** The text escaped for XML: & becomes &amp; and < becomes &lt;. An unescaped text is refused with -22. */
function xml(string $text): string
{
    return htmlspecialchars($text, ENT_XML1 | ENT_QUOTES, 'UTF-8');
}

$login = '<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>';

preg_match('~<miktar>(.*?)</miktar>\s*<kur>(.*?)</kur>~', post($url, "<bakiye>$login</bakiye>"), $balance);
echo "balance: $balance[1] $balance[2]\n";

$text = xml('Sayın Ayşe, siparişiniz & faturanız yolda.');
$answer = post($url, "<SMS>$login<mesajiniz><baslik>Kobikom</baslik><metin>$text</metin>
<languageCode>ES</languageCode><type>longSMS</type>
<alicilar><gsm>905329975725</gsm><gsm>905990000003</gsm></alicilar></mesajiniz></SMS>");

// With the extension installed, simplexml_load_string is simpler.
preg_match_all(
    '~<status>(.*?)</status>\s*<messageid>(.*?)</messageid>\s*<destination>(.*?)</destination>~',
    $answer,
    $results,
    PREG_SET_ORDER,
);
$waiting = [];
foreach ($results as [, $status, $id, $number]) {
    echo "sent to $number: $status\n";
    if ($status !== '0') {
        exit("refused with $status: see docs/explain.md\n");
    }
    $waiting[$id] = $number;
}

// Each report is given once, so store it before anything else. NO_DATA means that no report is ready yet.
for ($try = 0; $waiting && $try < 50; $try++) {
    $reports = file_get_contents("$url/pull?" . http_build_query(['kullanici' => 'test', 'parola' => 'test']));
    preg_match_all('~<message id="(.*?)".*?status="(.*?)" gsmerror="(.*?)"~', (string) $reports, $matches, PREG_SET_ORDER);
    foreach ($matches as [, $id, $status, $error]) {
        echo "report for {$waiting[$id]}: $status $error\n";
        unset($waiting[$id]);
    }
    usleep($waiting ? 100_000 : 0);
}
exit($waiting ? 1 : 0);
