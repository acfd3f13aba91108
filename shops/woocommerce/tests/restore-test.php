<?php
/**
 * Links that bring a cart back.
 *
 * @package Ripresa
 */

use PHPUnit\Framework\TestCase;

/** Goes on where the plugin would end the request. */
class Restore extends Ripresa_Restore {
	protected function leave() {}
}

class RestoreTest extends TestCase {

	const TOKEN = 'wc_0123456789abcdef0123456789abcdef';

	private static function link( callable $fill ) {
		$cart = new WC_Cart();
		$fill( $cart );
		return Ripresa_Restore::link( $cart, self::TOKEN );
	}

	private static function follow( $link ) {
		$_GET = array();
		parse_str( (string) parse_url( $link, PHP_URL_QUERY ), $_GET );
		( new Restore() )->follow();
	}

	private static function native() {
		if ( ! class_exists( 'Automattic\WooCommerce\Blocks\Domain\Services\CheckoutLink' ) ) {
			class_alias( 'Restore', 'Automattic\WooCommerce\Blocks\Domain\Services\CheckoutLink' );
		}
	}

	public function test_an_older_woocommerce_is_helped_by_the_plugin() {
		$shop = new Shop();
		if ( class_exists( 'Automattic\WooCommerce\Blocks\Domain\Services\CheckoutLink' ) ) {
			World::$now->options['permalink_structure'] = '';
		}
		$link = self::link(
			static function ( $cart ) {
				$cart->add_to_cart( 7, 2 );
				$cart->add_to_cart( 19, 1, 20, array( 'attribute_pa_size' => 'large' ) );
			}
		);
		$this->assertSame( 'https://wines.example/?ripresa_restore=7:2,20:1&ripresa_cart=' . self::TOKEN, $link );
		$shop->woo->cart->add_to_cart( 7, 9 );
		self::follow( $link . '&coupon=BACK10' );
		$this->assertSame( array( 2, 1 ), array_column( $shop->woo->cart->lines, 'quantity' ) );
		$this->assertSame( array( 'back10' ), $shop->woo->cart->codes );
		$this->assertSame( 'https://wines.example/checkout/', World::$now->redirect );
		$this->assertSame( self::TOKEN, $shop->woo->session->get( 'ripresa_cart' ) );
	}

	public function test_woocommerces_own_links_are_used_where_they_can_tell_it_all() {
		new Shop();
		self::native();
		$link = self::link(
			static function ( $cart ) {
				$cart->add_to_cart( 7, 2 );
			}
		);
		$this->assertSame( 'https://wines.example/checkout-link/?products=7:2&ripresa_cart=' . self::TOKEN, $link );
	}

	public function test_what_was_chosen_of_a_variation_for_any_size_is_in_the_link() {
		$shop = new Shop();
		self::native();
		$link = self::link(
			static function ( $cart ) {
				$cart->add_to_cart( 18, 1, 21, array( 'attribute_pa_size' => 'x-large' ) );
			}
		);
		$this->assertStringStartsWith( 'https://wines.example/?ripresa_restore=21:1', $link );
		self::follow( $link );
		$this->assertSame( 'x-large', array_values( $shop->woo->cart->lines )[0]['variation']['attribute_pa_size'] );
	}

	public function test_what_is_not_sold_any_more_leaves_the_cart_alone() {
		$shop = new Shop();
		$shop->woo->cart->add_to_cart( 7, 1 );
		World::$now->products[20]->data['sold'] = false;
		self::follow( '/?ripresa_restore=20:1,999:1,x:y' );
		$this->assertCount( 1, $shop->woo->cart->lines );
		$this->assertNotEmpty( World::$now->notices );
	}

	public function test_a_link_that_was_passed_on_makes_no_two_people_one() {
		$shop              = new Shop();
		World::$now->user = 77;
		self::follow( '/?ripresa_restore=7:1&ripresa_cart=' . self::TOKEN );
		$this->assertNull( $shop->woo->session->get( 'ripresa_cart' ) );
	}

	public function test_a_made_up_token_is_not_taken() {
		$shop = new Shop();
		self::follow( '/?ripresa_restore=7:1&ripresa_cart=wc_%27%22' );
		$this->assertNull( $shop->woo->session->get( 'ripresa_cart' ) );
	}

	public function test_a_page_without_a_link_is_left_alone() {
		$shop = new Shop();
		self::follow( '/?ripresa_cart=' . self::TOKEN );
		$this->assertNull( $shop->woo->session->get( 'ripresa_cart' ) );
		World::$now->query['checkout-link'] = 'true';
		self::follow( '/?products=7:1&ripresa_cart=' . self::TOKEN );
		$this->assertSame( self::TOKEN, $shop->woo->session->get( 'ripresa_cart' ) );
		$this->assertSame( '', World::$now->redirect );
	}

	public function test_a_link_longer_than_an_address_may_be_is_none() {
		new Shop();
		$link = self::link(
			static function ( $cart ) {
				for ( $id = 100000; $id < 100400; $id++ ) {
					new WC_Product( array( 'id' => $id, 'title' => 'x', 'price' => 1 ) );
					$cart->add_to_cart( $id, 1 );
				}
			}
		);
		$this->assertSame( '', $link );
	}
}
