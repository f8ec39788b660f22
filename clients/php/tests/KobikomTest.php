<?php

// phpunit tests/KobikomTest.php, with an emulator at $KOBIKOM_URL.
declare(strict_types=1);

use KobikomEmulator\Testing\ControlRefused;
use KobikomEmulator\Testing\Kobikom;
use KobikomEmulator\Testing\UsesKobikom;
use PHPUnit\Framework\AssertionFailedError;
use PHPUnit\Framework\TestCase;

// Composer loads these by itself.
require_once __DIR__ . '/../src/Kobikom.php';
require_once __DIR__ . '/../src/UsesKobikom.php';

final class KobikomTest extends TestCase
{
    use UsesKobikom;

    protected function kobikomOptions(): array
    {
        return ['seed' => 7];
    }

    /** The code under test: true if it was sent, false if refused, null if that is unknown. */
    private function notify(string $text, string $number = '905329975725'): ?bool
    {
        $k = $this->kobikom;
        $answer = @file_get_contents("$k->baseUrl/api/sendsms/xml/", false, stream_context_create(['http' => [
            'method' => 'POST',
            'header' => 'Content-Type: application/xml; charset=UTF-8',
            'content' => "<SMS><dogrulama><kullanici>$k->user</kullanici><parola>$k->password</parola></dogrulama>"
                . "<mesajiniz><metin>$text</metin><alicilar><gsm>$number</gsm></alicilar></mesajiniz></SMS>",
            'timeout' => 10,
        ]]));
        return $answer === false ? null : str_contains($answer, '<status>0</status>');
    }

    public function testACodeIsSentAndDelivered(): void
    {
        self::assertTrue($this->notify('Kodunuz 1234'));
        self::assertSame('sent', $this->kobikom->waitFor(['to' => '90532*', 'text' => '*1234*'])['status']);
        self::assertSame('1234', $this->kobikom->waitForCode(['to' => '0532 997 57 25']));
        self::assertSame('2026-01-31T06:00:01+00:00', $this->kobikom->clock->advance(1)->format('c'));
        self::assertSame('DELIVERED', $this->kobikom->waitFor()['status']);
    }

    public function testARefusalIsNoticed(): void
    {
        $fault = $this->kobikom->faults->failNext(-2);
        self::assertFalse($this->notify('Kodunuz 1234'));
        self::assertSame(1, $this->kobikom->faults->fired($fault));
        $this->kobikom->assertNone(['text' => '*1234*']);
    }

    public function testALostAnswerIsNotSentTwice(): void
    {
        $this->kobikom->faults->loseNextAnswer();
        self::assertNull($this->notify('Kodunuz 1234'));
        self::assertCount(1, $this->kobikom->find());
        self::assertCount(1, $this->kobikom->journal()[0]['faults']);
    }

    public function testWhatIsMissingIsNamedWithTheNearestMiss(): void
    {
        $this->notify('Kodunuz 1234');
        try {
            $this->kobikom->waitFor(['text' => '*9999*'], timeout: 0);
        } catch (AssertionFailedError $failure) {
        }
        self::assertStringContainsString("text is 'Kodunuz 1234', not '*9999*'", $failure->getMessage());
        $this->expectException(AssertionFailedError::class);
        $this->expectExceptionMessage('Kodunuz 1234');
        $this->kobikom->assertNone();
    }

    public function testClockOutcomeAndCredit(): void
    {
        self::assertSame('2031', $this->kobikom->clock->set('2031-01-01T00:00:00Z')->format('Y'));
        $this->kobikom->account(['credit' => '1']);
        $this->notify('Bir');
        self::assertFalse($this->notify('Iki'));
        [$message] = $this->kobikom->waitForAll(1);
        self::assertSame('REJECTED', $this->kobikom->deliver($message, 'REJECTED')['status']);
        $this->kobikom->reset();
        self::assertSame([], $this->kobikom->find());
    }

    public function testTheJournalIsText(): void
    {
        $this->notify('Kodunuz 1234', '12');
        $expected = "/^space .*\n#1 send as {$this->kobikom->user}: refused -13\n    S-05: /";
        self::assertMatchesRegularExpression($expected, $this->kobikom->journalText());
    }

    public function testWrongOptionsAreRefused(): void
    {
        $this->expectExceptionObject(new ControlRefused(422, ['detail' => 'clock.set']));
        Kobikom::open(['clock' => 'no instant']);
    }
}
