<?php
/**
 * Nobody's address is told before its owner has said yes.
 *
 * @package Ripresa
 */

use PHPUnit\Framework\TestCase;

class ContactTest extends TestCase {

	private static function shop( array $settings = array() ) {
		$shop = new Shop( $settings );
		$shop->request(
			static function ( $cart ) {
				$cart->add_to_cart( 7, 1 );
			}
		);
		return $shop;
	}

	public function test_an_address_is_told_with_a_yes_and_once() {
		$shop = self::shop();
		$this->assertSame( array(), $shop->script( array( 'email' => 'ada@example.test', 'consent' => 'denied' ) ) );
		$said   = array(
			'email'      => 'Ada@Example.test',
			'consent'    => 'granted',
			'first_name' => 'Ada',
			'last_name'  => '<b>Rossi</b>',
		);
		$events = $shop->script( $said );
		$this->assertCount( 1, $events );
		$this->assertSame( 'contact.identified', $events[0]['type'] );
		$this->assertSame( $shop->woo->session->get( 'ripresa_cart' ), $events[0]['cart']['token'] );
		$this->assertSame(
			array(
				'first_name'     => 'Ada',
				'last_name'      => 'Rossi',
				'email'          => 'ada@example.test',
				'consent'        => array( 'email' => 'granted' ),
				'consent_source' => 'checkout',
				'consent_text'   => 'Remind me by e-mail if I leave my cart behind. I can stop this at any time.',
				'locale'         => 'it-IT',
			),
			$events[0]['contact']
		);
		$this->assertSame( array(), $shop->script( $said ) );
	}

	public function test_a_yes_can_be_taken_back() {
		$shop = self::shop();
		$shop->script( array( 'email' => 'ada@example.test', 'consent' => 'granted' ) );
		$events = $shop->script( array( 'email' => 'ada@example.test', 'consent' => 'denied' ) );
		$this->assertSame( 'consent.changed', $events[0]['type'] );
		$this->assertSame( array( 'email' => 'denied' ), $events[0]['contact']['consent'] );
	}

	public function test_a_call_without_a_nonce_or_with_no_address_tells_nothing() {
		$shop = self::shop();
		$this->assertSame( array(), $shop->script( array( 'email' => 'ada@example.test', 'consent' => 'granted', 'nonce' => 'x' ) ) );
		$this->assertSame( 403, World::$now->json );
		$this->assertSame( array(), $shop->script( array( 'email' => 'ada@', 'consent' => 'granted' ) ) );
		$this->assertSame( 200, World::$now->json );
	}

	public function test_a_session_tells_only_so_many_addresses() {
		$shop = self::shop();
		$told = 0;
		for ( $number = 0; $number < 30; $number++ ) {
			$told += count( $shop->script( array( 'email' => "a$number@example.test", 'consent' => 'granted' ) ) );
		}
		$this->assertSame( Ripresa_Contact::MOST, $told );
	}

	public function test_without_the_script_the_answer_comes_with_the_order() {
		$shop         = self::shop();
		$token        = $shop->woo->session->get( 'ripresa_cart' );
		$order        = new WC_Order( 9 );
		$order->email = 'ada@example.test';
		$_POST        = array( 'ripresa_consent' => '1' );
		$events       = $shop->request(
			static function ( $cart ) use ( $order ) {
				do_action( 'woocommerce_checkout_order_processed', 9, array(), $order );
				$cart->empty_cart();
			}
		);
		$_POST        = array();
		$this->assertSame( array( 'contact.identified' ), array_column( $events, 'type' ) );
		$this->assertSame( $token, $events[0]['cart']['token'] );
	}

	public function test_the_block_checkout_has_a_field_and_its_order_tells_what_it_holds() {
		$shop = self::shop();
		$this->assertSame( 'ripresa/consent', World::$now->fields[0]['id'] );
		$this->assertSame( 'contact', World::$now->fields[0]['location'] );
		$order        = new WC_Order( 9 );
		$order->email = 'ada@example.test';
		$place        = static function ( $ticked ) use ( $shop, $order ) {
			$order->update_meta_data( '_wc_other/ripresa/consent', $ticked );
			return $shop->request(
				static function () use ( $order ) {
					do_action( 'woocommerce_store_api_checkout_order_processed', $order );
				}
			);
		};
		$this->assertSame( array(), $place( '0' ) );
		$this->assertSame( 'contact.identified', $place( '1' )[0]['type'] );
		$this->assertSame( array(), $place( '1' ) );
		$this->assertSame( 'consent.changed', $place( '0' )[0]['type'] );
	}

	public function test_half_an_address_is_not_told_and_a_customer_may_change_her_mind() {
		$shop = self::shop();
		$save = static function ( $key, $value, $holder ) use ( $shop ) {
			return $shop->request(
				static function () use ( $key, $value, $holder ) {
					do_action( 'woocommerce_set_additional_field_value', $key, $value, 'other', $holder );
				}
			);
		};
		$draft        = new WC_Order( 9 );
		$draft->email = 'ada@example.co';
		$this->assertSame( array(), $save( 'ripresa/consent', true, $draft ) );
		$account        = new WC_Customer();
		$account->email = 'ada@example.test';
		$this->assertSame( array(), $save( 'another/field', true, $account ) );
		$this->assertSame( 'contact.identified', $save( 'ripresa/consent', true, $account )[0]['type'] );
		$this->assertSame( 'consent.changed', $save( 'ripresa/consent', false, $account )[0]['type'] );
	}

	public function test_wordpress_can_erase_a_person() {
		$shop = self::shop();
		$shop->script( array( 'email' => 'Ada@example.test', 'consent' => 'granted' ) );
		$shop->script( array( 'email' => 'bob@example.test', 'consent' => 'granted' ) );
		World::$now->usermeta[77] = array( '_ripresa_cart' => 'x', '_ripresa_consent' => 'granted' );
		$privacy                  = new Ripresa_Privacy();
		$erasers                  = $privacy->add_eraser( array() );
		$this->assertSame( 3, call_user_func( $erasers['ripresa']['callback'], 'ada@example.test', 1 )['items_removed'] );
		$this->assertSame( array( 'cart.updated', 'contact.identified' ), array_column( Shop::queued(), 'type' ) );
		$this->assertSame( array(), World::$now->usermeta[77] );
		$this->assertSame( 0, $privacy->erase( '%' )['items_removed'] );
	}

	public function test_a_shop_that_does_not_ask_tells_no_address() {
		$shop = self::shop( array( 'ask' => 'no' ) );
		$this->assertSame( array(), World::$now->fields );
		$this->assertSame( array(), $shop->script( array( 'email' => 'ada@example.test', 'consent' => 'granted' ) ) );
	}
}
