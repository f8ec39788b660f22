<?php
// The part of PHPUnit that NotificationTest.php uses, for machines without it. With PHPUnit this file is not loaded.
declare(strict_types=1);

namespace PHPUnit\Framework {
    abstract class TestCase
    {
        protected function setUp(): void
        {
        }

        protected function tearDown(): void
        {
        }

        public static function assertSame(mixed $expected, mixed $actual): void
        {
            if ($expected !== $actual) {
                throw new \Exception('expected ' . json_encode($expected) . ', got ' . json_encode($actual));
            }
        }

        public static function assertTrue(mixed $actual): void
        {
            self::assertSame(true, $actual);
        }

        public static function assertFalse(mixed $actual): void
        {
            self::assertSame(false, $actual);
        }

        public static function assertNull(mixed $actual): void
        {
            self::assertSame(null, $actual);
        }
    }
}

namespace {
    final class WithoutPhpunit
    {
        /** Runs each method whose name begins with test and returns the number of failures. */
        public static function run(string $class): int
        {
            $failed = 0;
            foreach (array_filter(get_class_methods($class), fn ($name) => str_starts_with($name, 'test')) as $name) {
                $test = new $class();
                (fn () => $this->setUp())->call($test);
                try {
                    $test->$name();
                    echo "ok $name\n";
                } catch (Throwable $error) {
                    $failed++;
                    echo "FAILED $name: {$error->getMessage()}\n";
                } finally {
                    (fn () => $this->tearDown())->call($test);
                }
            }
            return $failed;
        }
    }
}
