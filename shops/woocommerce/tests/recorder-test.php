<?php
/**
 * Carts and checkouts, as store events.
 *
 * @package Ripresa
 */

use PHPUnit\Framework\TestCase;

class RecorderTest extends TestCase {

	private static function types( array $events ) {
		return array_column( $events, 'type' );
	}

	private static function fill( $quantity = 2 ) {
		return static function ( $cart ) use ( $quantity ) {
			$cart->add_to_cart( 7, $quantity );
		};
	}

	public function test_a_guests_cart_is_told_once_for_each_change() {
		$shop = new Shop();
		$this->assertSame( array(), $shop->request() );
		$events = $shop->request( self::fill() );
		$this->assertSame( array( 'cart.updated' ), self::types( $events ) );
		$this->assertArrayNotHasKey( 'contact', $events[0] );
		$cart = $events[0]['cart'];
		$this->assertMatchesRegularExpression( Ripresa_Recorder::PATTERN, $cart['token'] );
		$this->assertSame( array( 'EUR', '59.80' ), array( $cart['currency'], $cart['total'] ) );
		$this->assertSame(
			array(
				'product_id' => '7',
				'sku'        => 'A1',
				'title'      => 'Barolo – 75 cl',
				'quantity'   => 2,
				'unit_price' => '29.90',
				'url'        => 'https://wines.example/product/7',
				'image_url'  => 'https://wines.example/pictures/3.jpg',
				'categories' => array( 'Wine & more', 'Red' ),
			),
			$cart['items'][0]
		);
		$this->assertSame( array(), $shop->request() );
		$again = $shop->request( self::fill( 1 ) );
		$this->assertSame( 3, $again[0]['cart']['items'][0]['quantity'] );
		$this->assertSame( $cart['token'], $again[0]['cart']['token'] );
		$this->assertNotSame( $events[0]['id'], $again[0]['id'] );
		$this->assertSame( array(), World::$now->logged );
	}

	public function test_a_variation_is_told_with_its_id_and_what_was_chosen() {
		$shop   = new Shop();
		$events = $shop->request(
			static function ( $cart ) {
				$cart->add_to_cart( 19, 1, 20, array( 'attribute_pa_size' => 'large' ) );
			}
		);
		$item   = $events[0]['cart']['items'][0];
		$this->assertSame( array( '19', '20', 'Large' ), array( $item['product_id'], $item['variant_id'], $item['variant'] ) );
	}

	public function test_taking_everything_out_is_told_and_the_same_cart_goes_on() {
		$shop  = new Shop();
		$token = $shop->request( self::fill() )[0]['cart']['token'];
		$gone  = $shop->request(
			static function ( $cart ) {
				$cart->lines = array();
			}
		);
		$this->assertSame( array( 'cart.emptied' ), self::types( $gone ) );
		$this->assertSame( $token, $gone[0]['cart']['token'] );
		$this->assertSame( array(), $shop->request() );
		$this->assertSame( $token, $shop->request( self::fill() )[0]['cart']['token'] );
	}

	public function test_a_cart_that_was_emptied_and_filled_again_in_one_request_has_not_changed() {
		$shop = new Shop();
		$shop->request( self::fill() );
		$events = $shop->request(
			static function ( $cart ) {
				$cart->empty_cart();
				$cart->add_to_cart( 7, 2 );
			}
		);
		$this->assertSame( array(), $events );
	}

	public function test_a_cart_that_was_bought_ends_without_a_word_and_the_next_is_another() {
		$shop  = new Shop();
		$token = $shop->request( self::fill() )[0]['cart']['token'];
		$order = new WC_Order( 9 );
		$sold  = $shop->request(
			static function ( $cart ) use ( $order ) {
				do_action( 'woocommerce_checkout_create_order', $order, array() );
				do_action( 'woocommerce_checkout_order_processed', 9, array(), $order );
				$cart->empty_cart();
			}
		);
		$this->assertSame( array(), $sold );
		$this->assertSame( $token, $order->meta['_ripresa_cart'] );
		$this->assertNotSame( $token, $shop->request( self::fill() )[0]['cart']['token'] );
	}

	public function test_a_cart_paid_elsewhere_is_emptied_later() {
		$shop  = new Shop();
		$token = $shop->request( self::fill() )[0]['cart']['token'];
		$order = new WC_Order( 9 );
		$shop->request(
			static function () use ( $order ) {
				do_action( 'woocommerce_store_api_checkout_update_order_from_request', $order );
				do_action( 'woocommerce_store_api_checkout_order_processed', $order );
			}
		);
		$this->assertSame( $token, $order->meta['_ripresa_cart'] );
		$order->status = 'processing';
		$this->assertSame(
			array(),
			$shop->request(
				static function ( $cart ) {
					$cart->lines = array();
				}
			)
		);
		$this->assertArrayNotHasKey( 'ripresa_cart', $shop->woo->session->data );
	}

	public function test_who_failed_to_pay_and_takes_it_all_out_has_given_it_up() {
		$shop = new Shop();
		$shop->request( self::fill() );
		$order         = new WC_Order( 9 );
		$order->status = 'failed';
		$shop->request(
			static function () use ( $order ) {
				do_action( 'woocommerce_checkout_order_processed', 9, array(), $order );
			}
		);
		$gone = $shop->request(
			static function ( $cart ) {
				$cart->lines = array();
			}
		);
		$this->assertSame( array( 'cart.emptied' ), self::types( $gone ) );
	}

	public function test_to_the_checkout_and_back() {
		$shop = new Shop();
		$this->assertSame( array(), $shop->page( array( 'checkout' => true ) ) );
		$shop->request( self::fill() );
		$this->assertSame( array( 'checkout.started' ), self::types( $shop->page( array( 'checkout' => true ) ) ) );
		$this->assertSame( array(), $shop->page( array( 'checkout' => true ) ) );
		$this->assertSame( array(), $shop->page( array( '404' => true ) ) );
		$this->assertSame( array(), $shop->page( array( 'checkout' => true, 'endpoint' => true ) ) );
		$_SERVER['HTTP_SEC_PURPOSE'] = 'prefetch;prerender';
		$this->assertSame( array(), $shop->page() );
		unset( $_SERVER['HTTP_SEC_PURPOSE'] );
		$this->assertSame( array( 'checkout.left' ), self::types( $shop->page() ) );
		$this->assertSame( array(), $shop->page() );
	}

	public function test_a_customer_is_named_and_keeps_her_cart_across_devices() {
		$shop              = new Shop();
		World::$now->user = 77;
		$shop->woo->customer->email = 'typed-at-the-checkout@example.test';
		$event                      = $shop->request( self::fill() )[0];
		$this->assertSame(
			array(
				'customer_id' => '77',
				'email'       => 'ada@example.test',
				'first_name'  => 'Ada',
				'last_name'   => 'Rossi',
				'locale'      => 'it-IT',
			),
			$event['contact']
		);
		$shop->woo->session->data = array();
		$this->assertSame( $event['cart']['token'], $shop->request( self::fill() )[0]['cart']['token'] );
	}

	public function test_a_customer_is_not_named_where_the_shop_does_not_want_it() {
		$shop              = new Shop( array( 'members' => 'no' ) );
		World::$now->user = 77;
		$this->assertArrayNotHasKey( 'contact', $shop->request( self::fill() )[0] );
	}

	public function test_a_guest_who_logs_in_goes_on_with_the_cart_she_had() {
		$shop                        = new Shop();
		World::$now->usermeta[77]    = array( '_ripresa_cart' => 'wc_' . str_repeat( 'a', 32 ) );
		$guest                       = $shop->request( self::fill() )[0]['cart']['token'];
		World::$now->user            = 77;
		$events                      = $shop->request();
		$this->assertSame( array( 'cart.emptied', 'cart.updated' ), self::types( $events ) );
		$this->assertSame( $guest, $events[0]['cart']['token'] );
		$this->assertSame( 'wc_' . str_repeat( 'a', 32 ), $events[1]['cart']['token'] );
		$this->assertSame( array(), $shop->request() );
	}

	public function test_a_copy_of_a_session_is_another_persons() {
		$shop  = new Shop();
		$token = $shop->request( self::fill() )[0]['cart']['token'];
		$shop->script( array( 'email' => 'ada@example.test', 'consent' => 'granted' ) );
		$shop->woo->session->id = 't_bob';
		$copied                 = $shop->request();
		$this->assertSame( array( 'cart.updated' ), self::types( $copied ) );
		$this->assertNotSame( $token, $copied[0]['cart']['token'] );
		$this->assertNull( ( new Ripresa_Contact( new Ripresa_Recorder() ) )->prefill( null ) );
		$this->assertSame( array(), $shop->request() );
	}

	public function test_a_copy_that_a_signed_in_customer_gets_is_hers_and_nobody_elses() {
		$shop             = new Shop();
		$token            = $shop->request( self::fill() )[0]['cart']['token'];
		$_GET['session']  = 'a token of WooCommerce';
		World::$now->user = 88;
		$events           = $shop->request();
		$this->assertSame( array( 'cart.updated' ), self::types( $events ) );
		$this->assertNotSame( $token, $events[0]['cart']['token'] );
		$this->assertNotSame( $token, World::$now->usermeta[88]['_ripresa_cart'] );
	}

	public function test_a_guest_who_logs_in_keeps_her_cart() {
		$shop             = new Shop();
		$token            = $shop->request( self::fill() )[0]['cart']['token'];
		World::$now->user = 77;
		$this->assertSame( array(), $shop->request() );
		$this->assertSame( $token, World::$now->usermeta[77]['_ripresa_cart'] );
	}

	public function test_trouble_in_here_never_reaches_the_shop() {
		$shop             = new Shop();
		$GLOBALS['wpdb'] = new class() {
			public $prefix = 'wp_';

			public function insert() {
				throw new RuntimeException( 'the table is gone' );
			}

			public function prepare() {}

			public function get_results() {
				return array();
			}
		};
		$this->assertSame( array(), $shop->request( self::fill() ) );
		$this->assertStringContainsString( 'the table is gone', World::$now->logged[0] );
	}

	public function test_a_request_without_a_cart_loads_none() {
		new Shop();
		World::$now->done      = array();
		World::$now->woo->cart = null;
		do_action( 'shutdown' );
		$this->assertSame( array(), World::$now->logged );
	}

	public function test_nothing_is_recorded_before_the_plugin_knows_where_to_send_it() {
		$shop = new Shop( array( 'secret' => '' ) );
		$this->assertSame( array(), $shop->request( self::fill() ) );
	}
}
