<?php
/**
 * Set up by Ripresa itself, and asked how it fares.
 *
 * @package Ripresa
 */

use PHPUnit\Framework\TestCase;

class ConnectionTest extends TestCase {

	public function test_it_is_set_up_and_keeps_what_the_merchant_chose() {
		new Shop( array( 'address' => '', 'secret' => '', 'ask' => 'no' ) );
		$connection = new Ripresa_Connection();
		$this->assertSame( array( '', '' ), array( $connection->show()['address'], $connection->show()['mark'] ) );
		$told = $connection->change( array( 'address' => 'https://r.example/hooks/woocommerce/x', 'secret' => 'woo' ) );
		$this->assertSame( 'https://r.example/hooks/woocommerce/x', $told['address'] );
		$this->assertSame( 'fa8e74', $told['mark'] );
		$this->assertArrayNotHasKey( 'secret', $told );
		$this->assertTrue( Ripresa_Settings::is_ready() );
		$this->assertSame( 'no', Ripresa_Settings::get( 'ask' ) );
	}

	public function test_an_address_without_encryption_is_refused() {
		new Shop();
		$answer = ( new Ripresa_Connection() )->change( array( 'address' => 'http://r.example/x', 'secret' => 'woo' ) );
		$this->assertTrue( is_wp_error( $answer ) );
		$this->assertSame( 's3cret', Ripresa_Settings::get( 'secret' ) );
	}

	public function test_it_says_how_it_fares() {
		new Shop();
		Ripresa_Queue::put( array( 'id' => 'e1' ) );
		World::$now->answers[] = array( 'status' => 503, 'headers' => array() );
		Ripresa_Sender::run();
		$told = ( new Ripresa_Connection() )->show();
		$this->assertSame( array( 1, 0 ), array( $told['waiting'], $told['dropped'] ) );
		$this->assertStringContainsString( '503', $told['trouble'] );
	}
}
