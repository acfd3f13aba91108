<?php
/**
 * Plugin Name: WooCommerce
 * Version: 10.3.0
 * Description: Stands in for WooCommerce in a real WordPress: as much of it as the plugin touches. For tests alone.
 *
 * @package Ripresa
 */

/** What the cart and the products are kept in, for one request. */
class World {
	/** @var World */
	public static $now;
	public $products = array();
	public $orders   = array();
	public $flags    = array();
	public $notices  = array();
	public $fields   = array();
	public $logged   = array();
	public $woo;
}
World::$now = new World();
require_once getenv( 'RIPRESA_PLUGIN' ) . '/tests/woocommerce.php';
World::$now->woo = (object) array(
	'cart'     => new WC_Cart(),
	'session'  => new WC_Session(),
	'customer' => new WC_Customer(),
);

add_action(
	'plugins_loaded',
	static function () {
		do_action( 'before_woocommerce_init' );
		do_action( 'woocommerce_loaded' );
	},
	-1
);
add_action(
	'init',
	static function () {
		do_action( 'woocommerce_init' );
	},
	0
);
add_action(
	'admin_menu',
	static function () {
		add_menu_page( 'WooCommerce', 'WooCommerce', 'manage_options', 'woocommerce', '__return_null' );
	}
);
add_filter(
	'user_has_cap',
	static function ( $caps ) {
		$caps['manage_woocommerce'] = ! empty( $caps['manage_options'] );
		return $caps;
	}
);
add_action(
	'wp_loaded',
	static function () {
		new WC_Product(
			array(
				'id'    => 7,
				'title' => 'Barolo',
				'price' => 29.9,
			)
		);
		if ( isset( $_GET['add'] ) ) {
			WC()->cart->add_to_cart( 7, 2 );
		}
		do_action( 'woocommerce_cart_loaded_from_session', WC()->cart );
	}
);
