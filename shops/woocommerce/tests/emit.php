<?php
/**
 * What a visit to the shop makes the plugin send, as the HTTP calls it makes: JSON on standard output.
 *
 * @package Ripresa
 */

require_once __DIR__ . '/bootstrap.php';

$ripresa_shop = new Shop( array( 'secret' => (string) getenv( 'SECRET' ), 'ask_sms' => 'yes' ) );
$ripresa_shop->request(
	static function ( $cart ) {
		$cart->add_to_cart( 7, 2 );
		$cart->add_to_cart( 19, 1, 20, array( 'attribute_pa_size' => 'large' ) );
	}
);
$ripresa_shop->page( array( 'checkout' => true ) );
$ripresa_shop->script( array( 'email' => 'ada@example.test', 'consent' => 'granted', 'first_name' => 'Ada' ) );
$ripresa_shop->script( array( 'phone' => '333 123-4567', 'country' => 'IT', 'sms_consent' => 'granted' ) );
$ripresa_shop->page();
$ripresa_shop->script( array( 'email' => 'ada@example.test', 'consent' => 'denied' ) );
World::$now->user = 77;
$ripresa_shop->request(
	static function ( $cart ) {
		$cart->add_to_cart( 7, 1 );
	}
);
$ripresa_shop->request(
	static function ( $cart ) {
		$cart->lines = array();
	}
);
Ripresa_Sender::run();
echo json_encode( World::$now->calls );
