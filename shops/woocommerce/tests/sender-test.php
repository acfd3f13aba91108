<?php
/**
 * Sending in the background, and a Ripresa that is away.
 *
 * @package Ripresa
 */

use PHPUnit\Framework\TestCase;

class SenderTest extends TestCase {

	private static function queue( $number, $text = 'x' ) {
		for ( $each = 0; $each < $number; $each++ ) {
			Ripresa_Queue::put( array( 'id' => "e$each", 'text' => $text ) );
		}
	}

	private static function answer( $status, array $headers = array() ) {
		World::$now->answers[] = array( 'status' => $status, 'headers' => $headers );
	}

	public function test_what_waits_is_sent_in_order_signed_and_gone() {
		new Shop();
		self::queue( 150 );
		Ripresa_Sender::run();
		$this->assertCount( 2, World::$now->calls );
		list( $url, $given ) = World::$now->calls[0];
		$this->assertSame( 'https://ripresa.example/hooks/woocommerce/abc', $url );
		$this->assertSame( 0, $given['redirection'] );
		$this->assertSame( 'ripresa.events', $given['headers']['X-WC-Webhook-Topic'] );
		$signature = base64_encode( hash_hmac( 'sha256', $given['body'], 's3cret', true ) );
		$this->assertSame( $signature, $given['headers']['X-WC-Webhook-Signature'] );
		$sent = json_decode( $given['body'], true );
		$this->assertSame( array( 'e0', 'e99' ), array( $sent[0]['id'], $sent[99]['id'] ) );
		$this->assertSame( 0, Ripresa_Queue::count() );
		$this->assertGreaterThan( 0, Ripresa_Sender::state()['sent_at'] );
	}

	public function test_a_call_stays_small() {
		new Shop();
		self::queue( 5, str_repeat( 'x', 100000 ) );
		Ripresa_Sender::run();
		$this->assertCount( 3, World::$now->calls );
		$this->assertSame( 0, Ripresa_Queue::count() );
	}

	public function test_nothing_is_lost_while_ripresa_is_away_and_the_waits_grow() {
		new Shop();
		self::queue( 3 );
		World::$now->answers[] = new WP_Error( 'http', 'cURL error 28: timed out' );
		self::answer( 503 );
		self::answer( 404 );
		for ( $try = 0; $try < 3; $try++ ) {
			Ripresa_Sender::run();
			$this->assertSame( 3, Ripresa_Queue::count() );
		}
		$this->assertSame( array( 60, 120, 240 ), array_column( World::$now->jobs, 1 ) );
		$this->assertStringContainsString( 'does not know this address', Ripresa_Sender::state()['trouble'] );
		Ripresa_Sender::run();
		$this->assertSame( 0, Ripresa_Queue::count() );
		$this->assertSame( array( 0, '' ), array( Ripresa_Sender::state()['failures'], Ripresa_Sender::state()['trouble'] ) );
	}

	public function test_a_wait_is_never_longer_than_an_hour_and_never_shorter_than_asked() {
		new Shop();
		self::queue( 1 );
		self::answer( 429, array( 'retry-after' => '600' ) );
		Ripresa_Sender::run();
		for ( $try = 0; $try < 12; $try++ ) {
			self::answer( 500 );
			Ripresa_Sender::run();
		}
		$waits = array_column( World::$now->jobs, 1 );
		$this->assertSame( array( 600, 3600 ), array( $waits[0], max( $waits ) ) );
	}

	public function test_a_later_try_is_not_overtaken_by_every_new_event() {
		$shop = new Shop();
		self::queue( 1 );
		self::answer( 503 );
		Ripresa_Sender::run();
		$shop->request(
			static function ( $cart ) {
				$cart->add_to_cart( 7, 1 );
			}
		);
		$this->assertCount( 1, World::$now->jobs );
	}

	public function test_what_is_too_large_is_halved_and_one_that_never_fits_is_let_go() {
		new Shop();
		self::queue( 4 );
		self::answer( 413 );
		self::answer( 200 );
		self::answer( 413 );
		self::answer( 413 );
		Ripresa_Sender::run();
		$this->assertSame( 0, Ripresa_Queue::count() );
		$this->assertSame( 1, Ripresa_Sender::state()['dropped'] );
	}

	public function test_the_queue_is_bounded_and_what_is_let_go_is_counted() {
		new Shop();
		self::queue( Ripresa_Queue::MOST + 10 );
		$this->assertSame( Ripresa_Queue::MOST, Ripresa_Queue::count() );
		$this->assertSame( 10, Ripresa_Sender::state()['dropped'] );
		$this->assertSame( 'e10', Shop::queued()[0]['id'] );
	}

	public function test_settings_are_made_safe_and_a_secret_is_kept() {
		new Shop();
		$clean = Ripresa_Settings::sanitize(
			array(
				'address' => ' https://r.example/hooks/woocommerce/x ',
				'secret'  => '',
				'text'    => '<b>Remind</b> me',
				'ask'     => 'yes',
			)
		);
		$this->assertSame(
			array(
				'address' => 'https://r.example/hooks/woocommerce/x',
				'secret'  => 's3cret',
				'ask'     => 'yes',
				'text'    => 'Remind me',
				'ask_sms' => 'no',
				'sms_text' => '',
				'members' => 'no',
			),
			$clean
		);
		$kept = Ripresa_Settings::sanitize( array( 'address' => 'http://r.example/' ) );
		$this->assertSame( 'https://ripresa.example/hooks/woocommerce/abc', $kept['address'] );
		$this->assertCount( 1, World::$now->notices );
		$this->assertSame( 'http://127.0.0.1:8000/x', Ripresa_Settings::sanitize( array( 'address' => 'http://127.0.0.1:8000/x' ) )['address'] );
	}
}
