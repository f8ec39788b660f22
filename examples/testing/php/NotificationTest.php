<?php
// Your code against a private Kobikom: phpunit NotificationTest.php, or without PHPUnit: php NotificationTest.php
declare(strict_types=1);

require_once __DIR__ . '/Kobikom.php';

if (!class_exists(PHPUnit\Framework\TestCase::class)) {
    require __DIR__ . '/without-phpunit.php';
}

/** The code under test. Replace it by your own. True if sent, false if refused, null if that is unknown. */
function notify(string $url, string $user, string $password, string $number, string $text): ?bool
{
    $text = htmlspecialchars($text, ENT_XML1 | ENT_QUOTES, 'UTF-8');
    $answer = @file_get_contents("$url/api/sendsms/xml/", false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/xml; charset=UTF-8',
        'content' => "<SMS><dogrulama><kullanici>$user</kullanici><parola>$password</parola></dogrulama><mesajiniz>"
            . "<metin>$text</metin><alicilar><gsm>$number</gsm></alicilar></mesajiniz></SMS>",
        'timeout' => 10,
    ]]));
    return $answer === false ? null : str_contains($answer, '<status>0</status>');
}

final class NotificationTest extends PHPUnit\Framework\TestCase
{
    private Kobikom $kobikom;

    protected function setUp(): void
    {
        $this->kobikom = new Kobikom(getenv('KOBIKOM_URL') ?: 'http://127.0.0.1:8080');
    }

    protected function tearDown(): void
    {
        $this->kobikom->close();
    }

    private function notify(string $text): ?bool
    {
        return notify($this->kobikom->baseUrl, $this->kobikom->user, $this->kobikom->password, '905329975725', $text);
    }

    public function testACodeIsSent(): void
    {
        self::assertTrue($this->notify('Kodunuz 1234'));
        $message = $this->kobikom->waitFor(['to' => '90532*', 'text' => '*1234*']);
        self::assertSame('sent', $message['status']);
        $this->kobikom->advance(1);
        self::assertSame('DELIVERED', $this->kobikom->waitFor(['text' => '*1234*'])['status']);
    }

    public function testNoCreditIsNoticed(): void
    {
        $this->kobikom->failNext(-2);
        self::assertFalse($this->notify('Kodunuz 1234'));
        self::assertTrue($this->kobikom->sentNothing(['text' => '*1234*']));
    }

    public function testALostAnswerIsNotSentTwice(): void
    {
        $this->kobikom->loseNextAnswer();
        self::assertNull($this->notify('Kodunuz 1234'));
        self::assertSame('accepted', $this->kobikom->journal()[0]['outcome']);
        self::assertFalse($this->kobikom->sentNothing());
    }
}

if (class_exists(WithoutPhpunit::class)) {
    exit(WithoutPhpunit::run(NotificationTest::class));
}
